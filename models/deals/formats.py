"""What a dedicated session does against mixed ones of the same creator, by tier, how surely."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from models.money import Z80
from models.prediction import Floats

FORMATS: Final = ("mixed", "dedicated")
FEWEST_CREATORS: Final = 5
"""Who were seen in both formats, to say anything of a tier (or of all)."""
CAVEAT: Final = (
    "dedicated sessions were chosen, not drawn: they went to brands and creators that suited"
)


class Ratio(BaseModel):
    """A ratio of means with its 80 % interval; `spread` is the sd of its logarithm."""

    model_config = ConfigDict(frozen=True)

    mean: float
    lo80: float
    hi80: float
    spread: float


class FormatEffect(BaseModel):
    """Dedicated over mixed, of the same creators, per line (one product in one session)."""

    model_config = ConfigDict(frozen=True)

    gmv: Ratio | None
    impressions: Ratio | None
    products: float
    """How many products a dedicated session shows."""
    sessions: int
    """Dedicated sessions seen."""
    creators: int
    """Who were seen in both formats."""


class FormatEffects(BaseModel):
    """The effect for all, and for each tier, drawn towards that of all."""

    model_config = ConfigDict(frozen=True)

    overall: FormatEffect | None
    tiers: Mapping[str, FormatEffect]
    absent: str | None
    """Why there is none."""

    def of(self, tier: str | None) -> FormatEffect | None:
        """The tier's; that of all where the tier is unknown or was hardly seen."""
        return self.tiers.get(tier or "", self.overall)


def format_effects(sums: pd.DataFrame, tier_of: Mapping[str, str]) -> FormatEffects:
    """From `features.formats.format_sums`: log ratios by tier, shrunk to that of all."""
    dedicated = sums[sums["format"] == "dedicated"]
    if not len(dedicated):
        why = "no dedicated session is in the source (sessions.format)"
        return FormatEffects(overall=None, tiers={}, absent=why)
    both = _in_both(sums)
    if len(both) < FEWEST_CREATORS:
        why = (
            f"only {len(both)} creators were seen in both dedicated and mixed sessions; "
            f"{FEWEST_CREATORS} are needed to tell the formats apart"
        )
        return FormatEffects(overall=None, tiers={}, absent=why)
    tier = both.index.map(lambda creator: tier_of.get(str(creator), ""))
    shown = dedicated["creator_id"].map(lambda creator: tier_of.get(str(creator), ""))
    ratios = {name: _by_tier(both, name, np.asarray(tier)) for name in ("gmv", "impressions")}
    names = sorted({name for name in tier if name and (tier == name).sum() >= FEWEST_CREATORS})

    def effect(name: str | None) -> FormatEffect:
        some = dedicated if name is None else dedicated[(shown == name).to_numpy()]
        return FormatEffect(
            gmv=ratios["gmv"].get(name),
            impressions=ratios["impressions"].get(name),
            products=float(some["lines"].sum() / some["sessions"].sum()),
            sessions=int(some["sessions"].sum()),
            creators=len(both) if name is None else int((tier == name).sum()),
        )

    return FormatEffects(
        overall=effect(None), tiers={name: effect(name) for name in names}, absent=None
    )


def _in_both(sums: pd.DataFrame) -> pd.DataFrame:
    """Creators seen in both formats, with their sums side by side as (name, format)."""
    parts = {one: sums[sums["format"] == one].set_index("creator_id") for one in FORMATS}
    both = parts["mixed"].index.intersection(parts["dedicated"].index).sort_values()
    wide = pd.concat({one: parts[one].loc[both] for one in FORMATS}, axis=1)
    return wide.swaplevel(axis=1)


def _by_tier(both: pd.DataFrame, name: str, tier: np.ndarray) -> dict[str | None, Ratio]:
    """Ratios by tier, None for all; empty where too few creators count."""
    counted = {"gmv": "gmv_lines", "impressions": "impression_lines"}[name]
    d, m = (both[name, one].to_numpy(float) for one in ("dedicated", "mixed"))
    n_d, n_m = (both[counted, one].to_numpy(float) for one in ("dedicated", "mixed"))
    there = (n_d > 0) & (n_m > 0) & (d + m > 0)
    if there.sum() < FEWEST_CREATORS:
        return {}
    parts = _weighted(d[there], m[there], n_d[there], n_m[there])
    tier = tier[there]
    whole, doubt = _log_ratio(*parts)
    if not np.isfinite(whole):
        return {}
    found = {}
    for one in sorted(set(tier) - {""}):
        of = tier == one
        if of.sum() >= FEWEST_CREATORS:
            found[one] = _log_ratio(parts[0][of], parts[1][of])
    found = {one: told for one, told in found.items() if np.isfinite(told).all()}
    between = _between(np.array(list(found.values())).reshape(-1, 2), whole)
    ratios: dict[str | None, Ratio] = {None: _ratio(whole, doubt + between)}
    for one, (log, variance) in found.items():
        weight = between / (between + variance) if between > 0 else 0.0
        shrunk = weight * log + (1 - weight) * whole
        ratios[one] = _ratio(shrunk, weight * variance + (1 - weight) ** 2 * doubt)
    return ratios


def _weighted(d: Floats, m: Floats, n_d: Floats, n_m: Floats) -> tuple[Floats, Floats]:
    """Each creator's part of both sides of a Mantel-Haenszel ratio, creators on one scale."""
    lines = n_d + n_m
    scale = (d + m) / lines
    return d * n_m / lines / scale, m * n_d / lines / scale


def _log_ratio(up: Floats, down: Floats) -> tuple[float, float]:
    """Log of the ratio of sums, and its variance by leaving out one creator at a time."""
    with np.errstate(divide="ignore", invalid="ignore"):
        log = float(np.log(up.sum() / down.sum()))
        each = np.log((up.sum() - up) / (down.sum() - down))
    n = len(up)
    return log, float((n - 1) / n * np.sum((each - each.mean()) ** 2))


def _between(found: Floats, whole: float) -> float:
    """Variance between tiers beyond what their own doubt makes (DerSimonian and Laird 1986)."""
    if len(found) < 2:
        return 0.0
    weight = 1 / np.maximum(found[:, 1], 1e-9)
    spread = float(np.sum(weight * (found[:, 0] - np.average(found[:, 0], weights=weight)) ** 2))
    per = float(weight.sum() - np.sum(weight**2) / weight.sum())
    return max(0.0, (spread - (len(found) - 1)) / per)


def _ratio(log: float, variance: float) -> Ratio:
    sd = float(np.sqrt(variance))
    low, high = np.exp([log - Z80 * sd, log + Z80 * sd])
    told = (float(f"{value:.6g}") for value in (np.exp(log), low, high, sd))  # sums have no order
    mean, lo80, hi80, spread = told
    return Ratio(mean=mean, lo80=lo80, hi80=hi80, spread=spread)
