"""P(yes) of an offer: its terms, who asks whom, and how tiers, brands and creators answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from models.acceptance.hierarchical import prior_strength
from models.acceptance.invitations import COVARIATES, Invitations, Sides, covariates
from models.acceptance.mixed import Codes, Fitted, fit_mixed
from models.acceptance.outcomes import (
    AcceptanceForecast,
    Floats,
    beta_interval,
    invitation_outcomes,
    logit_variance,
)
from models.acceptance.terms import OfferTerms, offer_ranges

SMOOTHING: Final = np.pi / 8
"""The mean of a logistic over a normal logit with mean m and variance v is close to
logistic(m / sqrt(1 + pi v / 8)) (MacKay 1992)."""
PAIR_STRENGTH: Final = 25
"""Invitations that what is expected of a pair counts for, where pairs are hardly invited twice.
Chosen on simulated worlds: there 80 % intervals hold the true chance of about 80 %."""
BEYOND: Final = (0.005, 0.995)
FEWEST_UNFEED: Final = 20
"""Invitations without a fee to creators who ask one, from which on their effect is told."""


@dataclass(frozen=True)
class Scale:
    """How a covariate is read: cut to what was seen, less its middle, over its spread."""

    low: float
    high: float
    middle: float
    spread: float

    def read(self, values: Floats) -> Floats:
        known = np.clip(np.where(np.isnan(values), self.middle, values), self.low, self.high)
        return (known - self.middle) / self.spread


@dataclass(frozen=True)
class OfferAcceptance:
    """What past offers taught. `fitted` is None where nobody ever declined (or answered)."""

    sides: Sides
    fitted: Fitted | None
    scales: Mapping[str, Scale]
    groups: tuple[pd.Index, ...]
    creators: pd.Index
    pairs: pd.DataFrame
    """By creator and brand: yes, answers, and the yeses that were to be expected."""
    pair_strength: float
    usual_commission: float
    terms: OfferTerms | None

    def predict(self, offers: Invitations) -> AcceptanceForecast:
        """P(yes to one invitation) of each offer; the interval is of that chance, not the answer.

        Terms beyond what was ever offered are read as the most (or least) that was.
        """
        if self.fitted is None:
            unknown = np.full(len(offers), np.nan)
            return AcceptanceForecast(unknown, unknown.copy(), unknown.copy())
        p, variance = self._expected(offers)
        asked = pd.MultiIndex.from_arrays([offers.creator_id, offers.brand_id])
        past = self.pairs.reindex(asked).fillna(0.0)
        k, n = past["yes"].to_numpy(float), past["answers"].to_numpy(float)
        usual = np.where(n > 0, past["expected"].to_numpy(float) / np.maximum(n, 1), p)
        s = self.pair_strength
        a, b = k + s * usual, n - k + s * (1 - usual)
        mean = expit(logit(p) + np.log(a / b) - logit(usual))
        doubt = logit_variance(a, b) + variance * (s / (n + s)) ** 2
        return AcceptanceForecast(mean, *beta_interval(mean, doubt))

    def _expected(self, offers: Invitations) -> tuple[Floats, Floats]:
        """P(yes) before the pair's own past, and the variance of its logit."""
        assert self.fitted is not None
        x = _read(covariates(offers, self.sides, self.usual_commission), self.scales, len(offers))
        names = _group_names(offers, self.sides)
        codes = [
            index.get_indexer(pd.Index(name))
            for index, name in zip(self.groups, names, strict=True)
        ]
        unit = self.creators.get_indexer(pd.Index(offers.creator_id))
        score, variance = self.fitted.score(x, codes, unit)
        return expit(score / np.sqrt(1 + SMOOTHING * variance)), variance


def fit_offer_acceptance(history: pd.DataFrame, sides: Sides) -> OfferAcceptance:
    """Learned from `features.history.collaboration_history` as of a date.

    A logistic regression on COVARIATES in which tiers, brand tiers, brands and creators shift
    the logit (`models.acceptance.mixed`); then the pair's own past, as a beta-binomial around
    what was to be expected of it. What a creator asks is read as of the date of `sides`.
    """
    outcomes = invitation_outcomes(history)
    answered = outcomes.dropna(subset=["accepted"])
    yes = answered["accepted"].to_numpy(float)
    offers = Invitations.of(answered)
    named = offers.commission_rate[~np.isnan(offers.commission_rate)]
    usual = float(np.median(named)) if len(named) else np.nan
    nothing = pd.DataFrame(columns=["yes", "answers", "expected"], dtype=float)
    nothing.index = pd.MultiIndex.from_arrays([[], []])
    if not len(yes) or yes.all():
        return OfferAcceptance(sides, None, {}, (), pd.Index([]), nothing, 1.0, usual, None)
    values = covariates(offers, sides, usual)
    scales = {name: s for name in COVARIATES if (s := _scale(name, values[name])) is not None}
    coded = [pd.factorize(name, sort=True) for name in _group_names(offers, sides)]
    unit, creators = pd.factorize(offers.creator_id, sort=True)
    x = _read(values, scales, len(yes))
    codes: list[Codes] = [code for code, _ in coded]
    fitted = fit_mixed(yes, x, codes, unit)
    score, variance = fitted.score(x, codes, unit)
    expected = expit(score / np.sqrt(1 + SMOOTHING * variance))
    frame = pd.DataFrame({"yes": yes, "answers": 1.0, "expected": expected})
    pairs = frame.groupby([offers.creator_id, offers.brand_id], sort=True).sum()
    n = pairs["answers"].to_numpy(float)
    strength = prior_strength(
        pairs["yes"].to_numpy(float),
        n,
        pairs["expected"].to_numpy(float) / n,
        doubt=0.7,
        usual=PAIR_STRENGTH,
    )
    return OfferAcceptance(
        sides,
        fitted,
        scales,
        tuple(pd.Index(index) for _, index in coded),
        pd.Index(creators),
        pairs,
        strength,
        usual,
        _terms(fitted, scales, float(variance.mean()), offers, values, outcomes, sides, usual),
    )


def _group_names(offers: Invitations, sides: Sides) -> tuple[npt.NDArray[np.object_], ...]:
    """Tier, brand tier and brand of each offer."""
    return (
        sides.texts("creators", "tier", offers.creator_id),
        sides.texts("brands", "brand_tier", offers.brand_id),
        offers.brand_id.astype(object),
    )


def _scale(name: str, values: Floats) -> Scale | None:
    """How to read a covariate; None where it tells no offers apart.

    Terms are read from what is asked, which is 0, so that unnamed ones count as asked.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, high = (float(end) for end in np.quantile(known, BEYOND))
    if name in ("asks_fee", "no_fee", "category_match"):
        low, high = 0.0, 1.0
    spread = float(np.clip(known, low, high).std())
    middle = 0.0 if name in ("commission", "log_fee_ratio", "no_fee") else float(known.mean())
    return Scale(min(low, middle), max(high, middle), middle, spread) if spread > 1e-9 else None


def _read(values: Mapping[str, Floats], scales: Mapping[str, Scale], n: int) -> Floats:
    """A column of ones, then the covariates that were learned from."""
    return np.column_stack([np.ones(n), *(scales[name].read(values[name]) for name in scales)])


def _terms(
    fitted: Fitted,
    scales: Mapping[str, Scale],
    doubt: float,
    offers: Invitations,
    values: Mapping[str, Floats],
    outcomes: pd.DataFrame,
    sides: Sides,
    usual: float,
) -> OfferTerms:
    """Effects in the terms' own units, as they move a mean chance rather than a known logit."""
    shrink = float(1 / np.sqrt(1 + SMOOTHING * doubt))
    place = {name: i + 1 for i, name in enumerate(scales)}

    def effect(name: str) -> tuple[float | None, float | None]:
        if name not in scales:
            return None, None
        i, per = place[name], shrink / scales[name].spread
        return (
            float(per * fitted.coefficients[i]),
            float(per * np.sqrt(fitted.covariance[i, i])),
        )

    def seen(name: str) -> tuple[float, float]:
        scale = scales.get(name)
        return (0.0, 0.0) if scale is None else (scale.low, scale.high)

    commission, commission_se = effect("commission")
    ratio, ratio_se = effect("log_fee_ratio")
    unpaid = np.nansum(values["no_fee"]) >= FEWEST_UNFEED
    ids = outcomes["creator_id"].to_numpy(dtype=np.str_)
    told = pd.DataFrame(
        {
            "category": sides.texts("creators", "main_category", ids),
            "tier": sides.texts("creators", "tier", ids),
            "commission_rate": Invitations.of(outcomes).commission_rate,
        }
    )
    return OfferTerms(
        commission=commission,
        commission_se=commission_se,
        log_fee_ratio=ratio,
        log_fee_ratio_se=ratio_se,
        no_fee=effect("no_fee")[0] if unpaid else None,
        points_above_asked=seen("commission"),
        log_fee_ratios=seen("log_fee_ratio"),
        usual_commission=None if np.isnan(usual) else usual,
        answers=len(offers),
        ranges=offer_ranges(told),
    )
