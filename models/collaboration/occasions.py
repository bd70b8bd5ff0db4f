"""Occasions to learn from: what was known, whom a brand could have chosen, whom it chose.

Two kinds. By brand: a fold of brands is held out, its candidates are the creators who worked with
a brand of the fold, and only the other brands and their creators are known. By time: what came
after a date, among all creators, from what was known before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from models.collaboration.partners import Positions, Ties

FOLDS = 5
FEWEST_BRANDS = 10
FEWEST_TIES = 30
"""On each side of a date, and in all, to learn anything."""
EARLIER = 0.75
"""Share of first collaborations before the date that splits learning from judging."""
JUDGED_CANDIDATES = 1_000
LEARNED_CANDIDATES = 500
"""Of a question, besides those chosen: drawn where there are more."""


@dataclass(frozen=True)
class Question:
    """One brand that chose among candidates: positions of both, and which were chosen."""

    brand: int
    candidates: Positions
    chosen: npt.NDArray[np.bool_]
    own: Positions
    """Creators known to have collaborated with the brand before; never candidates."""


@dataclass(frozen=True)
class Occasion:
    """Questions that are answered from the same history."""

    history: Ties
    questions: tuple[Question, ...]
    group: str
    """Where it came from, in words."""


def enough(ties: Ties) -> bool:
    """Whether so many brands and ties can teach anything."""
    return int((np.diff(ties.indptr) > 0).sum()) >= FEWEST_BRANDS and ties.nnz >= FEWEST_TIES


def brand_folds(
    ties: Ties,
    folds: int,
    random_state: int,
    halves: bool = False,
    most: int = JUDGED_CANDIDATES,
) -> list[Occasion]:
    """Each brand with a tie is held out once.

    With `halves`, every brand with at least two is asked again with half of its collaborations
    told, for the other half.
    """
    random = np.random.default_rng(random_state)
    with_past = np.flatnonzero(np.diff(ties.indptr))
    fold = random.permutation(len(with_past)) % folds
    made = []
    for i in range(folds):
        held_out = with_past[fold == i]
        if not len(held_out) or len(held_out) == len(with_past):
            continue
        of_fold = ties[held_out]
        candidates = np.unique(of_fold.indices)
        questions = []
        for brand in held_out:
            partners = ties[brand].indices
            nobody = np.zeros(0, np.intp)
            questions.append(_question(int(brand), candidates, partners, nobody, random, most))
            if halves and len(partners) >= 2:
                told = random.permutation(partners)[: len(partners) // 2]
                questions.append(_question(int(brand), candidates, partners, told, random, most))
        keep = np.ones(ties.shape[0])
        keep[held_out] = 0
        history = sparse.csr_matrix(sparse.diags(keep) @ ties)
        history.eliminate_zeros()
        made.append(Occasion(history, tuple(questions), f"brand fold {i + 1}"))
    return made


def _question(
    brand: int,
    candidates: Positions,
    partners: Positions,
    told: Positions,
    random: np.random.Generator,
    most: int,
) -> Question:
    left = np.setdiff1d(candidates, told)
    chosen = np.isin(left, partners)
    others = np.flatnonzero(~chosen)
    if len(others) > most:
        others = random.choice(others, most, replace=False)
        kept = np.sort(np.concatenate([np.flatnonzero(chosen), others]))
        left, chosen = left[kept], chosen[kept]
    return Question(brand, left.astype(np.intp), chosen, np.sort(told).astype(np.intp))


def after(
    brands: Positions,
    creators: Positions,
    at: Sequence[pd.Timestamp] | pd.Series,
    shape: tuple[int, int],
    cut: pd.Timestamp,
    end: pd.Timestamp | None,
    random_state: int,
    most: int = JUDGED_CANDIDATES,
    *,
    among_chosen: bool = False,
) -> Occasion:
    """New partners from `cut` until `end`, from what was known strictly before `cut`.

    With `among_chosen` only creators whom some brand chose then are candidates, as in a fold.
    """
    random = np.random.default_rng(random_state)
    moments = pd.Series(at).reset_index(drop=True)
    before = (moments < cut).to_numpy()
    later = ~before if end is None else ~before & (moments < end).to_numpy()
    history, new = (_table(brands[part], creators[part], shape) for part in (before, later))
    candidates = np.unique(new.indices) if among_chosen else np.arange(shape[1])
    questions = [
        _question(
            int(b), candidates, new[b].indices, history[b].indices.astype(np.intp), random, most
        )
        for b in np.flatnonzero(np.diff(new.indptr))
    ]
    return Occasion(history, tuple(questions), f"from {cut:%Y-%m-%d}")


def splitting_date(at: pd.Series, earlier: float = EARLIER) -> pd.Timestamp | None:
    """The midnight with about so many collaborations before it; None when all share few dates."""
    days = at.dt.floor("D").sort_values(ignore_index=True)
    if days.nunique() < 3 or len(days) < 2 * FEWEST_TIES:
        return None
    cut = days[int(earlier * len(days))]
    late = int((days >= cut).sum())
    return cut if FEWEST_TIES <= late <= len(days) - FEWEST_TIES else None


def _table(brands: Positions, creators: Positions, shape: tuple[int, int]) -> Ties:
    return sparse.csr_matrix((np.ones(len(brands)), (brands, creators)), shape=shape)
