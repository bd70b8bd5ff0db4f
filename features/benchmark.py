"""The yardstick of a brand: how merchants like it convert in their own field sessions."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.rates import shrunken
from features.settings import FeatureSettings

Floats = npt.NDArray[np.float64]
LEVELS = ("industry x tier", "industry", "all sessions")


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
    standard deviation of its logit: each rate is uncertain. That merchants differ makes their own
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

        def codes(*names: str) -> npt.NDArray[np.int64]:
            return np.asarray(merchants.groupby(list(names)).ngroup())

        names = ("converted", "denominator", "impressions", "shown")
        self.field = [numbers(f"field_{name}") for name in names]
        self.whole = [numbers(f"all_{name}") for name in ("converted", "trials", *names[2:])]
        self.codes = {LEVELS[0]: codes("industry", "brand_tier"), LEVELS[1]: codes("industry")}
        self.least = least

    def of(self, place: int) -> Group:
        """The narrowest group with enough merchants, else everybody in all sessions."""
        for level, codes in self.codes.items():
            chosen = (codes == codes[place]) & (codes[place] >= 0) & (self.field[1] > 0)
            chosen[place] = False
            if np.count_nonzero(chosen) >= self.least:
                return Group(level, *(values[chosen] for values in self.field))
        chosen = self.whole[1] > 0
        chosen[place] = False
        return Group(LEVELS[2], *(values[chosen] for values in self.whole))


def _benchmark(group: Group, settings: FeatureSettings) -> tuple[object, ...]:
    rate, spread = _mean_rate(group, settings.prior_orders)
    impressions, impressions_spread = _mean_impressions(group, settings.prior_lines)
    return rate, spread, group.level, len(group.trials), impressions, impressions_spread


def _mean_rate(group: Group, strength: float) -> tuple[float, float]:
    trials, converted = group.trials.sum(), group.converted.sum()
    if trials == 0 or converted == 0:
        return (0.0 if trials else np.nan), np.nan
    rates = shrunken(group.converted, group.trials, converted / trials, strength)
    return float(rates.mean()), _spread_of_mean(1 / (group.converted + strength))


def _mean_impressions(group: Group, prior_lines: float) -> tuple[float, float]:
    shown = group.lines > 0
    impressions, lines = group.impressions[shown], group.lines[shown]
    if impressions.sum() == 0:
        return np.nan, np.nan
    level = impressions.sum() / lines.sum()
    logs = np.log((impressions + prior_lines * level) / (lines + prior_lines))
    of_a_line = float(np.var(logs, ddof=1)) if len(logs) > 1 else 1.0
    return float(np.exp(logs.mean())), _spread_of_mean(of_a_line / (lines + prior_lines))


def _spread_of_mean(noise: Floats) -> float:
    """Standard error of the mean of merchants that are each measured with this variance."""
    return float(np.sqrt(noise.mean() / len(noise)))
