"""The section in words: one sentence, and its Markdown."""

from collections.abc import Mapping, Sequence

import pandas as pd

from benchmarks.quality.douyin.forecasts import FOLDS, INNER_FOLDS, OURS
from benchmarks.quality.rate_effects import FEWEST_ROWS
from benchmarks.quality.report import table


def summary(board: pd.DataFrame, repeats: Mapping[str, Sequence[float]]) -> str:
    """One sentence: better or not than category and host mean, and how far fit repeats."""
    worded = []
    for kind in board["folds"].unique().tolist():
        of = board[board["folds"] == kind].set_index("forecast")
        names = ("category mean", "host mean")
        verdicts = [f"{of.loc[name, 'verdict']} than the {name}" for name in names]
        verdicts = [v.replace("level than", "level with") for v in verdicts]
        worded.append(f"{kind} {' and '.join(verdicts)}")
    r, low, high = repeats["r"]
    return (
        f"Cross-entropy {'; '.join(worded)}; the fit of host and category repeats with r = {r:.2f} "
        f"[{low:.2f}, {high:.2f}] between halves and is {repeats['share'][0]:.1%} of the variance."
    )


def told(
    rows: pd.DataFrame,
    board: pd.DataFrame,
    chosen: Mapping[str, Sequence[str]],
    effects: pd.DataFrame,
    repeats: Mapping[str, Sequence[float]],
) -> str:
    """The section's Markdown."""
    r, r_low, r_high = repeats["r"]
    share, share_low, share_high = repeats["share"]
    sd, sd_low, sd_high = repeats["sd"]
    picked = "; ".join(f"{kind}: {', '.join(of)}" for kind, of in chosen.items())
    zeros = int((rows["conversion_rate"] == 0).sum())
    medians = rows.groupby("category")["conversion_rate"].agg(["median", "size"])
    medians = medians.sort_values("size", ascending=False).head(8)
    told_medians = ", ".join(
        f"{name} {100 * row['median']:.1f} %" for name, row in medians.iterrows()
    )
    return f"""{len(rows):,} products of {rows["creator_id"].nunique()} top hosts, June to August
2021, {rows["category"].nunique()} categories. Rates come without their denominator, so every row
weighs alike and the loss is the plain cross-entropy of rates ({zeros:,} of them are 0). Forecasts
know category, price and host, nothing else. Held out by row ({FOLDS} folds) and by host ({FOLDS}
folds of four hosts nobody has seen). Ours is a logistic model of crossed effects (category, host,
host x category, price by category, each pulled to zero), small LightGBM trees on the same columns,
or the mean of both, and goes all, half or a quarter of the way from the overall rate: whichever did
best on {INNER_FOLDS} folds inside the rows learned from (chosen, {picked}). Intervals draw hosts,
then rows within them. Nothing was chosen on the outer folds.

{table(_worded(board), 4)}

{{figure:cross-entropy}}

**How far the fit repeats.** Residuals of log conversion from category, host and price, mean over a
random half of a host's products of a category against the other half: r = {r:.2f}
[{r_low:.2f}, {r_high:.2f}] over {repeats["cells"][0]:.0f} cells with at least {FEWEST_ROWS}
products, each weighing its products (domain notes: .62); the covariance of halves is {share:.1%}
[{share_low:.1%}, {share_high:.1%}] of the variance of log conversion (domain notes: 4 %). So the
fit is small and real. Where products count alike its standard deviation is {sd:.2f}
[{sd_low:.2f}, {sd_high:.2f}]; in the table below cells count alike, and small ones differ more.

{table(effects, 3)}

Median conversion of the largest categories: {told_medians}. The export holds the top of the market
only, its rates are estimates of 蝉妈妈, and it has no dates: nothing here is a forecast in time.
"""


def _worded(board: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for row in board.to_dict("records"):
        gap = (
            ""
            if row["forecast"] == OURS
            else f"{row['difference']:+.4f} [{row['difference_lo95']:+.4f}, "
            f"{row['difference_hi95']:+.4f}]"
        )
        rows.append(
            {
                "held out": row["folds"],
                "forecast": row["forecast"],
                "cross-entropy": row["value"],
                "ours less it": gap,
                "ours is": row["verdict"],
            }
        )
    return pd.DataFrame(rows)
