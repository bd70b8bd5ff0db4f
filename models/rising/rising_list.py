"""The list of rising creators, and apart from it those who never went live: cold starts."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from features.errors import WrongInput
from models.matrix.matrix import AllianceMatrix
from models.rising import DISCOVERY_RATE, named
from models.shortlists.brand_view import whole_view
from models.shortlists.objectives import DEFAULTS, OBJECTIVES, supported_objectives
from models.shortlists.rows import Estimate, ShortlistRow, plain, shortlist_rows

Positions = npt.NDArray[np.intp]

UNTOLD = "growth is unknown: the source does not tell how many came to a session"


@dataclass(frozen=True)
class RisingCreator:
    """One creator who was named. None is always 'not known', never zero."""

    rank: int
    creator_id: str
    creator_name: str | None
    main_category: str | None
    tier: str | None
    followers: int | None
    growth: Estimate
    """How many times as many come to a session as before: 1 is as many."""
    growth_probability: float
    growth_p: float
    growth_days: int
    """The growth is of the sessions of so many days against those before."""
    sessions: int
    sessions_before: int
    brand_id: str | None
    """The brand asked for, else the one for which the forecast is highest."""
    pair: ShortlistRow | None
    """What is forecast for that brand; None where the pair was not scored."""


@dataclass(frozen=True)
class ColdStart:
    """One creator without any session: forecast from content and audience alone."""

    rank: int
    creator_id: str
    creator_name: str | None
    rests_on: str
    """What is known of the creator, in words."""
    brand_id: str
    pair: ShortlistRow
    width: float | None
    """Upper over lower end of the 80 % interval of what the list is ranked by."""


@dataclass(frozen=True)
class RisingList:
    """Who rises, who has yet to begin, and how both are to be read."""

    q: float
    """Of the named at most this share is expected not to have grown."""
    brand_id: str | None
    objective: str | None
    """What cold starts are ranked by, and a brand is picked by; None where nothing is forecast."""
    k: int
    tested: int
    untested: int
    """Creators on air with too few sessions, recent or before, to be tested."""
    named: int
    """`rows` are the first k of them, highest expected growth first."""
    rows: tuple[RisingCreator, ...]
    cold_creators: int
    """`cold_start` are the first k of them."""
    cold_start: tuple[ColdStart, ...]
    usual_width: float | None
    """The middle `width` of creators with sessions, to hold the others against."""
    message: str | None
    """Why nobody is named; None otherwise."""
    matrix_version: str
    as_of: date
    currency: str


def rising_list(
    matrix: AllianceMatrix, brand_id: str | None = None, q: float = DISCOVERY_RATE, k: int = 20
) -> RisingList:
    """Creators named at rate q and cold starts, for a brand or for each one's best brand.

    Ties keep the order of creator ids. Raises UnknownBrand, and WrongInput for k < 1 or q outside
    of (0, 1).
    """
    if k < 1:
        raise WrongInput(f"k is how many creators to list: at least 1, not {k}.")
    if not 0 < q < 1:
        raise WrongInput(f"q is a share of the named, between 0 and 1, not {q:g}.")
    values = matrix.creator_values
    rows = slice(0, len(matrix)) if brand_id is None else matrix.brand_rows(brand_id)
    objective = next((name for name in DEFAULTS if name in supported_objectives(matrix)), None)
    best = _best_rows(matrix, rows, objective)
    p = values["growth_p"]
    picked = np.flatnonzero(named(p, q))
    picked = picked[np.argsort(-values["growth"][picked], kind="stable")]
    never = np.isnan(values["last_live_days"]) & (best >= 0)
    cold = _ranked(matrix, np.flatnonzero(never), best, objective)
    widths = _widths(matrix, np.arange(rows.start, rows.stop), objective)
    lived = ~np.isnan(values["last_live_days"])[matrix.columns["creator_id"][rows]]
    tested = int((~np.isnan(p)).sum())
    return RisingList(
        q=q,
        brand_id=brand_id,
        objective=objective,
        k=k,
        tested=tested,
        untested=int((np.isnan(p) & ~np.isnan(values["last_live_days"])).sum()),
        named=len(picked),
        rows=_rising(matrix, picked[:k], best),
        cold_creators=len(cold),
        cold_start=_cold(matrix, cold[:k], best, objective),
        usual_width=_middle(widths[lived]),
        message=None if len(picked) else _nobody(matrix, p, q, tested),
        matrix_version=matrix.manifest.version,
        as_of=matrix.manifest.as_of,
        currency=matrix.manifest.currency,
    )


def _best_rows(matrix: AllianceMatrix, rows: slice, objective: str | None) -> Positions:
    """Of each creator the row with the highest forecast of the objective; -1 where none is."""
    creator = matrix.columns["creator_id"][rows]
    best = np.full(len(matrix.creators), -1, dtype=np.intp)
    values = _of(matrix, objective, np.arange(rows.start, rows.stop))
    order = np.argsort(np.nan_to_num(values, nan=-np.inf), kind="stable")
    best[creator[order]] = rows.start + order  # the last, the highest, stays
    return best


def _of(matrix: AllianceMatrix, objective: str | None, rows: Positions) -> npt.NDArray[np.float64]:
    if objective is None:
        return np.full(len(rows), np.nan)
    return matrix.columns[OBJECTIVES[objective]][rows].astype(np.float64)


def _ranked(
    matrix: AllianceMatrix, creators: Positions, best: Positions, objective: str | None
) -> Positions:
    values = np.nan_to_num(_of(matrix, objective, best[creators]), nan=-np.inf)
    return creators[np.argsort(-values, kind="stable")]


def _widths(
    matrix: AllianceMatrix, rows: Positions, objective: str | None
) -> npt.NDArray[np.float64]:
    """Upper over lower end of the interval; nan without an interval above 0."""
    column = "" if objective is None else OBJECTIVES[objective]
    if f"{column}_lo80" not in matrix.columns:
        return np.full(len(rows), np.nan)
    low = matrix.columns[f"{column}_lo80"][rows].astype(np.float64)
    high = matrix.columns[f"{column}_hi80"][rows].astype(np.float64)
    return np.divide(high, low, out=np.full(len(rows), np.nan), where=low > 0)


def _middle(widths: npt.NDArray[np.float64]) -> float | None:
    known = widths[~np.isnan(widths)]
    return round(float(np.median(known)), 2) if len(known) else None


def _rising(
    matrix: AllianceMatrix, picked: Positions, best: Positions
) -> tuple[RisingCreator, ...]:
    numbers = _numbers(matrix, picked)
    texts = matrix.creator_values
    pairs = _pairs(matrix, best[picked])
    return tuple(
        RisingCreator(
            rank=i + 1,
            creator_id=texts["creator_id"][creator],
            creator_name=texts["name"][creator],
            main_category=texts["main_category"][creator],
            tier=texts["tier"][creator],
            followers=None if (many := numbers["followers"][i]) is None else round(many),
            growth=Estimate(
                numbers["growth"][i] or 0.0, numbers["growth_lo80"][i], numbers["growth_hi80"][i]
            ),
            growth_probability=numbers["growth_probability"][i] or 0.0,
            growth_p=numbers["growth_p"][i] or 0.0,
            growth_days=round(numbers["growth_days"][i] or 0),
            sessions=round(numbers["growth_sessions"][i] or 0),
            sessions_before=round(numbers["growth_sessions_before"][i] or 0),
            brand_id=_brand_of(matrix, best[creator]),
            pair=pairs[i],
        )
        for i, creator in enumerate(picked.tolist())
    )


def _numbers(matrix: AllianceMatrix, creators: Positions) -> dict[str, list[float | None]]:
    names = ("followers", *(n for n in matrix.creator_values if n.startswith("growth")))
    columns = np.stack([matrix.creator_values[name][creators] for name in names])
    return dict(zip(names, plain(columns), strict=True))


def _pairs(matrix: AllianceMatrix, rows: Positions) -> list[ShortlistRow | None]:
    """The records of these rows; None for -1."""
    told = iter(shortlist_rows(whole_view(matrix), rows[rows >= 0]))
    return [next(told) if row >= 0 else None for row in rows.tolist()]


def _brand_of(matrix: AllianceMatrix, row: int) -> str | None:
    if row < 0:
        return None
    return str(matrix.brands["brand_id"].iloc[int(matrix.columns["brand_id"][row])])


def _cold(
    matrix: AllianceMatrix, creators: Positions, best: Positions, objective: str | None
) -> tuple[ColdStart, ...]:
    pairs = shortlist_rows(whole_view(matrix), best[creators])
    widths = _widths(matrix, best[creators], objective)
    return tuple(
        ColdStart(
            rank=i + 1,
            creator_id=pair.creator_id,
            creator_name=pair.creator_name,
            rests_on=_rests_on(matrix, creator, pair),
            brand_id=_brand_of(matrix, best[creator]) or "",
            pair=pair,
            width=None if np.isnan(widths[i]) else round(float(widths[i]), 2),
        )
        for i, (creator, pair) in enumerate(zip(creators.tolist(), pairs, strict=True))
    )


def _rests_on(matrix: AllianceMatrix, creator: int, pair: ShortlistRow) -> str:
    """What is known of a creator who never went live."""
    told = []
    if pair.main_category is not None:
        told.append(f"category {pair.main_category}")
    if pair.followers is not None:
        told.append(f"{pair.followers:,} followers")
    if matrix.audience.shape[1] and not np.isnan(matrix.audience[creator]).all():
        told.append("audience shares")
    return f"{', '.join(told)}; no session" if told else "nothing but what is usual; no session"


def _nobody(matrix: AllianceMatrix, p: npt.NDArray[np.float64], q: float, tested: int) -> str:
    if matrix.manifest.discovery_rate is None:
        return f"Nobody is named: {UNTOLD}."
    if not tested:
        return (
            "Nobody is named: no creator who was live in the last 90 days has sessions enough, "
            "at least 3 recent ones and 3 before them."
        )
    return (
        f"Nobody is named at q = {q:g}: the smallest p-value of {tested:,} tested creators is "
        f"{np.nanmin(p):.2g}, and one alone would have to be at most {q / tested:.2g}."
    )
