"""Pictures of a trained model for its tracking pages and its card: calibration and importance."""

from html import escape
from math import ceil, floor, log10
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


def calibration_svg(table: pd.DataFrame, *, share: bool, title: str) -> str:
    """Forecast against observed on logarithmic axes, as SVG in the colours of the page around it.

    From `metrics.calibration_table`; a bin where nothing happened lies on the lower edge.
    """
    shown = table[table["forecast"] > 0]
    size, edge, floor = 300, 46, 34
    low, high = _decades(shown)
    wide = size - edge - 8

    def across(value: float) -> float:
        return edge + wide * (log10(max(value, low)) - log10(low)) / (log10(high) - log10(low))

    def up(value: float) -> float:
        return size - floor - (across(value) - edge) * (size - floor - 8) / wide

    parts = [
        f'<svg viewBox="0 0 {size} {size}" width="{size}" height="{size}" role="img" '
        f'aria-label="{escape(title)}" font-size="10" fill="currentColor" stroke="none">'
    ]
    for tick in _ticks(low, high):
        x, y, word = across(tick), up(tick), _tick_words(tick, share)
        parts.append(
            f'<path d="M{x:.1f} 8V{size - floor}M{edge} {y:.1f}H{size - 8}" stroke="currentColor" '
            f'stroke-opacity=".12"/><text x="{x:.1f}" y="{size - floor + 13}" '
            f'text-anchor="middle">{word}</text><text x="{edge - 5}" y="{y + 3:.1f}" '
            f'text-anchor="end">{word}</text>'
        )
    parts.append(
        f'<path d="M{across(low):.1f} {up(low):.1f}L{across(high):.1f} {up(high):.1f}" '
        f'stroke="currentColor" stroke-opacity=".5" stroke-dasharray="4 3"/>'
        f'<text x="{(size + edge) / 2}" y="{size - 4}" text-anchor="middle">said</text>'
        f'<text x="10" y="{(size - floor) / 2}" text-anchor="middle" '
        f'transform="rotate(-90 10 {(size - floor) / 2})">happened</text>'
    )
    colour = "var(--mark,#2f5fb3)"
    points = [(across(f), up(o)) for f, o in zip(shown["forecast"], shown["observed"], strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
    parts += [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="var(--mark,#2f5fb3)"/>' for x, y in points
    ]
    return "".join(parts) + "</svg>"


def _decades(shown: pd.DataFrame) -> tuple[float, float]:
    """Ends of both axes: a little beyond the smallest and the largest value above 0."""
    values = shown[["forecast", "observed"]].to_numpy().ravel()
    values = values[values > 0]
    if not len(values):
        return 0.01, 1.0
    low, high = float(values.min()) / 1.3, float(values.max()) * 1.3
    return (low, high) if high / low > 3 else (low / 1.7, high * 1.7)


def _ticks(low: float, high: float) -> list[float]:
    """1, 2, 5 of each decade within the axes; only powers of ten where that would be crowded."""
    powers = range(floor(log10(low)), ceil(log10(high)) + 1)
    steps = (1, 2, 5) if log10(high / low) < 1.8 else (1, 3) if log10(high / low) < 3 else (1,)
    return [s * 10.0**p for p in powers for s in steps if low <= s * 10.0**p <= high]


def _tick_words(value: float, share: bool) -> str:
    if share:
        return f"{100 * value:.3g}%"
    thousands = value / 1000
    return f"{value:.3g}" if thousands < 1 else f"{thousands:,.0f}k"
