"""Files of a matrix: one `.npy` a column to map into memory, Parquet for others, checksums."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from features.errors import BrokenMatrix, NoMatrix
from models.matrix.columns import (
    BRAND_COLUMNS,
    COLUMNS,
    CREATOR_COLUMNS,
    OFFER_COLUMNS,
    PRODUCT_COLUMNS,
)
from models.matrix.manifest import FORMAT, Manifest
from models.matrix.matrix import AllianceMatrix
from models.matrix.offers import Offers

CURRENT = "CURRENT"
CARD = "model-card.html"
"""The card of the model that made the forecasts, where it was published with them."""
MANIFEST = "manifest.json"
FRAMES = {
    "brands": BRAND_COLUMNS,
    "creators": CREATOR_COLUMNS,
    "products": PRODUCT_COLUMNS,
}
FILES = (
    *(f"{name}.npy" for name in COLUMNS),
    "brand_offsets.npy",
    "audience.npy",
    "buyers.npy",
    *(f"{name}.parquet" for name in FRAMES),
    "texts.json",
    "matrix.parquet",
)
OFFERS = "offers."
"""How the names of the files of offers begin."""
OFFER_FILES = tuple(f"{OFFERS}{name}.npy" for name in ("start", "product", *OFFER_COLUMNS))
"""There only in a matrix that has offers."""
ROWS_AT_A_TIME = 500_000
AGAIN = "Run 'alliance score' again."


def save(matrix: AllianceMatrix, folder: Path) -> Manifest:
    """Write the matrix into a new folder, the manifest last; returns it with its version.

    The bytes of every file but the manifest follow from the content alone. Every file is
    flushed to the disk. Raises FileExistsError when the folder is there already.
    """
    folder.mkdir(parents=True)
    for name in COLUMNS:
        np.save(folder / f"{name}.npy", np.ascontiguousarray(matrix.columns[name]))
    for name in ("brand_offsets", "audience", "buyers"):
        np.save(folder / f"{name}.npy", getattr(matrix, name))
    if matrix.offers is not None:
        _save_offers(matrix.offers, folder)
    for name in FRAMES:
        getattr(matrix, name).to_parquet(folder / f"{name}.parquet", index=False)
    write_text(folder / "texts.json", json.dumps(matrix.texts, ensure_ascii=False))
    write_parquet(matrix, folder / "matrix.parquet")
    manifest = matrix.manifest.with_content(
        {name: sha256(folder / name) for name in files_of(matrix.manifest)}
    )
    write_text(folder / MANIFEST, manifest.model_dump_json(indent=2))
    for path in folder.iterdir():
        flush(path)
    flush(folder)
    return manifest


def load(folder: Path, verify: bool = True) -> AllianceMatrix:
    """The matrix of that folder, its columns mapped into memory.

    With `verify` every byte is read once and held against the checksums; without, only that
    files are there and their shapes fit. Raises BrokenMatrix, naming the file.
    """
    manifest = _manifest(folder)
    _refuse_missing(folder, manifest)
    if verify:
        _refuse_changed(folder, manifest)
    columns = {name: _array(folder, name, (manifest.rows,)) for name in COLUMNS}
    offsets = _array(folder, "brand_offsets", (manifest.brands + 1,))
    groups = len(manifest.audience_groups)
    frames = {name: _frame(folder, name) for name in FRAMES}
    for name, rows in (("brands", manifest.brands), ("creators", manifest.creators)):
        if len(frames[name]) != rows:
            raise _broken(folder, f"{name}.parquet", f"has {len(frames[name])} rows, not {rows}")
    if int(offsets[0]) != 0 or int(offsets[-1]) != manifest.rows:
        raise _broken(folder, "brand_offsets.npy", f"does not span the {manifest.rows} rows")
    return AllianceMatrix(
        columns,
        _texts(folder),
        **frames,
        brand_offsets=offsets,
        audience=_array(folder, "audience", (manifest.creators, groups)),
        buyers=_array(folder, "buyers", (manifest.brands, groups)),
        manifest=manifest,
        offers=None if manifest.offers is None else _offers(folder, manifest.rows, manifest.offers),
    )


def files_of(manifest: Manifest) -> tuple[str, ...]:
    """Every file of a matrix with this manifest, but the manifest."""
    return FILES if manifest.offers is None else (*FILES, *OFFER_FILES)


def current_version(matrix_dir: Path) -> str:
    """The version that CURRENT names; raises NoMatrix when nothing was published."""
    try:
        version = (matrix_dir / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise NoMatrix(
            f"No matrix was published in {matrix_dir} yet. Run 'alliance score' "
            "(after 'alliance ingest' and 'alliance train')."
        ) from None
    if not version or version != Path(version).name:
        raise BrokenMatrix(f"{matrix_dir / CURRENT} does not name a version. {AGAIN}")
    return version


def current(matrix_dir: Path, verify: bool = True) -> AllianceMatrix:
    """The published matrix; raises NoMatrix or BrokenMatrix."""
    return load(matrix_dir / current_version(matrix_dir), verify)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Have the system put this file (or this folder's list of names) on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")


def write_parquet(matrix: AllianceMatrix, path: Path) -> None:
    """All rows with ids and words spelled out, a part at a time so that memory stays small."""
    schema = pa.Schema.from_pandas(matrix.frame(slice(0, 0)), preserve_index=False)
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, len(matrix), ROWS_AT_A_TIME):
            part = matrix.frame(slice(start, start + ROWS_AT_A_TIME))
            writer.write_table(pa.Table.from_pandas(part, schema, preserve_index=False))


def _broken(folder: Path, file: str, what: str) -> BrokenMatrix:
    return BrokenMatrix(f"The matrix {folder.name} is broken: {file} {what}. {AGAIN}")


def _manifest(folder: Path) -> Manifest:
    if not folder.is_dir():
        raise BrokenMatrix(f"The matrix {folder.name} is not in {folder.parent}. {AGAIN}")
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise _broken(folder, MANIFEST, "is missing, so it was only half written") from None
    except ValidationError:
        raise _broken(folder, MANIFEST, "cannot be read") from None
    if manifest.format != FORMAT:
        raise _broken(folder, MANIFEST, f"is of format {manifest.format}, not {FORMAT}")
    return manifest


def _refuse_missing(folder: Path, manifest: Manifest) -> None:
    for name in files_of(manifest):
        if not (folder / name).is_file():
            raise _broken(folder, name, "is missing")


def _refuse_changed(folder: Path, manifest: Manifest) -> None:
    for name in files_of(manifest):
        if sha256(folder / name) != manifest.checksums.get(name):
            raise _broken(folder, name, "does not match its checksum")
    if manifest.with_content(manifest.checksums).version != manifest.version:
        raise _broken(folder, MANIFEST, "was changed after it was written")


def _save_offers(offers: Offers, folder: Path) -> None:
    """A column of which nothing is known is stored as one number."""
    np.save(folder / f"{OFFERS}start.npy", offers.start)
    np.save(folder / f"{OFFERS}product.npy", offers.product)
    for name in OFFER_COLUMNS:
        column = offers.columns[name]
        one_for_all = len(column) > 1 and column.strides == (0,)
        np.save(folder / f"{OFFERS}{name}.npy", column[:1] if one_for_all else column)


def _offers(folder: Path, rows: int, offers: int) -> Offers:
    start = _array(folder, f"{OFFERS}start", (rows + 1,))
    if int(start[0]) != 0 or int(start[-1]) != offers:
        raise _broken(folder, f"{OFFERS}start.npy", f"does not span the {offers} offers")
    columns = {name: _array(folder, OFFERS + name, (offers,), (1,)) for name in OFFER_COLUMNS}
    for name, column in columns.items():
        if column.shape != (offers,):
            columns[name] = np.broadcast_to(column, (offers,))
    return Offers(start, _array(folder, f"{OFFERS}product", (offers,)), columns)


def _array(folder: Path, name: str, *shapes: tuple[int, ...]) -> npt.NDArray[Any]:
    file = f"{name}.npy"
    try:
        array: npt.NDArray[Any] = np.load(folder / file, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise _broken(folder, file, f"cannot be read ({error})") from None
    if array.shape not in shapes:
        raise _broken(folder, file, f"has shape {array.shape}, not {shapes[0]}")
    return np.asarray(array)  # still mapped, without what a memmap costs at each access


def _frame(folder: Path, name: str) -> pd.DataFrame:
    file = f"{name}.parquet"
    try:
        frame = pd.read_parquet(folder / file)
    except (pa.ArrowInvalid, OSError) as error:
        raise _broken(folder, file, f"cannot be read ({error})") from None
    if tuple(frame.columns) != FRAMES[name]:
        raise _broken(folder, file, f"has the columns {', '.join(frame.columns)}")
    return frame


def _texts(folder: Path) -> Mapping[str, tuple[str, ...]]:
    try:
        texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
        return {str(name): tuple(values) for name, values in texts.items()}
    except (ValueError, AttributeError):
        raise _broken(folder, "texts.json", "cannot be read") from None
