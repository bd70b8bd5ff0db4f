"""Conversion of a product for a host on a real 蝉妈妈 export: category, price and host alone."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.figure import Figure
from scipy.special import expit, logit

from benchmarks.quality.looks import look, looks_in_words
from benchmarks.quality.rate_effects import (
    FEWEST_ROWS,
    TOLD,
    Effects,
    drawn_hosts,
    split_half,
)
from benchmarks.quality.rate_models import (
    Floats,
    Model,
    cross_entropy,
    crossed,
    mean_of,
    trees,
)
from benchmarks.quality.report import save_svg, table
from benchmarks.quality.section import QualitySettings, Section, absent
from pipelines.code_version import code_version
from pipelines.progress import Progress
from pipelines.sources.chanmama import product_rates

NAME: Final = "douyin"
TITLE: Final = "Conversion of products in a real Douyin export"
FOLDER: Final = "douyin_live_export"
FOLDS: Final = 5
INNER_FOLDS: Final = 3
OURS: Final = "ours"
BASELINES: Final[Mapping[str, Model]] = {
    "overall mean": mean_of(),
    "category mean": mean_of("category"),
    "host mean": mean_of("creator_id"),
    "host x category mean": mean_of("creator_id", "category"),
}
PARTS: Final[Mapping[str, Model]] = {
    "crossed effects": crossed(host=3.0, fit=3.0),
    "trees": trees,
}
SHARES: Final = (1.0, 0.5, 0.25)
"""Of the way from the overall rate to what the parts say, in logits."""
MIXES: Final = {"crossed effects": (1.0, 0.0), "trees": (0.0, 1.0), "both": (0.5, 0.5)}
DRAWS: Final = 1000


def section(settings: QualitySettings, progress: Progress) -> Section:
    """Rates forecast for rows held out, and for hosts held out; then what repeats."""
    folder = settings.datasets / FOLDER
    if not folder.is_dir():
        return absent(NAME, TITLE, "the 蝉妈妈 export of 20 Douyin hosts is not here.")
    rows = product_rates(folder).dropna(subset=["conversion_rate"]).reset_index(drop=True)
    if settings.small:
        rows = rows.iloc[::8].reset_index(drop=True)
    random = np.random.default_rng(settings.random_state)
    draws = 50 if settings.small else DRAWS
    of_host = pd.factorize(rows["creator_id"], sort=True)[0]
    host_fold = random.permutation(of_host.max() + 1) % FOLDS
    kinds = {"by row": random.permutation(len(rows)) % FOLDS, "by host": host_fold[of_host]}
    boards, chosen = [], {}
    for i, (kind, fold) in enumerate(kinds.items()):
        progress("conversion of products", i, len(kinds))
        forecasts, chosen[kind] = held_out(rows, fold, by_host=kind == "by host")
        board = compared(rows, forecasts, draws, settings.random_state)
        board.insert(0, "folds", kind)
        boards.append(board)
    board = pd.concat(boards, ignore_index=True)
    progress("conversion of products", len(kinds), len(kinds))
    effects, repeats = what_repeats(rows, 20 if settings.small else 200, settings.random_state)
    picture = save_svg(drawn(board), settings.scratch / NAME / "cross-entropy.svg")
    values = {
        f"{row['folds'].replace(' ', '-')}/{row['forecast'].replace(' ', '-')}": row["value"]
        for row in board.to_dict("records")
    }
    text = told(rows, board, chosen, effects, repeats)
    if not settings.small:
        look(NAME, code_version(), "rows and hosts held out")
        text += "\n\n" + looks_in_words(NAME, "These folds")
    return Section(
        NAME,
        TITLE,
        text,
        summary(board, repeats),
        {"cross-entropy": picture},
        values | {f"split-half/{name}": found[0] for name, found in repeats.items()},
    )


def held_out(
    rows: pd.DataFrame, fold: npt.NDArray[np.intp], by_host: bool
) -> tuple[dict[str, Floats], list[str]]:
    """Forecasts of each row from the other folds, and what inner folds chose in each."""
    forecasts = {name: np.empty(len(rows)) for name in (*BASELINES, *PARTS, OURS)}
    chosen = []
    for i in range(FOLDS):
        known, asked, at = rows[fold != i], rows[fold == i], fold == i
        for name, model in BASELINES.items():
            forecasts[name][at] = model(known, asked)
        parts = {name: model(known, asked) for name, model in PARTS.items()}
        for name, forecast in parts.items():
            forecasts[name][at] = forecast
        mix, share = best_mix(known, by_host, seed=i)
        overall = float(known["conversion_rate"].mean())
        forecasts[OURS][at] = mixed(parts, overall, mix, share)
        chosen.append(f"{mix} {share:g}")
    return forecasts, chosen


def best_mix(known: pd.DataFrame, by_host: bool, seed: int) -> tuple[str, float]:
    """The mix and share with the lowest cross-entropy on folds inside the known rows."""
    random = np.random.default_rng(seed)
    host = pd.factorize(known["creator_id"], sort=True)[0]
    if by_host:
        fold = (random.permutation(host.max() + 1) % INNER_FOLDS)[host]
    else:
        fold = random.permutation(len(known)) % INNER_FOLDS
    losses = {(mix, share): 0.0 for mix in MIXES for share in SHARES}
    for i in range(INNER_FOLDS):
        inner, asked = known[fold != i], known[fold == i]
        parts = {name: model(inner, asked) for name, model in PARTS.items()}
        overall = float(inner["conversion_rate"].mean())
        rate = asked["conversion_rate"].to_numpy(float)
        for mix, share in losses:
            forecast = mixed(parts, overall, mix, share)
            losses[mix, share] += float(cross_entropy(rate, forecast).sum())
    return min(losses, key=lambda choice: losses[choice])


def mixed(parts: Mapping[str, Floats], overall: float, mix: str, share: float) -> Floats:
    """Mean logit of the parts, and only a share of the way there from the overall rate."""
    logits = sum(w * logit(parts[name]) for w, name in zip(MIXES[mix], parts, strict=True))
    base = float(logit(overall))
    return np.asarray(expit(base + share * (logits - base)))


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


def what_repeats(
    rows: pd.DataFrame, draws: int, random_state: int
) -> tuple[pd.DataFrame, dict[str, tuple[float, ...]]]:
    """The sizes of effects beside those told before, and how far the fit of a pair repeats.

    Intervals draw hosts with replacement.
    """
    random = np.random.default_rng(random_state)
    found = Effects.of(rows).told()
    r, share, cells = split_half(rows, 100, random_state)
    drawn_effects, drawn_repeats = [], []
    for _ in range(draws):
        some = drawn_hosts(rows, random)
        drawn_effects.append(Effects.of(some).told())
        drawn_repeats.append(split_half(some, 5, random_state)[:2])
    sizes = pd.DataFrame(drawn_effects)
    effects = pd.DataFrame(
        [
            {
                "effect on log conversion": name,
                "found": value,
                "95 % from": float(sizes[name].quantile(0.025)),
                "to": float(sizes[name].quantile(0.975)),
                "domain notes": TOLD[name],
            }
            for name, value in found.items()
        ]
    )
    low, high = np.quantile(np.array(drawn_repeats), [0.025, 0.975], axis=0)
    spread = float(np.log(rows["conversion_rate"][rows["conversion_rate"] > 0]).var())
    repeats: dict[str, tuple[float, ...]] = {
        "r": (r, float(low[0]), float(high[0])),
        "share": (share, float(low[1]), float(high[1])),
        "sd": tuple(float(np.sqrt(max(s, 0) * spread)) for s in (share, low[1], high[1])),
        "cells": (float(cells),),
    }
    return effects, repeats


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
