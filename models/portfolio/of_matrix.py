"""Candidates of a brand out of the matrix, and what had to be assumed where it says nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.errors import UnsupportedObjective, WrongInput
from models.close_names import close_ids
from models.matrix.diagnosis import RISING_STAR
from models.matrix.matrix import AllianceMatrix
from models.portfolio.candidates import Candidates, Floats, Mask, Positions
from models.portfolio.limits import Wishes, expected_spending
from models.portfolio.overlap import market_of, overlap, sold_together
from models.portfolio.settings import PortfolioSettings
from models.portfolio.value import SetValue, alone
from models.shortlists.brand_view import BrandView
from models.shortlists.constraints import constraints_of
from models.shortlists.filters import ShortlistFilters
from models.shortlists.objectives import Objective
from models.shortlists.product_choice import chosen_products
from models.shortlists.relaxation import advice, apply

OBJECTIVES: Mapping[str, str] = {
    "profit": "expected profit",
    "net_gmv": "expected net GMV less slot fees and samples",
    "gmv": "expected GMV (returns are not known) less slot fees and samples",
}
"""Column of the matrix -> what a portfolio of it is chosen by; the first that has values."""

MOST = 1_000
"""Candidates that are searched; of more, the best alone and the best for their cost."""


@dataclass(frozen=True)
class Pool:
    """The candidates that are worth asking, with their rows in the brand's view."""

    view: BrandView
    rows: Positions
    some: Candidates
    value: SetValue
    objective: str
    objective_note: str | None
    total: int
    """Creators scored for the brand."""
    removed: Mapping[str, int]
    """Filter, or why nobody can be asked, in words -> how many it removed."""
    advice: str | None
    notes: tuple[str, ...]
    """What was assumed where the source says nothing."""


def settings_of(
    matrix: AllianceMatrix,
    overlap_loss: float | None = None,
    peak_creators: float | None = None,
    fulfilment: float | None = None,
) -> PortfolioSettings:
    """What is given, else assumed; fulfilment else as learned with the matrix, where it was."""
    usual, learned = PortfolioSettings(), matrix.manifest.fulfilment
    settings = replace(
        usual,
        overlap_loss=usual.overlap_loss if overlap_loss is None else overlap_loss,
        peak_creators=usual.peak_creators if peak_creators is None else peak_creators,
        fulfilment=usual.fulfilment if fulfilment is None else fulfilment,
    )
    if fulfilment is not None or learned is None:
        return settings
    return replace(settings, fulfilment=learned.share, learned_from=learned.accepted)


def pool_of(
    matrix: AllianceMatrix,
    brand_id: str,
    wishes: Wishes,
    filters: ShortlistFilters,
    settings: PortfolioSettings,
) -> Pool:
    """Whom the brand may ask. Raises UnknownBrand, UnsupportedObjective, WrongInput."""
    if filters.soft:
        raise WrongInput(
            "A portfolio has limits and no preferences: leave 'soft' out. How many of a tier are "
            "asked can be bounded: tier head=0:2."
        )
    _refuse_unknown_tiers(matrix, wishes)
    objective, note = _objective(matrix)
    view, on_products = chosen_products(matrix, brand_id, Objective({objective: 1.0}), filters)
    left = apply((*on_products, *constraints_of(view, filters)), (), len(view))
    removed = dict(left.removed)
    kept = left.kept.copy()

    def drop(words: str, bad: Mask) -> None:
        if count := int((kept & bad).sum()):
            removed[words] = count
            kept[bad] = False

    drop(f"no forecast of {objective}", np.isnan(view.column(objective)))
    fees = view.column("slot_fee")
    if wishes.budget is not None:
        _refuse_budget_of_nothing(matrix)
        if not _is_null(matrix, "slot_fee"):
            drop("slot fee not known, so no budget can hold them", np.isnan(fees))
    everybody, notes = candidates_of(view, np.flatnonzero(kept), objective)
    if not any(least for least, _ in wishes.tiers.values()):
        gains = np.full(len(kept), -np.inf)
        gains[kept] = alone(everybody, settings)
        drop("bring no more than they cost", gains <= 0)
        everybody = everybody.take(np.flatnonzero(gains[gains > -np.inf] > 0))
    some, within = _searched(everybody, wishes, settings)
    if len(some) < len(everybody):
        removed[f"not among the {MOST:,} most promising"] = len(everybody) - len(some)
    chosen = np.flatnonzero(kept)[within]
    shared, told = overlap_of(matrix, view.creators[chosen], some, settings)
    return Pool(
        view=view,
        rows=chosen,
        some=some,
        value=SetValue.of(some, shared, settings),
        objective=objective,
        objective_note=note,
        total=len(view),
        removed=removed,
        advice=None if left.kept.any() else advice(view, filters, left, 1),
        notes=(*notes, *told),
    )


def _refuse_unknown_tiers(matrix: AllianceMatrix, wishes: Wishes) -> None:
    known = {name.casefold(): name for name in matrix.creator_groups["tier"][1]}
    for tier in wishes.tiers:
        if tier.casefold() not in known:
            close = [f"'{name}'" for name in close_ids(tier, dict.fromkeys(known.values()))]
            raise WrongInput(
                f"tier {tier}: no creator of this matrix is of it."
                + (f" Close: {', '.join(close)}." if close else "")
                + f" There are: {', '.join(known.values()) or 'none, tiers are not known'}."
            )


def _objective(matrix: AllianceMatrix) -> tuple[str, str | None]:
    """The first objective that the matrix has, and why not an earlier one."""
    absent = matrix.manifest.null_columns
    for column, words in OBJECTIVES.items():
        if column not in absent:
            why = None if column == "profit" else f"chosen by {words}: {absent['profit']}"
            return column, why
    raise UnsupportedObjective(
        "A portfolio is chosen by money, and this matrix forecasts none: "
        f"{absent['gmv']}. 'alliance shortlist' ranks by what there is."
    )


def candidates_of(view: BrandView, rows: Positions, objective: str) -> tuple[Candidates, list[str]]:
    """These rows of the view, what is unknown filled in, and sentences that say so."""
    matrix, creators = view.matrix, view.creators[rows]
    notes: list[str] = []

    def number(name: str) -> Floats:
        return np.asarray(view.column(name)[rows], dtype=np.float64)

    def or_zero(name: str, words: str) -> Floats:
        values = number(name)
        if unknown := int(np.isnan(values).sum()):
            notes.append(f"{words} of {_of(unknown, len(rows))} is not known: taken as 0")
        return np.nan_to_num(values)

    fee, sample = (
        or_zero("slot_fee", "the slot fee"),
        or_zero("sample_cost", "the cost of a sample"),
    )
    accept = number("p_accept")
    accept_known = ~np.isnan(accept)
    if np.isnan(accept).all():
        why = matrix.manifest.null_columns.get("p_accept", "no pair has a value")
        notes.append(f"P(accept) is not known ({why}): everybody asked is taken to accept")
        accept = np.ones(len(rows))
    elif unknown := int(np.isnan(accept).sum()):
        notes.append(
            f"P(accept) of {_of(unknown, len(rows))} is not known: taken as the others' mean"
        )
        accept = np.where(accept_known, accept, np.nanmean(accept))
    paid = fee + sample if objective == "profit" else 0.0
    texts = (*view.texts("quadrant"), None)
    stars = np.array([texts[code] == RISING_STAR for code in view.column("quadrant")[rows]], bool)
    followers, audience, told = _audience(matrix)
    return (
        Candidates(
            ids=matrix.creator_values["creator_id"][creators],
            worth=number(objective) + paid,
            worth_lo80=number(f"{objective}_lo80") + paid,
            worth_hi80=number(f"{objective}_hi80") + paid,
            session_spread=number("gmv_session_spread"),
            slot_fee=fee,
            sample_cost=sample,
            accept=accept,
            accept_known=accept_known,
            sessions=np.nan_to_num(number("evidence_sessions")),
            rising=stars | (matrix.creator_values["rising"][creators] == 1),
            tier=matrix.creator_values["tier"][creators],
            agency=matrix.creator_values["agency"][creators],
            followers=followers[creators],
            audience=audience[creators],
        ),
        [*notes, *told],
    )


def _audience(matrix: AllianceMatrix) -> tuple[Floats, Floats, list[str]]:
    """Followers and audience shares of every creator of the matrix, and what was assumed.

    A creator whose audience is unknown has the market's; without groups all are of one group.
    """
    followers = matrix.creator_values["followers"]
    if np.isnan(followers).all():
        notes = ["followers are not known: no audience overlap is taken off"]
        return np.zeros(len(followers)), np.ones((len(followers), 1)), notes
    followers = np.nan_to_num(followers)
    shares = np.nan_to_num(np.asarray(matrix.audience, dtype=np.float64))
    total = shares.sum(axis=1)
    known = total > 0
    if not known.any():
        notes = ["audience groups are not known: overlap is told from followers alone"]
        return followers, np.ones((len(followers), 1)), notes
    shares[known] /= total[known, None]
    usual = (
        followers[known] @ shares[known] if followers[known].any() else shares[known].sum(axis=0)
    )
    shares[~known] = usual / usual.sum()
    return followers, shares, []


def overlap_of(
    matrix: AllianceMatrix, creators: Positions, some: Candidates, settings: PortfolioSettings
) -> tuple[Floats, list[str]]:
    """(n, n) overlap of the candidates' audiences, and what was not known for it."""
    followers, audience, _ = _audience(matrix)
    sold = _sold_for(matrix, creators)
    together = None if sold is None else sold_together(sold)
    notes = [] if sold is not None else ["nobody sold for a brand yet: overlap without affinity"]
    market = market_of(followers, audience)
    return overlap(some.followers, some.audience, market, settings, together), notes


def _sold_for(matrix: AllianceMatrix, creators: Positions) -> Floats | None:
    """(n, brands): 1 where the creator had a session for the brand; None where nobody had any."""
    met = np.flatnonzero(matrix.columns["evidence_sessions"] > 0)
    if not len(met):
        return None
    place = pd.Index(creators).get_indexer(pd.Index(matrix.columns["creator_id"][met]))
    sold = np.zeros((len(creators), len(matrix.brands)))
    sold[place[place >= 0], matrix.columns["brand_id"][met][place >= 0]] = 1.0
    return sold


def _searched(
    some: Candidates, wishes: Wishes, settings: PortfolioSettings
) -> tuple[Candidates, Positions]:
    """The candidates to search among, at most MOST, and their positions."""
    if len(some) <= MOST:
        return some, np.arange(len(some))
    gains = alone(some, settings)
    cost = np.maximum(expected_spending(some, settings, hard=wishes.hard_budget), 1e-9)
    by_gain, by_cost = np.argsort(-gains, kind="stable"), np.argsort(-gains / cost, kind="stable")
    wanted = set(by_gain[: MOST * 7 // 10].tolist())
    for tier, (least, _) in wishes.tiers.items():
        of_tier = [i for i in by_gain.tolist() if str(some.tier[i]).casefold() == tier.casefold()]
        wanted |= set(of_tier[:least])
    for i in by_cost.tolist():
        if len(wanted) >= MOST:
            break
        wanted.add(i)
    within = np.array(sorted(wanted), dtype=np.intp)
    return some.take(within), within


def _refuse_budget_of_nothing(matrix: AllianceMatrix) -> None:
    if _is_null(matrix, "slot_fee") and _is_null(matrix, "sample_cost"):
        raise WrongInput(
            "A budget has nothing to hold: this source knows neither slot fees nor the cost of "
            "samples. Leave the budget out."
        )


def _is_null(matrix: AllianceMatrix, column: str) -> bool:
    return column in matrix.manifest.null_columns


def _of(some: int, total: int) -> str:
    return "every candidate" if some == total else f"{some:,} of {total:,} candidates"
