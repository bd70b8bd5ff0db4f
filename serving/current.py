"""The matrix being served: one whole version at a time, changed when another is published."""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from anyio.to_thread import run_sync

from features.errors import BrokenMatrix, NoMatrix, NoModelCard
from models.matrix.files import CARD, CURRENT, current_version, load
from models.matrix.matrix import AllianceMatrix
from models.versions import no_occasion, occasion_dir, version_of

logger = logging.getLogger(__name__)

Stamp = tuple[int, int, int]
"""What changes whenever CURRENT is replaced: its inode, time and size."""


@dataclass(frozen=True)
class _State:
    """What the last look at CURRENT found; replaced whole, never changed."""

    stamp: Stamp | None = None
    matrix: AllianceMatrix | None = None
    refused: str | None = None
    """Why what CURRENT names is not served; None when it is."""


class CurrentMatrix:
    """Hands out the published matrix; a request that keeps what it got never sees two versions.

    Each call looks at CURRENT (one `stat`). When it was replaced, the new version is loaded and
    verified beside the event loop before the call returns. A version that is missing or broken
    is refused: the one served before stays, a sentence is logged, and `refused` has it.
    """

    def __init__(self, matrix_dir: Path) -> None:
        self.matrix_dir = matrix_dir
        self._state = _State()
        self._switching = threading.Lock()
        self._occasions: dict[str, CurrentMatrix] = {}

    async def matrix(self) -> AllianceMatrix:
        """The current version; raises NoMatrix or BrokenMatrix when there is none to serve."""
        state = self._state
        if state.stamp is None or state.stamp != self._stamp():
            state = await run_sync(self._switched)
        if state.matrix is None:
            raise BrokenMatrix(state.refused) if state.stamp else NoMatrix(state.refused)
        return state.matrix

    def folder_of(self, matrix: AllianceMatrix) -> Path:
        """Where the matrix lies, and what was published beside it."""
        return self.matrix_dir / matrix.manifest.version

    def card_of(self, matrix: AllianceMatrix) -> str:
        """The page about the model that made the matrix; raises NoModelCard when there is none."""
        version = matrix.manifest.version
        try:
            return (self.folder_of(matrix) / CARD).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise NoModelCard(
                f"The matrix {version} was published without a model card. Run 'alliance train' "
                "and 'alliance score' again."
            ) from None

    def on(self, key: str) -> "CurrentMatrix":
        """The forecasts for a later day or a campaign; raises NoOccasion where there are none."""
        if key not in self._occasions:
            folder = occasion_dir(self.matrix_dir, key)
            if not (folder / CURRENT).exists():
                raise no_occasion(self.matrix_dir, key)
            self._occasions[key] = CurrentMatrix(folder)
        return self._occasions[key]

    def version(self, name: str) -> AllianceMatrix:
        """A kept version by name, or `previous`; raises WrongInput when there is none."""
        return version_of(self.matrix_dir, name)

    @property
    def refused(self) -> str | None:
        """Why a newer version is not served, as a sentence; None when all is well."""
        return self._state.refused

    def _switched(self) -> _State:
        """Bring the state up to date with CURRENT; one thread does, the others wait for it."""
        with self._switching:
            while self._state.stamp is None or self._state.stamp != self._stamp():
                before = self._stamp()
                self._state = self._looked(before)
                if before is None:
                    break
            return self._state

    def _looked(self, stamp: Stamp | None) -> _State:
        served = self._state.matrix
        try:
            version = current_version(self.matrix_dir)
            if served is None or served.manifest.version != version:
                served = load(self.matrix_dir / version).warmed()
                logger.info("Serving the matrix %s.", version)
            return _State(stamp, served)
        except (NoMatrix, BrokenMatrix) as error:
            refused = str(error)
        if refused != self._state.refused:
            still = f"Still serving {served.manifest.version}." if served else "Nothing to serve."
            logger.warning("%s %s", refused, still)
        return _State(stamp, served, refused)

    def _stamp(self) -> Stamp | None:
        try:
            found = (self.matrix_dir / CURRENT).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size
