"""The trained models of every target and of collaborations together, and where they came from."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any, Final, Self

from features.errors import NotReady
from models.collaboration.predictor import CollaborationPredictor
from models.prediction import Predictor, Target
from models.predictors.calibrated import CalibratedPredictor

MANIFEST: Final = "manifest.json"
CHECKSUMS: Final = "checksums.json"
COLLABORATION: Final = "collaboration"
LIBRARIES: Final = ("numpy", "scipy", "lightgbm", "pandas")


@dataclass(frozen=True)
class AllianceModel:
    """One calibrated predictor a target; a target the source cannot support has none.

    `manifest` has at least feature_names and targets (target -> predictor name); what else a
    training tells of itself is in `pipelines.model_manifest`.
    """

    manifest: Mapping[str, Any]
    predictors: Mapping[Target, Predictor]
    collaboration: CollaborationPredictor | None = None
    """Where there were collaborations to learn from. The manifest's `collaboration` tells of them,
    with a `rule` where they are ranked by one and nothing was learned."""

    @classmethod
    def of(
        cls,
        predictors: Mapping[Target, CalibratedPredictor],
        *,
        as_of: date,
        data_fingerprint: str,
        settings: Mapping[str, Any],
        missing_inputs: Sequence[str] = (),
    ) -> Self:
        """A model of fitted predictors; all must have learned from the same features."""
        names = {predictor.feature_names_ for predictor in predictors.values()}
        if len(names) > 1:
            raise ValueError("The predictors of one model must share their feature names.")
        manifest = {
            "feature_names": list(next(iter(names), ())),
            "targets": {target.value: predictor.name for target, predictor in predictors.items()},
            "as_of": as_of.isoformat(),
            "data_fingerprint": data_fingerprint,
            "settings": dict(settings),
            "missing_inputs": list(missing_inputs),
            "library_versions": {"python": python_version()}
            | {library: version(library) for library in LIBRARIES},
        }
        return cls(manifest, dict(predictors))

    @property
    def feature_names(self) -> tuple[str, ...]:
        return tuple(self.manifest["feature_names"])

    def predictor(self, target: Target) -> Predictor | None:
        """The target's predictor; None where the source could not support one."""
        return self.predictors.get(target)

    def save(self, folder: Path) -> str:
        """Write manifest, predictors and checksums; returns the fingerprint of the files."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.manifest, indent=1, sort_keys=True, ensure_ascii=False)
        (folder / MANIFEST).write_text(text, encoding="utf-8")
        for target, predictor in self.predictors.items():
            predictor.save(folder / target.value)
        if self.collaboration is not None:
            self.collaboration.save(folder / COLLABORATION)
        sums = checksums(folder, self._files(folder))
        (folder / CHECKSUMS).write_text(json.dumps(sums, indent=1, sort_keys=True))
        return fingerprint(folder)

    def _files(self, folder: Path) -> list[Path]:
        saved = [folder / MANIFEST]
        learned = [target.value for target in self.predictors]
        if self.collaboration is not None:
            learned.append(COLLABORATION)
        for name in learned:
            saved += [path for path in (folder / name).iterdir() if path.is_file()]
        return saved

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote. NotReady when a file is absent or was changed since."""
        from models.predictors.registry import PREDICTORS

        if not (folder / CHECKSUMS).is_file():
            raise NotReady(f"No complete model in {folder}: {CHECKSUMS} is absent. Train again.")
        expected: dict[str, str] = json.loads((folder / CHECKSUMS).read_text())
        wrong = [
            name
            for name, digest in expected.items()
            if not (folder / name).is_file() or _digest(folder / name) != digest
        ]
        if wrong:
            raise NotReady(
                f"The model in {folder} was changed or is incomplete: {', '.join(sorted(wrong))}. "
                "Train again, or restore the files."
            )
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        predictors = {
            Target(target): PREDICTORS[name].load(folder / target)
            for target, name in manifest["targets"].items()
        }
        collaboration = None
        told = manifest.get(COLLABORATION)
        if told and not told.get("rule"):
            collaboration = CollaborationPredictor.load(folder / COLLABORATION)
        return cls(manifest, predictors, collaboration)


def checksums(folder: Path, files: Sequence[Path]) -> dict[str, str]:
    """SHA-256 by path below the folder, of the files given."""
    return {path.relative_to(folder).as_posix(): _digest(path) for path in sorted(files)}


def fingerprint(folder: Path) -> str:
    """SHA-256 over a saved model's checksums: equal models have equal fingerprints."""
    return _digest(folder / CHECKSUMS)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
