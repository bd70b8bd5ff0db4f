"""Who a brand would collaborate with next, where only past collaborations are known.

A score to rank by, not a probability: without refusals nobody can say how often creators say no.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Vectors = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

HAPPENED = ("accepted", "sampled", "aired")


def collaboration_scores(
    history: pd.DataFrame,
    creator_ids: Sequence[str],
    creator_vectors: Vectors,
    brand_ids: Sequence[str],
    brand_vectors: Vectors | None = None,
) -> Floats:
    """Closeness of each creator to each brand's past collaborators, (creators, brands).

    Cosine with the mean direction of those who collaborated with the brand (the creator itself
    left out), plus, where brands have vectors of the same space, the cosine with the brand's own.
    From both, what is usual for the creator over all brands with a past is taken off, so that
    creators close to everybody do not lead every list. nan where neither is known.
    """
    creators = _directions(creator_vectors)
    ties = _ties(history, creator_ids, brand_ids)
    total = ties.T @ np.nan_to_num(creators)
    known = np.isfinite(creators).sum(axis=1) == creators.shape[1]
    parts = [_to_collaborators(np.nan_to_num(creators), ties * known[:, None], total)]
    if brand_vectors is not None:
        parts.append((creators @ _directions(brand_vectors).T).astype(float))
    parts = [_without_hubs(part, ties.sum(axis=0) > 0) for part in parts]
    seen = np.isfinite(np.stack(parts))
    sums = np.where(seen, np.stack(parts), 0).sum(axis=0)
    scores = np.where(seen.any(axis=0), sums / np.maximum(seen.sum(axis=0), 1), np.nan)
    scores[~known] = np.nan
    return np.asarray(scores)


def _ties(
    history: pd.DataFrame, creator_ids: Sequence[str], brand_ids: Sequence[str]
) -> npt.NDArray[np.float32]:
    """1 for each creator and brand that ever collaborated."""
    happened = history[history["status"].isin(HAPPENED)]
    row = pd.Index(creator_ids).get_indexer(pd.Index(happened["creator_id"]))
    column = pd.Index(brand_ids).get_indexer(pd.Index(happened["brand_id"]))
    ties = np.zeros((len(creator_ids), len(brand_ids)), np.float32)
    kept = (row >= 0) & (column >= 0)
    ties[row[kept], column[kept]] = 1
    return ties


def _to_collaborators(creators: Vectors, ties: Vectors, total: Vectors) -> Floats:
    """Cosine of creator c with total of brand b less c's own part in it."""
    dot = creators @ total.T - ties
    squared = (total**2).sum(axis=1)[None, :] - 2 * ties * (creators @ total.T) + ties
    others = ties.sum(axis=0)[None, :] - ties
    length = np.sqrt(np.maximum(squared, 0))
    usable = (others > 0) & (length > 1e-6)
    return np.where(usable, dot / np.where(usable, length, 1), np.nan).astype(float)


def _without_hubs(closeness: Floats, with_past: npt.NDArray[np.bool_]) -> Floats:
    """Closeness less the creator's mean over brands with a past (all brands if none has one)."""
    counted = closeness[:, with_past] if with_past.any() else closeness
    seen = np.isfinite(counted)
    mean = np.where(seen, counted, 0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return np.asarray(closeness - mean[:, None])


def _directions(vectors: Vectors) -> Vectors:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 1e-9, length, np.nan), np.float32)
