"""Comparisons on Complete Journey as a picture, as numbers to track, and beside our baselines."""

import re
from collections.abc import Mapping
from typing import Final

import pandas as pd
from matplotlib.figure import Figure

from benchmarks.quality.peers.compare import OURS, SLICES
from benchmarks.quality.peers.forecasts import PeerForecast
from models.prediction import Floats

MEASURES: Final = {"ndcg10": ("nDCG@10", 1.0), "log_loss": ("log-loss, thousandths", 1000.0)}
COLORS: Final = {"better": "#2b7a4b", "level": "#8a8a8a", "worse": "#b03a2e"}
INTERVAL: Final = ("difference", "difference_lo95", "difference_hi95")


def as_forecasts(baselines: Mapping[str, Floats]) -> dict[str, PeerForecast]:
    """Our own baselines in the shape of peers: they rank by what they forecast."""
    return {
        name: PeerForecast(name, "our features", told, told, is_probability=True, tried=1)
        for name, told in baselines.items()
    }


def gains_table(compared: pd.DataFrame) -> pd.DataFrame:
    """A row per forecast: what ours has over it, with interval and verdict, slice by measure."""
    rows: dict[str, dict[str, str]] = {}
    for row in compared[compared["forecast"] != OURS].to_dict("records"):
        words, scale = MEASURES[row["measure"]]
        middle, low, high = (row[name] * scale for name in INTERVAL)
        part = "" if row["slice"] == "all" else "new: "
        told = f"{middle:+.4f} ({low:+.4f} to {high:+.4f}), {row['verdict']}"
        rows.setdefault(row["forecast"], {})[f"{part}{words}"] = told
    return pd.DataFrame([{"ours over": name} | columns for name, columns in rows.items()])


def drawn_differences(compared: pd.DataFrame) -> Figure:
    """What ours has over each forecast with its 95 % interval; right of the line ours is better."""
    others = list(dict.fromkeys(compared.loc[compared["forecast"] != OURS, "forecast"]))
    figure = Figure(figsize=(11, 1.2 + 0.5 * len(others)), layout="constrained")
    for place, part in enumerate(SLICES):
        for column, (measure, (words, scale)) in enumerate(MEASURES.items()):
            axes = figure.add_subplot(2, 2, 2 * place + column + 1)
            chosen = compared[(compared["measure"] == measure) & (compared["slice"] == part)]
            for row in chosen[chosen["forecast"] != OURS].to_dict("records"):
                height = len(others) - others.index(row["forecast"])
                middle, low, high = (row[name] * scale for name in INTERVAL)
                color = COLORS[row["verdict"]]
                axes.plot([low, high], [height, height], color=color, linewidth=2)
                axes.plot([middle], [height], "o", color=color, markersize=4)
            axes.axvline(0, color="black", linewidth=0.8)
            axes.set_yticks(
                range(len(others), 0, -1), others if column == 0 else [""] * len(others)
            )
            axes.set_title(f"{words}: ours is better by, {SLICES[part]}", fontsize=8)
            axes.tick_params(labelsize=7)
    return figure


def metrics_of(
    scores: Mapping[str, Mapping[str, float]], compared: pd.DataFrame
) -> dict[str, float]:
    """Every forecast's scores; of every peer its value and what ours has over it, with interval."""
    found = {
        f"{_key(name)}/{measure}": value
        for name, of_name in scores.items()
        for measure, value in of_name.items()
    }
    for row in compared[compared["forecast"] != OURS].to_dict("records"):
        of_row = f"peers/{_key(row['forecast'])}/{row['slice']}/{row['measure']}"
        found |= {f"{of_row}/{name}": row[name] for name in ("value", *INTERVAL)}
    return found


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
