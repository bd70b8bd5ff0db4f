"""Publishing: a matrix becomes the current version whole, or not at all."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from features.errors import BrokenMatrix
from models.concentration import Concentration
from models.concentration.published import CONCENTRATION, write
from models.matrix.files import CARD, CURRENT, MANIFEST, flush, load, save, write_text
from models.matrix.matrix import AllianceMatrix
from models.versions import PAST, versions

KEPT = 3
PAST_KEPT = 100
"""Versions no longer served whose forecasts can still be compared with what happened."""
BUILDING = ".building-"


def publish(
    matrix: AllianceMatrix,
    matrix_dir: Path,
    keep: int = KEPT,
    card: Path | None = None,
    shared_out: Concentration | None = None,
) -> str:
    """Save the matrix as a version of its own and make it the current one; returns the version.

    A copy of `card`, the page about the model that made it, lies beside it, and its concentration
    (`shared_out`) where that was told.

    It is built in a folder of another name, flushed to the disk and renamed, and CURRENT is
    replaced last, so a reader sees the old version or the new one. A version that is there
    already and sound is kept as it is. Of the versions the `keep` last published stay; of older
    ones what `alliance evaluate --since` reads lies in `past/`. Publishers wait for each other.
    """
    matrix_dir.mkdir(parents=True, exist_ok=True)
    with _alone(matrix_dir):
        building = Path(tempfile.mkdtemp(prefix=BUILDING, dir=matrix_dir))
        version = save(matrix, building / "matrix").version
        if card is not None:
            shutil.copyfile(card, building / "matrix" / CARD)
            flush(building / "matrix" / CARD)
        if shared_out is not None:
            flush(write(shared_out, version, building / "matrix"))
        _put(building / "matrix", matrix_dir / version)
        _point(matrix_dir, version)
        _prune(matrix_dir, keep)
    return version


def _put(built: Path, folder: Path) -> None:
    if folder.exists() and _is_sound(folder):
        for beside in (CARD, CONCENTRATION):  # the model may have been trained again
            if (built / beside).exists():
                (built / beside).replace(folder / beside)
        os.utime(folder / MANIFEST)  # published again: now the latest
        return
    if folder.exists():
        folder.rename(built.parent / "broken")
    built.rename(folder)
    flush(folder.parent)


def _is_sound(folder: Path) -> bool:
    try:
        load(folder)
    except BrokenMatrix:
        return False
    return True


def _point(matrix_dir: Path, version: str) -> None:
    pointer = matrix_dir / f"{BUILDING}{CURRENT}"
    write_text(pointer, version)
    flush(pointer)
    pointer.replace(matrix_dir / CURRENT)
    flush(matrix_dir)


def _prune(matrix_dir: Path, keep: int) -> None:
    past = matrix_dir / PAST
    for version in versions(matrix_dir)[max(keep, 1) :]:
        past.mkdir(exist_ok=True)
        shutil.rmtree(past / version, ignore_errors=True)
        (matrix_dir / version).rename(past / version)
        for column in (past / version).glob("*.npy"):  # matrix.parquet has them all
            column.unlink()
    for version in versions(past)[PAST_KEPT:]:
        shutil.rmtree(past / version)


def _clear_half_built(matrix_dir: Path) -> None:
    """Remove what this publisher or one that died has left; the lock keeps others out."""
    for left in matrix_dir.glob(f"{BUILDING}*"):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


@contextmanager
def _alone(matrix_dir: Path) -> Iterator[None]:
    with (matrix_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _clear_half_built(matrix_dir)
        try:
            yield
        finally:
            _clear_half_built(matrix_dir)
