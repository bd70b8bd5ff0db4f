"""What the terms of an offer do to the chance of a yes, and which terms were ever offered."""

from typing import Final

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict
from scipy.special import expit, logit

from models.acceptance.outcomes import Floats

FEWEST_OFFERS: Final = 30
"""Below so many offers a range is read one level wider."""
ENDS: Final = (0.05, 0.95)

CAVEAT: Final = (
    "past offers were not made at random: brands offer more to creators they want more, so what "
    "terms do to a yes may in part be what such creators and brands do; suggestions stay within "
    "the 5 to 95 % of what was offered to creators of that category and tier"
)


class OfferRange(BaseModel):
    """The middle 90 % of what was offered to creators of a category and tier (None: to all)."""

    model_config = ConfigDict(frozen=True)

    category: str | None
    tier: str | None
    commission_lo: float
    commission_hi: float
    offers: int

    @property
    def whose(self) -> str:
        """Whom the range is of, in words."""
        if self.category is None:
            return "all creators" if self.tier is None else f"{self.tier} creators"
        return f"{self.tier} creators of {self.category}"


class OfferTerms(BaseModel):
    """Effects of an offer's terms on the logit of a yes, as learned from past offers."""

    model_config = ConfigDict(frozen=True)

    commission: float | None
    """Of one point more (.01 of GMV); None where offers named too few or always the asked one."""
    commission_se: float | None
    log_fee_ratio: float | None
    """Of the log of the slot fee offered over the one asked."""
    log_fee_ratio_se: float | None
    no_fee: float | None
    """Of offering no slot fee to one who asks for one."""
    points_above_asked: tuple[float, float]
    """Between which points above the asked commission effects were learned; flat beyond."""
    log_fee_ratios: tuple[float, float]
    usual_commission: float | None
    """Taken as asked by creators who name none."""
    answers: int
    ranges: tuple[OfferRange, ...]
    """Each category x tier with enough offers, each tier, and all."""
    caveat: str = CAVEAT

    def range_of(self, category: str | None, tier: str | None) -> OfferRange | None:
        """The narrowest range that is of these creators; None where commission was not named."""
        for wanted in ((category, tier), (None, tier), (None, None)):
            for one in self.ranges:
                if (one.category, one.tier) == wanted:
                    return one
        return None

    def at_commission(
        self, p: float, commission: Floats, usual: float, asked: float | None
    ) -> Floats:
        """P(yes) at other commissions, for one whose P(yes) at the `usual` one is p.

        Above what was learned from it rises no further; below, it goes on falling.
        """
        if self.commission is None:
            return np.full(len(commission), p)
        reference = asked if asked is not None else self.usual_commission or usual
        low, high = self.points_above_asked
        now = np.minimum(100 * (commission - reference), high)
        then = np.clip(100 * (usual - reference), low, high)
        return np.asarray(expit(logit(p) + self.commission * (now - then)))

    def at_fee(self, p: float, fee: float, usual: float, asked: float | None) -> float | None:
        """P(yes) at another slot fee; None where offers of the past do not tell.

        Only creators who ask a fee have been seen to weigh one.
        """
        if fee == usual:
            return p
        if not asked:
            return None
        now, then = self._fee(fee, asked), self._fee(usual, asked)
        return None if now is None or then is None else float(expit(logit(p) + now - then))

    def _fee(self, fee: float, asked: float) -> float | None:
        if fee == 0:
            return self.no_fee
        if self.log_fee_ratio is None:
            return None
        return self.log_fee_ratio * float(min(np.log(fee / asked), self.log_fee_ratios[1]))


def offer_ranges(offers: pd.DataFrame) -> tuple[OfferRange, ...]:
    """Of offers with category, tier ('' unknown) and commission_rate; widest last."""
    named = offers.dropna(subset=["commission_rate"])
    found = []
    for keys in (["category", "tier"], ["tier"], []):
        known = named
        for key in keys:
            known = known[known[key] != ""]
        for _, group in known.groupby(keys, sort=True) if keys else [((), known)]:
            if len(group) >= (FEWEST_OFFERS if keys else 1):
                low, high = group["commission_rate"].quantile(list(ENDS))
                told = {key: str(group[key].iloc[0]) for key in keys}
                found.append(
                    OfferRange(
                        category=told.get("category"),
                        tier=told.get("tier"),
                        commission_lo=float(low),
                        commission_hi=float(high),
                        offers=len(group),
                    )
                )
    return tuple(found)
