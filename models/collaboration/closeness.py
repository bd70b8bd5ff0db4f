"""Who is close to a brand's past partners and to the brand: nothing learned, the usual baselines.

Scores to rank by, not probabilities: without refusals nobody can say how often creators say no.
"""

import numpy as np
import numpy.typing as npt

from models.collaboration.partners import Floats, Side, Ties, Vectors


def closeness(brands: Side, creators: Side, ties: Ties) -> Floats:
    """Closeness of each creator to each brand's past partners and to the brand, less what is
    usual: (brands, creators), the mean over sets of vectors.

    Cosine with the mean direction of those who collaborated with the brand (the creator itself
    left out), plus, where brands have vectors of the same space, the cosine with the brand's own.
    From both, what is usual for the creator over all brands with a past is taken off, so that
    creators close to everybody do not lead every list. nan where neither is known.
    """
    told = ties.toarray().T.astype(np.float32)
    of_sets = [
        _of_set(told, vectors, _same_space(brands, name, vectors))
        for name, vectors in creators.vectors.items()
    ]
    return _mean(of_sets).T if of_sets else np.full(ties.shape, np.nan)


def cosine(brands: Side, creators: Side) -> Floats:
    """Mean over the sets that both sides have of the plain cosine, (brands, creators)."""
    of_sets = []
    for name, vectors in creators.vectors.items():
        own = _same_space(brands, name, vectors)
        if own is not None:
            of_sets.append((_directions(own) @ _directions(vectors).T).astype(float))
    return _mean(of_sets) if of_sets else np.full((len(brands), len(creators)), np.nan)


def popularity(brands: Side, ties: Ties) -> Floats:
    """How many brands each creator has collaborated with, the same for every brand."""
    count = np.asarray(ties.sum(axis=0)).ravel()
    return np.broadcast_to(count, (len(brands), len(count)))


def _same_space(brands: Side, name: str, vectors: Vectors) -> Vectors | None:
    own = brands.vectors.get(name)
    return own if own is not None and own.shape[1] == vectors.shape[1] else None


def _of_set(ties: Vectors, vectors: Vectors, of_brands: Vectors | None) -> Floats:
    creators = _directions(vectors)
    total = ties.T @ np.nan_to_num(creators)
    known: npt.NDArray[np.bool_] = np.asarray(np.isfinite(creators).all(axis=1))
    parts = [_to_collaborators(np.nan_to_num(creators), ties * known[:, None], total)]
    if of_brands is not None:
        parts.append((creators @ _directions(of_brands).T).astype(float))
    with_past: npt.NDArray[np.bool_] = np.asarray(ties.max(axis=0)) > 0
    scores = _mean([_without_hubs(part, with_past) for part in parts])
    scores[~known] = np.nan
    return scores


def _mean(parts: list[Floats]) -> Floats:
    """Mean of what is known; nan where nothing is."""
    stacked = np.stack(parts)
    seen = np.isfinite(stacked)
    sums = np.where(seen, stacked, 0).sum(axis=0)
    return np.where(seen.any(axis=0), sums / np.maximum(seen.sum(axis=0), 1), np.nan)


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
