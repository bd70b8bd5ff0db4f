"""The yardstick of a brand: how merchants like it convert in their own field sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.rates import shrunken
from features.settings import FeatureSettings

Floats = npt.NDArray[np.float64]
LEVELS: Final[Mapping[str, Sequence[str]]] = {
    "industry x tier": ("industry", "brand_tier"),
    "industry": ("industry",),
    "all sessions": (),
}
"""Whom a brand is held against, narrowest first: merchants that share these, in field sessions;
in the last, everybody in all sessions."""
SUMS: Final[Mapping[bool, tuple[str, str]]] = {
    True: ("field_converted", "field_denominator"),
    False: ("all_converted", "all_trials"),
}
"""Orders and what they are read against, of field sessions or not."""
LEAST_REST: Final = 0.01
"""Nearer to 1 no rate is taken to lie, where its spread in logits is asked for."""


@dataclass(frozen=True)
class Group:
    """The merchants a brand is held against; one entry per merchant, 90 days."""

    level: str
    converted: Floats
    trials: Floats
    impressions: Floats
    lines: Floats


def benchmarks(merchants: pd.DataFrame, settings: FeatureSettings) -> pd.DataFrame:
    """One row per brand, in the order given: its benchmark rate and impressions, and how sure.

    `merchants` has industry, brand_tier, field_converted, field_denominator, field_impressions,
    field_shown and the same of all sessions as all_converted, all_trials, all_impressions,
    all_shown. The rate is the plain mean, over the merchants of the group without the brand
    itself, of their pooled rates, each pulled to the group's pooled rate. benchmark_spread is the
    standard deviation of its logit by the chance of single clicks; the luck of evenings is added
    by who knows its size (`features.benchmark_evidence`). That merchants differ makes their own
    mean no less certain. Impressions are per line (one item in one session), geometric mean,
    spread on the log scale.
    """
    groups = _Groups(merchants, settings.benchmark_merchants)
    rows = [_benchmark(groups.of(place), settings) for place in range(len(merchants))]
    columns = {
        "benchmark_rate": float,
        "benchmark_spread": float,
        "benchmark_level": str,
        "benchmark_merchants": int,
        "benchmark_impressions": float,
        "benchmark_impressions_spread": float,
    }
    frame = pd.DataFrame(rows, columns=list(columns), index=merchants.index)
    return frame.astype({name: kind for name, kind in columns.items() if kind is not str})


class _Groups:
    """Who is compared with whom."""

    def __init__(self, merchants: pd.DataFrame, least: int) -> None:
        def numbers(name: str) -> Floats:
            return merchants[name].to_numpy(dtype=float, na_value=0.0)

        shown = ("impressions", "shown")
        self.field = [numbers(n) for n in (*SUMS[True], *(f"field_{name}" for name in shown))]
        self.whole = [numbers(n) for n in (*SUMS[False], *(f"all_{name}" for name in shown))]
        self.codes = {level: brand_groups(merchants, keys) for level, keys in LEVELS.items()}
        self.least = least

    def of(self, place: int) -> Group:
        """The narrowest group with enough merchants, else everybody in all sessions."""
        for level, keys in LEVELS.items():
            codes, sums = self.codes[level], self.field if keys else self.whole
            chosen = (codes == codes[place]) & (codes[place] >= 0) & (sums[1] > 0)
            chosen[place] = False
            if np.count_nonzero(chosen) >= self.least or not keys:
                break
        return Group(level, *(values[chosen] for values in sums))


def brand_groups(brands: pd.DataFrame, keys: Sequence[str]) -> npt.NDArray[np.intp]:
    """The group of each brand, by number: those that share all `keys`; -1 where one is unknown."""
    if not keys:
        return np.zeros(len(brands), dtype=np.intp)
    groups = brands.groupby(list(keys)).ngroup().fillna(-1)
    return np.asarray(groups, dtype=np.intp)


def _benchmark(group: Group, settings: FeatureSettings) -> tuple[object, ...]:
    rate, spread = _mean_rate(group, settings.prior_orders)
    impressions, impressions_spread = _mean_impressions(group, settings.prior_lines)
    return rate, spread, group.level, len(group.trials), impressions, impressions_spread


def _mean_rate(group: Group, strength: float) -> tuple[float, float]:
    trials, converted = group.trials.sum(), group.converted.sum()
    if trials == 0 or converted == 0:
        return (0.0 if trials else np.nan), np.nan
    rates = shrunken(group.converted, group.trials, converted / trials, strength)
    mean, rest = float(rates.mean()), np.maximum(1 - rates, LEAST_REST)
    chance = np.sqrt(np.sum(rates**2 * rest / (group.converted + strength))) / rates.sum()
    return mean, float(chance / max(1 - mean, LEAST_REST))


def _mean_impressions(group: Group, prior_lines: float) -> tuple[float, float]:
    shown = group.lines > 0
    impressions, lines = group.impressions[shown], group.lines[shown]
    if impressions.sum() == 0:
        return np.nan, np.nan
    level = impressions.sum() / lines.sum()
    logs = np.log((impressions + prior_lines * level) / (lines + prior_lines))
    of_a_line = float(np.var(logs, ddof=1)) if len(logs) > 1 else 1.0
    noise = of_a_line / (lines + prior_lines)
    return float(np.exp(logs.mean())), float(np.sqrt(noise.mean() / len(noise)))
