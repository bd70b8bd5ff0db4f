"""What the features say beyond the start: trees, and beside them a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import lightgbm
import numpy as np
import numpy.typing as npt

from models.prediction import Floats, PairRows
from models.predictors.known import never_sold
from models.predictors.line import Line

LINE_COUNTS: Final = 0.35
LINE_COUNTS_UNSOLD: Final = 0.1
"""Of what is said, the line's part; trees have the rest. Of pairs without a sale what is known
differs in kind rather than in degree, and trees tell more. Chosen on five splits of Complete
Journey's weeks before those reported."""


@dataclass(frozen=True)
class Beyond:
    """The mean of trees of one kind or several unlike ones, each grown alone, and of a line.

    All are on the link scale and are added to the same start.
    """

    trees: tuple[lightgbm.Booster, ...]
    line: Line | None = None

    def say(self, rows: PairRows, num_threads: int) -> Floats:
        """What is added to each row's start, (n,)."""
        of_trees = self._mean(rows, raw_score=True, num_threads=num_threads)
        if self.line is None:
            return of_trees
        counts = _line_counts(rows)
        return (1 - counts) * of_trees + counts * self.line.say(rows.features)

    def contributions(self, rows: PairRows, num_threads: int) -> Floats:
        """What each feature adds to that, (n, features + 1), the base last."""
        added = self._mean(rows, pred_contrib=True, num_threads=num_threads)
        if self.line is not None:
            counts = _line_counts(rows)
            added *= (1 - counts)[:, None]
            self.line.add_contributions(rows.features, counts, added)
        return added

    def _mean(self, rows: PairRows, **how: Any) -> Floats:
        """Of what the kinds of trees predict; one at a time: contributions are wide tables."""
        told = np.array(self.trees[0].predict(rows.features, **how), dtype=float)
        for kind in self.trees[1:]:
            told += np.asarray(kind.predict(rows.features, **how))
        told /= len(self.trees)
        return told

    def importance(self, kind: str) -> npt.NDArray[np.float64]:
        """`gain` or `split` of each feature in all the trees, (features,); the line has neither."""
        return np.sum([trees.feature_importance(kind) for trees in self.trees], axis=0, dtype=float)

    def save(self, folder: Path) -> None:
        """Write the trees, a text file a kind: trees.txt, trees-2.txt and so on."""
        for at, trees in enumerate(self.trees):
            (folder / _file(at)).write_text(trees.model_to_string(), encoding="utf-8")

    def as_json(self) -> dict[str, Any]:
        """All but the trees."""
        line = None if self.line is None else self.line.as_json()
        return {"kinds": len(self.trees), "line": line}

    @classmethod
    def load(cls, folder: Path, read: Mapping[str, Any]) -> Self:
        """What `save` and `as_json` gave."""
        texts = [(folder / _file(at)).read_text(encoding="utf-8") for at in range(read["kinds"])]
        line = None if read["line"] is None else Line.from_json(read["line"])
        return cls(tuple(lightgbm.Booster(model_str=text) for text in texts), line)


def _file(at: int) -> str:
    return "trees.txt" if at == 0 else f"trees-{at + 1}.txt"


def _line_counts(rows: PairRows) -> Floats:
    return np.where(never_sold(rows), LINE_COUNTS_UNSOLD, LINE_COUNTS)
