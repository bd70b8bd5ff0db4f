"""What is known of creators, items and their fit before a rate is looked at."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.effects.crossed import Content, Positions
from models.effects.lines import Floats
from models.embeddings.content import creator_content, item_content, scaled
from models.embeddings.given import compact, given_vectors
from models.embeddings.products import VectorProduct

FIT_SOURCES = ("category_choice", "chosen_fit", "given_fit")
"""Similarities that say something of fit without having seen a rate: choices and given vectors."""

CREATOR_NUMBERS = {
    "creator_paid_share": False,
    "creator_views_per_session": True,
    "creator_price_level": False,
}
"""Features of a creator that its rates may depend on, and whether their log is taken."""

Known = npt.NDArray[np.bool_]


def known_content(
    creators: pd.DataFrame,
    items: pd.DataFrame,
    similarities: Mapping[str, VectorProduct],
    given: Mapping[str, pd.DataFrame],
    known: tuple[Known, Known],
) -> Content:
    """Content of the tables' creators and items; `known` are those with history.

    Levels and scales are those of the known. Cells have one number for each of FIT_SOURCES that
    is there: its mean over the category's known items.
    """
    creator_known, item_known = known
    category, n_categories = _categories(items)
    return Content(
        creators=_of_creators(creators, given, creator_known),
        items=item_content(items, np.empty((len(items), 0), np.float32), item_known).astype(float),
        cells=_of_cells(similarities, category, n_categories, len(creators), item_known),
        category=category,
        price=_log_price(items),
        price_level=_numbers(creators, "creator_price_level"),
    )


def _categories(items: pd.DataFrame) -> tuple[Positions, int]:
    if "category" not in items.columns:
        return np.full(len(items), -1, np.intp), 0
    values = items["category"].astype("string")
    names = pd.Index(sorted(values.dropna().unique()))
    return names.get_indexer(pd.Index(values)).astype(np.intp), len(names)


def _of_creators(creators: pd.DataFrame, given: Mapping[str, pd.DataFrame], known: Known) -> Floats:
    vectors = given_vectors(given, [str(i) for i in creators.index], [])
    columns = [creator_content(creators, compact(vectors.creators), known)]
    for name, as_log in CREATOR_NUMBERS.items():
        values = _numbers(creators, name)
        columns.append(scaled(np.log1p(np.maximum(values, 0)) if as_log else values, known))
    content = np.hstack(columns).astype(float)
    return content - content[known].mean(axis=0) if known.any() else content


def _of_cells(
    similarities: Mapping[str, VectorProduct],
    category: Positions,
    n_categories: int,
    n_creators: int,
    known: Known,
) -> Floats:
    """(creators, categories, sources); 0 where a source says nothing."""
    sources = [similarities[name] for name in FIT_SOURCES if name in similarities]
    cells = np.zeros((n_creators, n_categories, len(sources)))
    for place, source in enumerate(sources):
        row = source.row_of_item if source.row_of_item.size else np.arange(len(category))
        vectors = np.nan_to_num(source.items.astype(float))[row]
        middles = np.zeros((n_categories, vectors.shape[1]))
        for code in range(n_categories):
            there = (category == code) & known
            if there.any():
                middles[code] = vectors[there].mean(axis=0)
        cells[:, :, place] = np.nan_to_num(source.creators.astype(float)) @ middles.T
    return cells


def _log_price(items: pd.DataFrame) -> Floats:
    price = _numbers(items, "price")
    return np.log(np.where(price > 0, price, np.nan))


def _numbers(table: pd.DataFrame, column: str) -> Floats:
    if column not in table.columns:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table[column], errors="coerce").to_numpy(float, na_value=np.nan)
