"""Pictures of a trained model for the tracking pages: calibration and importance."""

from pathlib import Path

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def calibration_plot(table: pd.DataFrame, title: str, path: Path) -> Path:
    """Write a PNG of forecast against observed, from `metrics.calibration_table`."""
    figure = Figure(figsize=(5, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    top = max(float(table[["forecast", "observed"]].max().max()), 1e-9) if len(table) else 1.0
    axes.plot([0, top], [0, top], color="0.6", linewidth=1, label="exact")
    axes.plot(table["forecast"], table["observed"], marker="o", label="bins of equal trials")
    axes.set(xlabel="forecast", ylabel="observed", title=title)
    axes.legend()
    figure.savefig(path, dpi=100)
    return path


def importance_plot(importance: pd.DataFrame, title: str, path: Path, top: int = 20) -> Path:
    """Write a PNG of the features that removed most loss (columns feature and gain)."""
    shown = importance.head(top).iloc[::-1]
    figure = Figure(figsize=(7, 0.3 * max(len(shown), 1) + 1.2), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.barh(shown["feature"], shown["gain"])
    axes.set(xlabel="share of the loss removed", title=title)
    figure.savefig(path, dpi=100)
    return path
