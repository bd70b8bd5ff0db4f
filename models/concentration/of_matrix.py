"""Concentration of a matrix: of the last 90 days, and of the lists it would recommend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from features.errors import UnsupportedObjective, WrongInput
from models.concentration.floors import FloorCost, Listings, best_lists, floor_cost
from models.concentration.inequality import Inequality, inequality
from models.matrix.matrix import AllianceMatrix
from models.prediction import Floats
from models.shortlists.objectives import DEFAULTS, OBJECTIVES, supported_objectives

Measure = Literal["exposure", "places"]

WORTHS = ("net_gmv", "gmv", "profit")
"""What lists may be ranked by here: money, so that a cost has a unit."""
FLOORS = {"waist": 0.2, "tail": 0.1}
"""Asked unless others are."""
USUAL_K = 10
"""Creators each brand lists unless another number is asked."""
STEPS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
"""The frontier: so many times the floors asked."""
UNKNOWN_TIER = "unknown"


@dataclass(frozen=True)
class TierShares:
    """What one tier has: shares of all creators' exposure and invitations, past and recommended.

    None where the source or the matrix does not tell.
    """

    tier: str
    creators: int
    creators_share: float
    exposure: float | None
    invitations: float | None
    listed_exposure: float | None
    listed_places: float


@dataclass(frozen=True)
class CreatorShares:
    """What one creator has."""

    creator_id: str
    creator_name: str | None
    tier: str | None
    exposure: float | None
    invitations: float | None
    listed_exposure: float | None
    lists: int
    """How many brands' lists name the creator."""


@dataclass(frozen=True)
class Concentration:
    """Who is seen and asked, and what it would cost to share it out more widely."""

    k: int
    objective: str
    exposure_is: str | None
    measures: tuple[Inequality, ...]
    tiers: tuple[TierShares, ...]
    creators: tuple[CreatorShares, ...]
    """The k with the largest exposure; where that is unknown, the most invited or listed."""
    floor_of: Measure
    worth: float
    """Of one session with every creator of every list, without a floor."""
    floor: FloorCost
    frontier: tuple[FloorCost, ...]
    message: str | None
    """Why the floor cannot be kept; None when it can."""
    matrix_version: str
    as_of: date
    currency: str


def concentration(
    matrix: AllianceMatrix,
    k: int = USUAL_K,
    floors: Mapping[str, float] | None = None,
    floor_of: Measure | None = None,
    objective: str | None = None,
) -> Concentration:
    """Past and recommended concentration, the recommended being every brand's k best.

    `floors` (tier -> least share) are kept over all lists together, of the expected impressions
    (`exposure`, the default where they are forecast) or of the places. Raises WrongInput for
    floors that no tier has or that sum to more than 1, UnsupportedObjective without money.
    """
    if k < 1:
        raise WrongInput(f"k is how many creators each brand lists: at least 1, not {k}.")
    chosen = _objective(matrix, objective)
    tiers = _tiers(matrix)
    floors = _checked(floors, tiers)
    impressions = matrix.columns["impressions"].astype(np.float64)
    shown = not np.isnan(impressions).all()
    measure: Measure = floor_of or ("exposure" if shown else "places")
    if measure == "exposure" and not shown:
        raise WrongInput("This matrix forecasts no impressions: ask for a floor of places.")
    of_listing = np.nan_to_num(impressions) if measure == "exposure" else np.ones(len(matrix))
    listings = Listings(
        brand=matrix.columns["brand_id"].astype(np.int64),
        tier=_tier_codes(matrix, tiers)[matrix.columns["creator_id"]],
        worth=matrix.columns[OBJECTIVES[chosen]].astype(np.float64),
        weight=of_listing,
        tiers=tiers,
    )
    free = best_lists(listings, k)
    who = matrix.columns["creator_id"][free]
    many = len(matrix.creators)
    lists = np.bincount(who, minlength=many).astype(float)
    seen = np.bincount(who, np.nan_to_num(impressions[free]), many).astype(float)
    given: dict[str, Floats | None] = {
        **_given(matrix),
        "listed_exposure": seen if shown else None,
        "listed_places": lists,
    }
    asked = floor_cost(listings, k, floors)
    return Concentration(
        k=k,
        objective=chosen,
        exposure_is=matrix.manifest.exposure_is,
        measures=tuple(
            inequality(name, amounts) for name, amounts in given.items() if amounts is not None
        ),
        tiers=_tier_shares(matrix, tiers, given),
        creators=_creator_shares(matrix, k, given),
        floor_of=measure,
        worth=float(listings.worth[free].sum()),
        floor=asked,
        frontier=_frontier(listings, k, floors),
        message=None if asked.feasible else _impossible(floors, k, measure),
        matrix_version=matrix.manifest.version,
        as_of=matrix.manifest.as_of,
        currency=matrix.manifest.currency,
    )


def floors_named(told: Sequence[str]) -> dict[str, float] | None:
    """Floors written as tier=share; None for none at all. Raises WrongInput.

    >>> floors_named(["waist=.2", "tail=0.1"])
    {'waist': 0.2, 'tail': 0.1}
    """
    floors = {}
    for text in told:
        tier, _, share = text.partition("=")
        try:
            floors[tier.strip()] = float(share)
        except ValueError:
            raise WrongInput(f"A floor is written as tail=0.1, not '{text}'.") from None
    return floors or None


def _objective(matrix: AllianceMatrix, wanted: str | None) -> str:
    can = [name for name in supported_objectives(matrix) if name in WORTHS]
    if wanted is None and can:
        return next((name for name in DEFAULTS if name in can), can[0])
    if wanted in can:
        return str(wanted)
    raise UnsupportedObjective(
        f"What a floor costs is told in money: of {', '.join(WORTHS)} this matrix has "
        f"{', '.join(can) or 'none'}.{'' if can else _instead(matrix)}"
    )


def _instead(matrix: AllianceMatrix) -> str:
    """What tells whom lists name where no money is known; empty where there are no lists."""
    ranked = [name for name in DEFAULTS if name in supported_objectives(matrix)]
    if not ranked:
        return ""
    return (
        " Who is listed, without a cost, is told by 'alliance shortlist BRAND --objective "
        f"{ranked[0]}' of each brand, or by its column {OBJECTIVES[ranked[0]]} of 'alliance export "
        "matrix'."
    )


def _tiers(matrix: AllianceMatrix) -> tuple[str, ...]:
    """The tiers of the creators, largest followers first; the unknown last, where there is one."""
    codes, values = matrix.creator_groups["tier"]
    followers = matrix.creator_values["followers"]
    middle = [np.nanmean(np.append(followers[codes == i], 0.0)) for i in range(len(values))]
    named = [values[i] for i in np.argsort(-np.array(middle), kind="stable")]
    return (*named, *([UNKNOWN_TIER] if (codes < 0).any() else []))


def _tier_codes(matrix: AllianceMatrix, tiers: tuple[str, ...]) -> npt.NDArray[np.int64]:
    codes, values = matrix.creator_groups["tier"]
    places = np.array([*(tiers.index(value) for value in values), len(tiers) - 1])
    return places[codes].astype(np.int64)  # -1, the unknown, is the last


def _checked(floors: Mapping[str, float] | None, tiers: tuple[str, ...]) -> dict[str, float]:
    if floors is None:
        return {name: share for name, share in FLOORS.items() if name in tiers}
    for name, share in floors.items():
        if name not in tiers:
            raise WrongInput(f"No creator is of tier '{name}'. There are: {', '.join(tiers)}.")
        if not 0 <= share <= 1:
            raise WrongInput(f"The floor of {name} is a share from 0 to 1, not {share:g}.")
    if sum(floors.values()) > 1:
        raise WrongInput(f"The floors sum to {sum(floors.values()):g}: at most 1 can be shared.")
    return dict(floors)


def _given(matrix: AllianceMatrix) -> dict[str, Floats | None]:
    values = matrix.creator_values
    columns = {"exposure": "exposure_90", "invitations": "invitations_90"}
    return {
        name: None if np.isnan(values[column]).all() else np.nan_to_num(values[column])
        for name, column in columns.items()
    }


def _share(amounts: Floats | None, whose: npt.NDArray[np.bool_]) -> float | None:
    if amounts is None or amounts.sum() <= 0:
        return None
    return round(float(amounts[whose].sum() / amounts.sum()), 6)


def _tier_shares(
    matrix: AllianceMatrix, tiers: tuple[str, ...], given: Mapping[str, Floats | None]
) -> tuple[TierShares, ...]:
    codes = _tier_codes(matrix, tiers)
    told = []
    for i, tier in enumerate(tiers):
        whose = codes == i
        told.append(
            TierShares(
                tier=tier,
                creators=int(whose.sum()),
                creators_share=round(float(whose.mean()), 6),
                exposure=_share(given["exposure"], whose),
                invitations=_share(given["invitations"], whose),
                listed_exposure=_share(given["listed_exposure"], whose),
                listed_places=_share(given["listed_places"], whose) or 0.0,
            )
        )
    return tuple(told)


def _creator_shares(
    matrix: AllianceMatrix, k: int, given: Mapping[str, Floats | None]
) -> tuple[CreatorShares, ...]:
    ranked = [amounts for name, amounts in given.items() if amounts is not None]
    first = ranked[0]
    order = np.lexsort((-ranked[-1], -first))[:k]
    values = matrix.creator_values
    lists = given["listed_places"]
    assert lists is not None
    told = []
    for creator in order.tolist():
        whose = np.arange(len(matrix.creators)) == creator
        told.append(
            CreatorShares(
                creator_id=values["creator_id"][creator],
                creator_name=values["name"][creator],
                tier=values["tier"][creator],
                exposure=_share(given["exposure"], whose),
                invitations=_share(given["invitations"], whose),
                listed_exposure=_share(given["listed_exposure"], whose),
                lists=int(lists[creator]),
            )
        )
    return tuple(told)


def _frontier(listings: Listings, k: int, floors: Mapping[str, float]) -> tuple[FloorCost, ...]:
    """The cost of floors so many times as high, while they sum to at most 1."""
    if not any(floors.values()):
        return ()
    scaled = [{name: round(share * step, 6) for name, share in floors.items()} for step in STEPS]
    return tuple(floor_cost(listings, k, one) for one in scaled if sum(one.values()) <= 1)


def _impossible(floors: Mapping[str, float], k: int, measure: Measure) -> str:
    asked = ", ".join(f"{name} {share:.0%}" for name, share in floors.items())
    return (
        f"No lists of {k} creators a brand give {asked} of the {measure}: ask for less, or for "
        "longer lists."
    )
