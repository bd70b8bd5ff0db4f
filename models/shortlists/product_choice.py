"""Which products a shortlist is about: all of the brand, some by id, or a band of prices."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from features.errors import WrongInput
from models.close_names import close_ids
from models.matrix.columns import FORECASTS, OFFER_NUMBERS, PART_COLUMNS, TERMS, TOLD
from models.matrix.diagnosis import action, quadrant
from models.matrix.encoding import codes
from models.matrix.matrix import AllianceMatrix
from models.matrix.offers import Offers
from models.shortlists.brand_view import BrandView, brand_view
from models.shortlists.constraints import Constraint
from models.shortlists.filters import ShortlistFilters
from models.shortlists.objectives import Objective

Columns = Mapping[str, npt.NDArray[Any]]

CHOSEN_BY = ("net_gmv", "gmv", "conversion_rate")
"""Where the objective is not told by product: the best product by the first that is known."""

OF_THE_PRODUCT = (
    *(name + end for name in FORECASTS for end in ("", "_lo80", "_hi80")),
    "gmv_session_spread",
    *TERMS,
    *PART_COLUMNS,
    *(f"{name}_{part}" for name in TOLD for part in ("value", "effect")),
)
"""Columns that hold for the best product alone: unknown of another unless the offers tell them."""
OF_THE_CREATOR = ("new_followers", "new_followers_lo80", "new_followers_hi80")


def chosen_products(
    matrix: AllianceMatrix, brand_id: str, objective: Objective, filters: ShortlistFilters
) -> tuple[BrandView, tuple[Constraint, ...]]:
    """The brand's rows for the products asked for, and the constraint that this is.

    For each creator the best of these products is named, by the weightiest objective that is
    told by product, else by the first of `CHOSEN_BY`; conversion is the plain mean over these
    products. Raises UnknownBrand, and WrongInput for a product that the brand does not sell or
    where the matrix holds no forecasts by product.
    """
    view = brand_view(matrix, brand_id)
    words = _words(filters)
    if not words or not len(view):
        return view, ()
    if matrix.offers is None:
        return view, _by_named_product(view, filters, words)
    offers = matrix.offers
    sold = _sold(offers, view)
    among = np.isin(sold, _asked(matrix, brand_id, sold, filters))
    price = matrix.products["price"].to_numpy(float)[sold]
    if filters.min_price is not None:
        among &= price >= filters.min_price
    if filters.max_price is not None:
        among &= price <= filters.max_price
    met = np.full(len(view), bool(among.any()))
    if not among.any():
        return view, (Constraint(PRODUCTS_NAMED, words, met),)
    told = _told(view, offers, sold, among, objective)
    diagnosed, spelled = _diagnosed(told)
    chosen = BrandView(matrix, view.rows, {**told, **diagnosed}, spelled)
    return chosen, (Constraint(PRODUCTS_NAMED, words, met),)


PRODUCTS_NAMED = "product"


def _words(filters: ShortlistFilters) -> str:
    """The condition in words; empty where there is none."""
    parts = []
    if filters.product:
        parts.append(f"product {' or '.join(filters.product)}")
    low, high = filters.min_price, filters.max_price
    if low is not None and high is not None:
        parts.append(f"price from {low:,.4g} to {high:,.4g}")
    elif low is not None:
        parts.append(f"price at least {low:,.4g}")
    elif high is not None:
        parts.append(f"price at most {high:,.4g}")
    return ", ".join(parts)


def _by_named_product(
    view: BrandView, filters: ShortlistFilters, words: str
) -> tuple[Constraint, ...]:
    """Without offers only the product that the matrix names can be held against a band."""
    if filters.product:
        raise WrongInput(
            "This matrix holds no forecasts by product, so it cannot rank for one: "
            "its notes say why. Leave the product out."
        )
    named = view.column("best_product_id")
    prices = np.append(view.matrix.products["price"].to_numpy(float), np.nan)[named]
    low = -np.inf if filters.min_price is None else filters.min_price
    high = np.inf if filters.max_price is None else filters.max_price
    met = (prices >= low) & (prices <= high)
    return (Constraint(PRODUCTS_NAMED, f"best product's {words}", met),)


def _sold(offers: Offers, view: BrandView) -> npt.NDArray[np.intp]:
    """Positions of the products that the brand was scored with."""
    return offers.product[offers.of(view.rows.start)].astype(np.intp)


def _asked(
    matrix: AllianceMatrix, brand_id: str, sold: npt.NDArray[np.intp], filters: ShortlistFilters
) -> npt.NDArray[np.intp]:
    """Of the products sold those asked for; all when none was."""
    if not filters.product:
        return sold
    names = matrix.product_values["product_id"][sold].tolist()
    of = dict(zip(names, sold.tolist(), strict=True))
    for wanted in filters.product:
        if wanted not in of:
            titles = matrix.product_values["title"][sold].tolist()
            close = close_ids(wanted, dict(zip(names, titles, strict=True))) or names[:3]
            raise WrongInput(
                f"'{brand_id}' was scored with no product '{wanted}' ({len(names):,} active "
                f"products). {'Close' if close else 'Some'}: {', '.join(close)}."
            )
    return np.array([of[wanted] for wanted in dict.fromkeys(filters.product)], np.intp)


def _told(
    view: BrandView,
    offers: Offers,
    sold: npt.NDArray[np.intp],
    among: npt.NDArray[np.bool_],
    objective: Objective,
) -> Columns:
    n, m = len(view), len(sold)
    first = int(offers.start[view.rows.start])
    grid = {
        name: offers.columns[name][first : first + n * m].reshape(n, m)[:, among]
        for name in (*OFFER_NUMBERS, "extrapolated")
    }
    ranked_by = next(
        name
        for name in (*objective.columns, *CHOSEN_BY)
        if name in grid and not np.isnan(grid[name]).all()
    )
    known = np.where(np.isnan(grid[ranked_by]), -np.inf, grid[ranked_by])
    best = known.argmax(axis=1)
    rows = np.arange(n)
    product = sold[among][best].astype(np.int32)
    same = product == view.column("best_product_id")
    told: dict[str, npt.NDArray[Any]] = {
        name: np.where(same, view.column(name), np.float32(np.nan))
        for name in OF_THE_PRODUCT
        if name not in OF_THE_CREATOR
    }
    told |= {name: grid[name][rows, best] for name in grid}
    for end in ("", "_lo80", "_hi80"):
        told[f"conversion_rate{end}"] = grid[f"conversion_rate{end}"].mean(axis=1)
    told["best_product_id"] = product
    for column in (*(f"{name}_feature" for name in TOLD), "extrapolated_why"):
        told[column] = np.where(same, view.column(column), -1)
    return told


def _diagnosed(told: Columns) -> tuple[Columns, Mapping[str, tuple[str, ...]]]:
    """Quadrant and action of the chosen products as codes, and what these stand for."""
    names = quadrant(told["p_above_benchmark"], told["p_impressions_above_benchmark"])
    met = told["evidence_sessions"] > 0
    columns = {"quadrant": names, "action": action(names, met, told["p_above_benchmark"])}
    coded = {name: codes(words) for name, words in columns.items()}
    return (
        {name: code for name, (code, _) in coded.items()},
        {name: texts for name, (_, texts) in coded.items()},
    )
