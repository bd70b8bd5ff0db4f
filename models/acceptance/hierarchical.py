"""Acceptance whatever is offered: the overall rate, shifted by tier, brand, creator and pair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import betaln, expit, logit

from models.acceptance.outcomes import (
    AcceptanceForecast,
    Floats,
    beta_interval,
    invitation_outcomes,
    logit_variance,
)

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Level:
    """What each group of one level (a brand, a creator, ...) adds to the logit, how surely."""

    shift: Mapping[str, float]
    variance: Mapping[str, float]
    unseen: float
    """Variance of a group without any invitation."""

    def of(self, names: Sequence[str]) -> tuple[Floats, Floats]:
        """Shift and variance of each name; 0 and `unseen` for a name not known."""
        shift = np.array([self.shift.get(name, 0.0) for name in names], float)
        variance = np.array([self.variance.get(name, self.unseen) for name in names], float)
        return shift, variance


NO_LEVEL = Level({}, {}, 0.0)


@dataclass(frozen=True)
class Acceptance:
    """Overall rate, then tier, brand and creator as shifts, then the pair's own past.

    `overall` is None when no invitation was ever declined (or none was ever answered): then
    acceptance cannot be told from silence, and forecasts are nan. A ranking score for such
    sources is `models.collaboration.closeness` or learned, which is not a probability.
    """

    overall: float | None
    tier_of: Mapping[str, str]
    tiers: Level
    brands: Level
    creators: Level
    pairs: Mapping[tuple[str, str], tuple[float, float]]
    pair_strength: float

    def predict(self, creator_ids: Sequence[str], brand_ids: Sequence[str]) -> AcceptanceForecast:
        """P(yes to one invitation) for each creator x brand, in the order given."""
        if self.overall is None:
            unknown = np.full(len(creator_ids), np.nan)
            return AcceptanceForecast(unknown, unknown.copy(), unknown.copy())
        score = np.full(len(creator_ids), logit(self.overall))
        above = np.zeros(len(creator_ids))
        tiers = [self.tier_of.get(creator, "") for creator in creator_ids]
        levels = ((self.tiers, tiers), (self.brands, brand_ids), (self.creators, creator_ids))
        for level, names in levels:
            shift, variance = level.of(names)
            score += shift
            above += variance
        prior, s = expit(score), self.pair_strength
        past = [
            self.pairs.get(pair, (0.0, 0.0)) for pair in zip(creator_ids, brand_ids, strict=True)
        ]
        k, n = np.array(past, float).reshape(-1, 2).T
        yes, no = k + s * prior, n - k + s * (1 - prior)
        variance = logit_variance(yes, no) + above * (s / (n + s)) ** 2
        mean = yes / (n + s)
        return AcceptanceForecast(mean, *beta_interval(mean, variance))


def fit_acceptance(history: pd.DataFrame, creators: pd.DataFrame | None = None) -> Acceptance:
    """Acceptance learned from `features.history.collaboration_history` as of a date.

    Each level is a beta-binomial whose strength is found by likelihood (with a weak prior around
    10 invitations, which decides where groups were hardly invited twice). `creators`, indexed by
    id, may have a `tier`; without it the tiers say nothing.
    """
    outcomes = invitation_outcomes(history).dropna(subset=["accepted"])
    tier_of = _tiers(creators)
    yes = outcomes["accepted"].to_numpy(float)
    if not len(yes) or yes.all():
        return Acceptance(None, tier_of, NO_LEVEL, NO_LEVEL, NO_LEVEL, {}, 1.0)
    overall = float((yes.sum() + 0.5) / (len(yes) + 1))
    creator = outcomes["creator_id"].astype(str)
    names = {
        "tiers": creator.map(lambda one: tier_of.get(one, "")),
        "brands": outcomes["brand_id"].astype(str),
        "creators": creator,
    }
    codes = {level: pd.factorize(values, sort=True) for level, values in names.items()}
    shifts = {level: np.zeros(len(yes)) for level in names}
    levels = dict.fromkeys(names, NO_LEVEL)
    for _ in range(3):
        for level, (code, groups) in codes.items():
            others = sum(shifts[other] for other in names if other != level)
            levels[level] = _level(yes, logit(overall) + others, code, list(groups))
            shifts[level] = levels[level].of(list(names[level]))[0]
    prior = expit(logit(overall) + sum(shifts.values()))
    pair, pairs = pd.factorize(pd.MultiIndex.from_arrays([creator, names["brands"]]))
    k, n = _counted(pair, yes)
    strength = prior_strength(k, n, np.bincount(pair, prior) / n, doubt=0.7)
    known = {(str(c), str(b)): (k[i], n[i]) for i, (c, b) in enumerate(pairs)}
    return Acceptance(overall, tier_of, **levels, pairs=known, pair_strength=strength)


def _tiers(creators: pd.DataFrame | None) -> dict[str, str]:
    if creators is None or "tier" not in creators.columns:
        return {}
    tiers = creators["tier"].dropna()
    return {str(creator): str(tier) for creator, tier in tiers.items()}


def _level(yes: Floats, score: Floats, code: Codes, groups: list[str]) -> Level:
    """Groups' shifts from what is expected of their rows by the other levels."""
    if len(groups) < 2:
        return NO_LEVEL
    k, n = _counted(code, yes)
    expected = np.bincount(code, expit(score)) / n
    s = prior_strength(k, n, expected)
    a, b = k + s * expected, n - k + s * (1 - expected)
    shift = np.log(a / b) - logit(expected)
    overall = float(yes.mean())
    return Level(
        dict(zip(groups, shift.tolist(), strict=True)),
        dict(zip(groups, logit_variance(a, b).tolist(), strict=True)),
        float(logit_variance(np.array([s * overall]), np.array([s * (1 - overall)]))[0]),
    )


def _counted(code: Codes, yes: Floats) -> tuple[Floats, Floats]:
    """Yeses and invitations of each group."""
    return np.bincount(code, yes).astype(np.float64), np.bincount(code).astype(np.float64)


def prior_strength(
    k: Floats, n: Floats, mean: Floats, doubt: float = 1.5, usual: float = 10
) -> float:
    """Beta-binomial strength, in invitations, most likely for k of n given each group's mean.

    The prior is log-normal around `usual` with spread `doubt`.
    """

    def surprise(log_s: float) -> float:
        a, b = np.exp(log_s) * mean, np.exp(log_s) * (1 - mean)
        fit = np.sum(betaln(k + a, n - k + b) - betaln(a, b))
        return float(-fit + 0.5 * ((log_s - np.log(usual)) / doubt) ** 2)

    best = minimize_scalar(surprise, bounds=(np.log(0.5), np.log(1000)), method="bounded")
    return float(np.exp(best.x))
