"""Alliance matrix: what each creator would sell for each brand, and how sure we are."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.audience import AUDIENCE, BUYERS, shared_groups
from features.errors import UnknownBrand
from models.close_names import close_ids
from models.matrix.columns import (
    BRAND_COLUMNS,
    BRAND_NUMBERS,
    COLUMNS,
    CREATOR_COLUMNS,
    CREATOR_NUMBERS,
    CREATOR_TEXTS,
    NUMBERS,
    PRODUCT_COLUMNS,
    PRODUCT_NUMBERS,
    PRODUCT_TEXTS,
    TEXTS,
)
from models.matrix.encoding import (
    categorical,
    codes,
    flags,
    keyed_frame,
    numbers,
    objects,
    positions,
    repeated,
)
from models.matrix.manifest import Manifest
from models.matrix.offers import OfferParts, Offers

Shares = npt.NDArray[np.float32]

NO_VALUE = "no pair of this run has a value"

SOME = 3
"""Brands named to one who asks for a brand that is like none."""


@dataclass(frozen=True)
class AllianceMatrix:
    """Rows of brand x creator, grouped by brand, creators in the order of their ids.

    `columns` holds arrays of equal length: numbers (float32), `extrapolated` (bool), codes into
    `texts`, and the positions `brand_id`, `creator_id`, `best_product_id` into the three frames
    (-1 = none). One brand is one contiguous slice, so reading it touches only that slice of
    memory-mapped files. `audience` and `buyers` are shares of the groups of
    `audience_groups`, nan where unknown. Make one with `build_matrix`.
    """

    columns: Mapping[str, npt.NDArray[Any]]
    texts: Mapping[str, tuple[str, ...]]
    brands: pd.DataFrame
    creators: pd.DataFrame
    products: pd.DataFrame
    brand_offsets: npt.NDArray[np.int64]
    audience: Shares
    """(creators, groups) of each creator's audience."""
    buyers: Shares
    """(brands, groups) of each brand's buyers."""
    manifest: Manifest
    offers: Offers | None = None
    """Each product with each creator; None where there are too many (a note says so)."""

    def __len__(self) -> int:
        return len(self.columns["creator_id"])

    @property
    def audience_groups(self) -> tuple[str, ...]:
        """The groups that `audience` and `buyers` are shares of, in their order."""
        return self.manifest.audience_groups

    @cached_property
    def brand_positions(self) -> dict[str, int]:
        return {brand: position for position, brand in enumerate(self.brands["brand_id"])}

    def brand_position(self, brand_id: str) -> int:
        """Where the brand stands in `brands`; UnknownBrand with close matches when it is not."""
        position = self.brand_positions.get(brand_id)
        if position is None:
            raise self._unknown(brand_id)
        return position

    def brand_rows(self, brand_id: str) -> slice:
        """The brand's rows, as one slice; raises UnknownBrand."""
        position = self.brand_position(brand_id)
        return slice(int(self.brand_offsets[position]), int(self.brand_offsets[position + 1]))

    def text(self, name: str, row: int) -> str | None:
        code = int(self.columns[name][row])
        return None if code < 0 else self.texts[name][code]

    @cached_property
    def creator_values(self) -> dict[str, npt.NDArray[Any]]:
        """Creators' columns as arrays: texts as objects (None = unknown), numbers as floats."""
        values = {name: objects(self.creators[name]) for name in CREATOR_TEXTS}
        return values | {name: self.creators[name].to_numpy(float) for name in CREATOR_NUMBERS}

    @cached_property
    def creator_groups(self) -> dict[str, tuple[npt.NDArray[np.intp], list[str]]]:
        """For each text column of the creators a code per creator (-1 = unknown), and values."""
        groups = {}
        for name in CREATOR_TEXTS[2:]:
            codes, values = pd.factorize(self.creators[name], sort=True)
            groups[name] = (codes, [str(value) for value in values])
        return groups

    @cached_property
    def product_values(self) -> dict[str, npt.NDArray[Any]]:
        return {name: objects(self.products[name]) for name in PRODUCT_TEXTS}

    def warmed(self) -> Self:
        """The same matrix with everything derived already computed, so that reads are quick."""
        _ = self.brand_positions, self.creator_values, self.creator_groups, self.product_values
        return self

    def frame(self, rows: slice | None = None) -> pd.DataFrame:
        """These rows (all when None) with ids and words spelled out, columns as in `COLUMNS`."""
        rows = rows or slice(None)
        return pd.DataFrame({name: self._spelled(name, rows) for name in COLUMNS})

    def _spelled(self, name: str, rows: slice) -> Any:
        values = self.columns[name][rows]
        if name in TEXTS:
            return categorical(values, self.texts[name])
        ids = {
            "brand_id": self.brands,
            "creator_id": self.creators,
            "best_product_id": self.products,
        }
        if name not in ids:
            return values
        key = name.removeprefix("best_")
        return categorical(values, ids[name][key])

    def _unknown(self, brand_id: str) -> UnknownBrand:
        names = dict(zip(self.brands["brand_id"], self.brands["name"], strict=True))
        close = close_ids(brand_id, names)
        sentence = (
            f"no brand '{brand_id}' in the matrix of {self.manifest.as_of} "
            f"({len(self.brands)} brands)."
        )
        told = close or list(names)[:SOME]
        shown = [f"'{b}' ({names[b]})" if isinstance(names[b], str) else f"'{b}'" for b in told]
        if shown:
            sentence += f" {'Close' if close else 'None is close; some'}: {', '.join(shown)}."
        return UnknownBrand(sentence + " Run 'alliance score' after adding a brand.", close)


def build_matrix(
    columns: Mapping[str, Any] | pd.DataFrame,
    brands: pd.DataFrame,
    creators: pd.DataFrame,
    manifest: Manifest,
    products: pd.DataFrame | None = None,
    offers: OfferParts | None = None,
) -> AllianceMatrix:
    """The matrix of these rows, in any order; the same rows always give the same matrix.

    `columns` are named as in `COLUMNS` with ids and words as strings or categoricals (cheaper);
    a column left out is null. The frames may carry their ids as a column or as the index, and
    more columns than are kept; those of creators named audience_<group> and of brands named
    buyer_<group> become `audience` and `buyers`, but not the crowds that bought a brand. `offers`
    are of the same pairs in the same order as `columns`. A column without any value gets its
    reason from `manifest.null_columns`.
    Raises ValueError on unknown columns, on ids missing from the frames and on a pair given twice.
    """
    unknown = sorted({str(name) for name in columns} - set(COLUMNS))
    if unknown:
        raise ValueError(f"the matrix has no column {', '.join(unknown)}")
    given = {AUDIENCE: creators, BUYERS: brands}
    groups = tuple(
        sorted(set.union(*(shared_groups(frame, side) for side, frame in given.items())))
    )
    brands = keyed_frame(brands, BRAND_COLUMNS, BRAND_NUMBERS)
    creators = keyed_frame(creators, CREATOR_COLUMNS, CREATOR_NUMBERS)
    if products is None:
        products = pd.DataFrame({"product_id": _named(columns.get("best_product_id"))})
    products = keyed_frame(products, PRODUCT_COLUMNS, PRODUCT_NUMBERS)
    texts: dict[str, tuple[str, ...]] = {}
    built: dict[str, npt.NDArray[Any]] = {
        "brand_id": positions(columns["brand_id"], brands["brand_id"]),
        "creator_id": positions(columns["creator_id"], creators["creator_id"]),
    }
    order = np.lexsort((built["creator_id"], built["brand_id"]))
    _refuse_bad_keys(built["brand_id"][order], built["creator_id"][order])

    def words(name: str, otherwise: str | None = None) -> Any:
        column = columns.get(name)
        return repeated(otherwise, len(order)) if column is None else column

    built["best_product_id"] = positions(words("best_product_id"), products["product_id"])
    for name in TEXTS:
        known = manifest.conversion_denominator if name == "conversion_denominator" else None
        built[name], texts[name] = codes(words(name, known))
    for name in NUMBERS:
        column = columns.get(name)
        built[name] = numbers(np.full(len(order), np.nan) if column is None else column)
    beyond = columns.get("extrapolated")
    built["extrapolated"] = np.zeros(len(order), bool) if beyond is None else flags(beyond)
    built = {name: built[name][order] for name in COLUMNS}
    offsets = np.searchsorted(built["brand_id"], np.arange(len(brands) + 1)).astype(np.int64)
    told = manifest.model_copy(
        update={
            "rows": len(order),
            "brands": len(brands),
            "creators": len(creators),
            "offers": None if offers is None else len(offers.product_id),
            "audience_groups": groups,
            "null_columns": _null_columns(built, manifest.null_columns),
        }
    )
    return AllianceMatrix(
        built,
        texts,
        brands,
        creators,
        products,
        offsets,
        audience=_shares(given[AUDIENCE], AUDIENCE, groups, creators["creator_id"]),
        buyers=_shares(given[BUYERS], BUYERS, groups, brands["brand_id"]),
        manifest=told,
        offers=None if offers is None else offers.placed(order, products["product_id"]),
    )


def _shares(
    frame: pd.DataFrame, prefix: str, groups: tuple[str, ...], ids: "pd.Series[str]"
) -> Shares:
    """(ids, groups): the frame's shares in the order of the ids; nan for a group it has not."""
    key = str(ids.name)
    keyed = frame.set_index(key) if key in frame.columns else frame
    keyed = keyed.set_axis(keyed.index.astype("str"), axis=0).reindex(ids)
    known = keyed.reindex(columns=[prefix + group for group in groups])
    return np.ascontiguousarray(known.to_numpy(np.float32, na_value=np.nan))


def _named(ids: Any) -> "pd.Series[str]":
    return pd.Series([] if ids is None else pd.Series(ids).dropna().unique(), dtype="str")


def _refuse_bad_keys(brands: npt.NDArray[np.int32], creators: npt.NDArray[np.int32]) -> None:
    if (brands < 0).any() or (creators < 0).any():
        raise ValueError("a row has no brand_id or no creator_id")
    again = int(((brands[1:] == brands[:-1]) & (creators[1:] == creators[:-1])).sum())
    if again:
        raise ValueError(f"{again} pair(s) of brand and creator occur twice")


def _null_columns(
    built: Mapping[str, npt.NDArray[Any]], reasons: Mapping[str, str]
) -> dict[str, str]:
    coded = ("best_product_id", *TEXTS)
    empty = [name for name in NUMBERS if np.isnan(built[name]).all()]
    empty += [name for name in coded if (built[name] < 0).all() and name != "extrapolated_why"]
    return {name: reasons.get(name) or reasons.get(_forecast(name)) or NO_VALUE for name in empty}


def _forecast(name: str) -> str:
    """The forecast that an end of an interval belongs to; the name itself for other columns."""
    return name.removesuffix("_lo80").removesuffix("_hi80")
