"""Learning the embeddings as of a date, from history and content known before it."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from models.embeddings.alike import alike_of
from models.embeddings.category_fit import category_choice
from models.embeddings.collaborative import als_vectors, bpr_vectors
from models.embeddings.content import creator_content, item_content, with_content_vectors
from models.embeddings.given import GivenVectors, compact, given_vectors, history_match, unit
from models.embeddings.history import History, history_matrices
from models.embeddings.neighbours import Neighbours, neighbours_of
from models.embeddings.products import VectorProduct, centred, cosines, standardised
from models.embeddings.settings import EmbeddingSettings
from models.embeddings.similarity import Embeddings
from models.embeddings.titles import title_vectors

Vectors = npt.NDArray[np.float32]
Known = npt.NDArray[np.bool_]
DEFAULTS = EmbeddingSettings()


def fit_embeddings(
    history: pd.DataFrame,
    creators: pd.DataFrame,
    items: pd.DataFrame,
    given: Mapping[str, pd.DataFrame] | None = None,
    settings: EmbeddingSettings = DEFAULTS,
    random_state: int = 0,
) -> Embeddings:
    """Embeddings of the creators and items as of the date that `history` ends before.

    `history` is what `features.history.creator_item_history` gives. `creators` and `items` are
    indexed by id; their order is the order of positions in `Embeddings.similarities`. Columns
    used where there: main_category, region, followers, audience_*; category, brand_id, price,
    title. `given` has the tables `creator_embeddings.<set>`, `brand_embeddings.<set>` (id, e0,
    ...). Levels and vocabulary come from those with history alone, so an item that nobody has
    offered yet moves no other item's numbers. Same input, same output, to the bit.
    """
    past = history_matrices(history, pd.Index(creators.index), pd.Index(items.index))
    creator_known, item_known = past.creator_evidence > 0, past.item_evidence > 0
    brand_of_item, brand_ids = _brands(items)
    vectors = given_vectors(given or {}, [str(i) for i in creators.index], brand_ids)
    titles = _titles(items, item_known, settings, random_state)
    content = (
        creator_content(creators, compact(vectors.creators), creator_known),
        item_content(items, titles, item_known),
    )
    products: dict[str, VectorProduct] = {}
    neighbours = None
    if creator_known.any():
        spaces = _collaborative(past, content, settings, random_state)
        products |= _affinities(spaces, creator_known, item_known)
        products |= category_choice(past, items, content[0], settings)
        neighbours = _neighbours(spaces, past, settings)
    if np.isfinite(titles).any():
        products["title_match"] = _title_match(past, titles)
    products |= _given_matches(past, vectors, brand_of_item, creator_known, item_known)
    alike = alike_of(past, settings.alike_cells)
    return Embeddings(len(creators), len(items), products, neighbours, alike)


def _titles(
    items: pd.DataFrame, known: Known, settings: EmbeddingSettings, random_state: int
) -> Vectors:
    if "title" not in items.columns:
        return np.full((len(items), 1), np.nan, np.float32)
    return title_vectors(items["title"], known, settings, random_state)


def _collaborative(
    past: History, content: tuple[Vectors, Vectors], settings: EmbeddingSettings, random_state: int
) -> dict[str, tuple[Vectors, Vectors]]:
    """Vectors from sales, choices and ranking, content's where there is no history.

    Learned among those with history alone: others would take part as counter-examples.
    """
    evidence = (past.creator_evidence, past.item_evidence)
    row, column = (np.flatnonzero(amount > 0) for amount in evidence)
    learned = {
        "sold": als_vectors(past.sold()[row][:, column], settings, random_state),
        "chosen": als_vectors(past.chosen()[row][:, column], settings, random_state),
        "ranked": bpr_vectors(past.attention()[row][:, column], settings, random_state),
    }
    sides = []
    for side, known in enumerate((row, column)):
        joined = np.hstack([both[side] for both in learned.values()])
        vectors = np.zeros((len(evidence[side]), joined.shape[1]), np.float32)
        vectors[known] = joined
        filled = with_content_vectors(
            vectors,
            content[side],
            evidence[side],
            settings.content_penalty,
            settings.half_evidence,
        )
        widths = np.cumsum([both[side].shape[1] for both in learned.values()])[:-1]
        sides.append(np.split(filled, widths, axis=1))
    return {name: (sides[0][i], sides[1][i]) for i, name in enumerate(learned)}


def _affinities(
    spaces: Mapping[str, tuple[Vectors, Vectors]], creator_known: Known, item_known: Known
) -> dict[str, VectorProduct]:
    sold, chosen, ranked = spaces["sold"], spaces["chosen"], spaces["ranked"]
    return {
        "sold_affinity": standardised(*sold, creator_known, item_known),
        "sold_fit": centred(*sold, creator_known, item_known),
        "chosen_affinity": standardised(*chosen, creator_known, item_known),
        "chosen_fit": centred(*chosen, creator_known, item_known),
        "ranked_fit": centred(*ranked, creator_known, item_known),
    }


def _neighbours(
    spaces: Mapping[str, tuple[Vectors, Vectors]], past: History, settings: EmbeddingSettings
) -> Neighbours:
    """Neighbours by what creators sell and by what they choose, in equal parts."""
    known = past.creator_evidence > 0
    parts = []
    for name in ("sold", "chosen"):
        vectors = spaces[name][0]
        parts.append(unit(vectors - vectors[known].mean(0)))
    directions = unit(np.hstack(parts))
    return neighbours_of(
        directions,
        past,
        settings.neighbours,
        settings.neighbour_pool,
        settings.neighbour_strength,
    )


def _title_match(past: History, titles: Vectors) -> VectorProduct:
    """Cosine between an item's title and the mean title of what the creator sells."""
    readable = np.nan_to_num(titles)
    return cosines(np.asarray(past.attention() @ readable, np.float32), readable)


def _brands(items: pd.DataFrame) -> tuple[npt.NDArray[np.intp], list[str]]:
    """The position of each item's brand, and the brands' ids in order."""
    if "brand_id" not in items.columns:
        return np.zeros(len(items), np.intp), [""]
    brands = items["brand_id"].astype(object).fillna("").astype(str).to_numpy(str)
    brand_ids, position = np.unique(brands, return_inverse=True)
    return position.astype(np.intp), [str(brand) for brand in brand_ids]


def _given_matches(
    past: History,
    given: GivenVectors,
    brand_of_item: npt.NDArray[np.intp],
    creator_known: Known,
    item_known: Known,
) -> dict[str, VectorProduct]:
    n_items, n_brands = len(brand_of_item), int(brand_of_item.max(initial=-1)) + 1
    owns = sparse.csr_matrix(
        (np.ones(n_items), (np.arange(n_items), brand_of_item)), shape=(n_items, n_brands)
    )
    attention = past.attention() @ owns
    matches: dict[str, VectorProduct] = {}
    both = given.both()
    if both is not None:
        matches["given_match"] = cosines(*both, brand_of_item)
        matches["given_fit"] = _given_fit(*both, brand_of_item, creator_known, item_known)
    by_brand = history_match(attention, given.brands)
    if by_brand is not None:
        matches["given_brand_match"] = cosines(*by_brand, brand_of_item)
    by_creator = history_match(sparse.csr_matrix(attention.T), given.creators)
    if by_creator is not None:
        sellers, own = by_creator
        matches["given_creator_match"] = cosines(own, sellers, brand_of_item)
    return matches


def _given_fit(
    creators: Vectors,
    brands: Vectors,
    brand_of_item: npt.NDArray[np.intp],
    creator_known: Known,
    item_known: Known,
) -> VectorProduct:
    """Cosines less what is usual for the creator over known brands and for the brand.

    Creators close to everybody (hubs) would otherwise lead every list.
    """
    brand_known = np.zeros(len(brands), bool)
    brand_known[brand_of_item[item_known]] = True
    given_creator, given_brand = _nonzero(creators), _nonzero(brands)
    fit = centred(
        unit(creators),
        unit(brands),
        (creator_known | ~creator_known.any()) & given_creator,
        (brand_known | ~brand_known.any()) & given_brand,
    )
    return VectorProduct(
        np.where(given_creator[:, None], fit.creators, np.nan).astype(np.float32),
        np.where(given_brand[:, None], fit.items, np.nan).astype(np.float32),
        brand_of_item,
    )


def _nonzero(vectors: Vectors) -> Known:
    return np.asarray(np.abs(vectors).sum(axis=1) > 0)
