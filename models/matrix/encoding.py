"""How columns of the matrix are stored: positions, codes into words, and small numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[Any]


def keyed_frame(
    frame: pd.DataFrame, names: Sequence[str], numbers: Sequence[str] = ()
) -> pd.DataFrame:
    """These columns as text (or numbers), sorted by the first, which must be unique.

    The first may be the frame's index; a column that is not there is null.
    """
    key = names[0]
    if key not in frame.columns:
        frame = frame.rename_axis(index=key).reset_index()
    if frame[key].duplicated().any():
        raise ValueError(f"{key} occurs twice: {frame.loc[frame[key].duplicated(), key].iloc[0]!r}")
    kept = {}
    for name in names:
        given = frame[name] if name in frame.columns else pd.Series(None, frame.index, dtype=object)
        kept[name] = given.astype("float64" if name in numbers else "str")
    return pd.DataFrame(kept).sort_values(key, ignore_index=True)


def positions(values: Any, ids: "pd.Series[str]") -> npt.NDArray[np.int32]:
    """Where each id stands in `ids`, -1 for a missing one; ValueError for one that is not there."""
    given = pd.Series(values).reset_index(drop=True).astype("category")
    given = given.cat.rename_categories([str(c) for c in given.cat.categories])
    found = given.cat.set_categories(ids).cat.codes.to_numpy(np.int32)
    lost = (found < 0) & given.notna().to_numpy()
    if lost.any():
        raise ValueError(f"{ids.name} {given[lost].iloc[0]!r} is not among the {ids.name}s given")
    return np.asarray(found, np.int32)


def codes(values: Any) -> tuple[Array, tuple[str, ...]]:
    """Codes in the smallest integer that holds them, and the sorted words that really occur."""
    given = pd.Series(values).reset_index(drop=True).astype("category")
    found = sorted(given.cat.remove_unused_categories().cat.categories)
    kind = np.int8 if len(found) < 128 else np.int16 if len(found) < 32_768 else np.int32
    coded = given.cat.set_categories(found).cat.codes.to_numpy()
    return coded.astype(kind), tuple(str(word) for word in found)


def numbers(values: Any) -> npt.NDArray[np.float32]:
    """As float32; what is missing or not finite is nan."""
    stored = pd.Series(values).to_numpy(np.float32, na_value=np.nan)
    return np.where(np.isfinite(stored), stored, np.float32(np.nan))


def flags(values: Any) -> npt.NDArray[np.bool_]:
    return np.asarray(values).astype(bool)


def categorical(coded: Array, words: "Sequence[str] | pd.Series[str]") -> pd.Categorical:
    """Codes spelled out, without a copy of each word."""
    return pd.Categorical.from_codes(coded.astype(np.int64), pd.Index(list(words), dtype="str"))


def repeated(word: str | None, n: int) -> pd.Categorical:
    """The same word n times (None = unknown), without n copies of it."""
    words = [] if word is None else [word]
    return categorical(np.full(n, len(words) - 1), words)


def objects(column: "pd.Series[Any]") -> npt.NDArray[Any]:
    """The column as plain Python values, None where unknown."""
    return column.astype(object).where(column.notna(), None).to_numpy(object)
