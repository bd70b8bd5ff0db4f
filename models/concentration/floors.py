"""Floors: every brand's list again, with a share for some tiers at the least loss of worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from models.prediction import Floats

Ints = npt.NDArray[np.int64]
Positions = npt.NDArray[np.intp]

TILTS = (-3.0, -0.3, 0.0, 0.3, 3.0)
"""How much a listing's weight may count beside its worth when candidates are gathered."""
FEW = 2_000
"""So few listings are all candidates."""
GAP = 1e-3
"""How far, as a share, the integer program of those few brands may stay below its best."""
OPENED = 6
"""So many brands are settled by the integer program at least."""
HALF = 1e-6
"""Nearer to 0 or to 1 a place is not halved."""


@dataclass(frozen=True)
class Listings:
    """Creators whom brands might list: one entry per brand and creator."""

    brand: Ints
    tier: Ints
    """Position in the tiers; -1 where it is unknown."""
    worth: Floats
    """What listing the creator is expected to bring the brand; nan is no candidate."""
    weight: Floats
    """What is shared out: 1 for places, expected impressions for exposure."""
    tiers: Sequence[str]

    def shares(self, chosen: Positions) -> dict[str, float]:
        """Share of the weight of these listings that goes to each tier."""
        total = float(self.weight[chosen].sum())
        return {
            name: round(float(self.weight[chosen][self.tier[chosen] == t].sum()) / total, 6)
            if total > 0
            else 0.0
            for t, name in enumerate(self.tiers)
        }


@dataclass(frozen=True)
class FloorCost:
    """What floors cost: the same lists without and with them."""

    floors: Mapping[str, float]
    feasible: bool
    """False where no lists of that length give the tiers as much: then the rest is None."""
    worth: float | None
    """Of one session with every creator of every list."""
    cost: float | None
    cost_share: float | None
    """Of what the lists without a floor are worth."""
    changed: int | None
    """Places that go to another creator."""
    shares: Mapping[str, float] | None
    """Share of each tier under the floors."""


def best_lists(listings: Listings, k: int) -> Positions:
    """The k of each brand with the highest worth, in the order of brands, best first."""
    known = np.flatnonzero(~np.isnan(listings.worth))
    order = known[np.lexsort((-listings.worth[known], listings.brand[known]))]
    return order[_place(listings.brand[order]) < k]


def cheapest(listings: Listings, k: int, floors: Mapping[str, float]) -> Positions | None:
    """Lists of k creators for every brand, worth most of all in which each tier has its floor.

    Only the floors tie the brands together, so the linear program leaves at most a few brands
    with a place halved. Those and a few more are settled by an integer program, with still more
    brands opened where their places do not suffice. None where no lists can keep the floors. A
    brand with fewer candidates than k lists all of them.
    """
    some = _candidates(listings, k)
    names, brand = np.unique(listings.brand[some], return_inverse=True)
    length = np.minimum(np.bincount(listings.brand[~np.isnan(listings.worth)])[names], k)
    worth = listings.worth[some] / max(float(np.abs(listings.worth[some]).max()), 1e-12)
    weight = listings.weight[some] / max(float(listings.weight[some].mean()), 1e-12)
    places = [list(listings.tiers).index(name) for name in floors]
    belongs = listings.tier[some] == np.array(places)[:, None]
    beyond = weight * (belongs - np.array(list(floors.values()))[:, None])
    taken = _program(worth, brand, length, beyond, np.zeros(len(floors)), whole=False)
    if taken is None:
        return None
    halved = np.unique(brand[(taken > HALF) & (taken < 1 - HALF)])
    others = np.setdiff1d(np.arange(len(names)), halved)
    opened = min(max(len(halved), OPENED), len(names))
    while True:
        loose = np.isin(brand, np.concatenate([halved, others])[:opened])
        settled = np.where(loose, 0.0, np.round(taken))
        tied = np.unique(brand[loose], return_inverse=True)
        whole = _program(
            worth[loose],
            tied[1],
            length[tied[0]],
            beyond[:, loose],
            -beyond @ settled,
            whole=True,
        )
        if whole is not None:
            settled[loose] = whole
            return some[settled > 0.5]
        if opened >= len(names):
            return None
        opened = min(2 * opened + 1, len(names))


def _program(
    worth: Floats, brand: Ints, length: Ints, beyond: Floats, least: Floats, *, whole: bool
) -> Floats | None:
    """How much of each listing is taken: most worth, each brand's length, `beyond` at least so."""
    rows = csr_array((np.ones(len(worth)), (brand, np.arange(len(worth)))))
    found = milp(
        -worth,
        integrality=np.full(len(worth), int(whole)),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(rows, length, length),
            LinearConstraint(csr_array(beyond), least, np.inf),
        ],
        options={"mip_rel_gap": GAP},
    )
    return None if found.x is None else np.asarray(found.x)


def floor_cost(listings: Listings, k: int, floors: Mapping[str, float]) -> FloorCost:
    """The lists under these floors against those without any."""
    free = best_lists(listings, k)
    kept = cheapest(listings, k, floors) if any(floors.values()) else free
    if kept is None:
        return FloorCost(floors, False, None, None, None, None, None)
    best, worth = (float(listings.worth[lists].sum()) for lists in (free, kept))
    return FloorCost(
        floors=floors,
        feasible=True,
        worth=worth,
        cost=best - worth,
        cost_share=(best - worth) / best if best > 0 else None,
        changed=int(np.setdiff1d(kept, free).size),
        shares=listings.shares(kept),
    )


def _candidates(listings: Listings, k: int) -> Positions:
    """Of each brand and tier the k best by worth, tilted towards and away from weight.

    A listing left out could only help to fill a floor to the last crumb.
    """
    known = np.flatnonzero(~np.isnan(listings.worth))
    if len(known) <= FEW:
        return known
    brand, tier = listings.brand[known], listings.tier[known]
    worth, weight = listings.worth[known], listings.weight[known]
    unit = float(np.abs(worth).mean()) / max(float(weight.mean()), 1e-12)
    tilts = (0.0,) if np.ptp(weight) == 0 else TILTS
    kept = np.zeros(len(known), bool)
    for tilt in tilts:
        order = np.lexsort((-(worth + tilt * unit * weight), tier, brand))
        group = brand[order] * (len(listings.tiers) + 1) + tier[order]
        kept[order[_place(group) < k]] = True
    return known[kept]


def _place(group: Ints) -> Ints:
    """Of sorted groups the place of each entry within its group, from 0.

    >>> _place(np.array([4, 4, 7, 7, 7])).tolist()
    [0, 1, 0, 1, 2]
    """
    return np.arange(len(group)) - np.searchsorted(group, group)
