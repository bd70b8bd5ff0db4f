"""Forecasts of rates beside each other: cross-entropy, with intervals over hosts."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.figure import Figure

from benchmarks.quality.douyin.forecasts import OURS
from benchmarks.quality.rate_models import Floats, cross_entropy


def compared(
    rows: pd.DataFrame, forecasts: Mapping[str, Floats], draws: int, random_state: int
) -> pd.DataFrame:
    """Mean cross-entropy of each forecast, and what ours takes off it (below 0 is better).

    Intervals draw hosts with replacement, then rows within each host drawn.
    """
    rate = rows["conversion_rate"].to_numpy(float)
    losses = {name: cross_entropy(rate, forecast) for name, forecast in forecasts.items()}
    weights = _drawn_rows(rows, draws, random_state)
    drawn = {name: weights @ loss / weights.sum(axis=1) for name, loss in losses.items()}
    records = []
    for name, loss in losses.items():
        gap = drawn[OURS] - drawn[name]
        low, high = np.quantile(gap, [0.025, 0.975])
        verdict = "better" if high < 0 else "worse" if low > 0 else "level"
        records.append(
            {
                "forecast": name,
                "value": float(loss.mean()),
                "lo95": float(np.quantile(drawn[name], 0.025)),
                "hi95": float(np.quantile(drawn[name], 0.975)),
                "difference": float(losses[OURS].mean() - loss.mean()),
                "difference_lo95": float(low),
                "difference_hi95": float(high),
                "verdict": "" if name == OURS else verdict,
            }
        )
    return pd.DataFrame(records)


def _drawn_rows(rows: pd.DataFrame, draws: int, random_state: int) -> npt.NDArray[np.float32]:
    """How often each row counts in each draw, (draws, rows): its host's copies, then its own."""
    random = np.random.default_rng(random_state)
    host = pd.factorize(rows["creator_id"], sort=True)[0]
    hosts = host.max() + 1
    weights = np.zeros((draws, len(rows)), np.float32)
    at = [np.flatnonzero(host == h) for h in range(hosts)]
    copies = random.multinomial(hosts, np.full(hosts, 1 / hosts), size=draws)
    for draw in range(draws):
        for h in np.flatnonzero(copies[draw]):
            n = len(at[h])
            picked = random.integers(0, n, n * copies[draw, h])
            weights[draw, at[h]] = np.bincount(picked, minlength=n)
    return weights


def drawn(board: pd.DataFrame) -> Figure:
    """Cross-entropy of each forecast with its interval, by kind of fold."""
    figure = Figure(figsize=(8, 2.8), layout="constrained")
    kinds = board["folds"].unique().tolist()
    for axis, kind in zip(figure.subplots(1, len(kinds)), kinds, strict=True):
        rows = board[board["folds"] == kind].iloc[::-1]
        gaps = np.abs([rows["value"] - rows["lo95"], rows["hi95"] - rows["value"]])
        axis.errorbar(rows["value"], range(len(rows)), xerr=gaps, fmt="o", capsize=2)
        axis.set_yticks(range(len(rows)), rows["forecast"].tolist())
        axis.set_title(f"cross-entropy, held out {kind}")
    return figure
