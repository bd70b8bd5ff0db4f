"""The frontier of a portfolio as a picture: budget against what it brings."""

from collections.abc import Callable
from html import escape
from math import floor, log10

from features.errors import WrongInput
from models.portfolio.frontier import FrontierPoint
from models.portfolio.portfolio import Portfolio
from serving.words import amount

WIDE, HIGH = 640, 400
LEFT, RIGHT, TOP, BELOW = 76, 24, 44, 52
TICKS = 6
LINE, MARK = "#1f5fa8", "#c2410c"


def frontier_svg(told: Portfolio) -> str:
    """An SVG that stands alone. Raises WrongInput where there is no frontier to draw."""
    points = told.frontier
    if len(points) < 2 or points[-1].budget <= 0:
        raise WrongInput(
            f"There is no frontier of '{told.brand_id}' to draw: nothing that could be asked costs "
            "a slot fee or a sample."
        )
    widest = max(point.budget for point in points)
    highest = max(1e-9, told.worth, *(point.worth for point in points))
    across, up = _scale(widest, LEFT, WIDE - RIGHT), _scale(highest, HIGH - BELOW, TOP)
    path = " ".join(f"{across(p.budget):.1f},{up(p.worth):.1f}" for p in points)
    name, aim = escape(told.brand_name or told.brand_id), escape(told.objective)
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" '
        f'height="{HIGH}" font-family="sans-serif" font-size="12" fill="#1a1a1a" role="img">',
        f"<title>What a budget brings {name}</title>",
        f'<rect width="{WIDE}" height="{HIGH}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="15">{name}: {aim}, by budget</text>',
        *(_below(across(tick), amount(tick)) for tick in _ticks(widest)),
        *(_beside(up(tick), amount(tick)) for tick in _ticks(highest)),
        f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>',
        *(_dot(point, across(point.budget), up(point.worth)) for point in points),
        _chosen(told, across, up),
        f'<text x="{(LEFT + WIDE - RIGHT) / 2:.0f}" y="{HIGH - 12}" text-anchor="middle">'
        f"budget of slot fees and samples, {escape(told.currency)}</text></svg>",
    )
    return "\n".join(parts) + "\n"


def _below(x: float, words: str) -> str:
    """A tick of the budget."""
    return (
        f'<line x1="{x:.1f}" y1="{HIGH - BELOW}" x2="{x:.1f}" y2="{HIGH - BELOW + 5}" '
        f'stroke="#777"/><text x="{x:.1f}" y="{HIGH - BELOW + 18}" text-anchor="middle">'
        f"{words}</text>"
    )


def _beside(y: float, words: str) -> str:
    """A tick of what is brought, with its line."""
    return (
        f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDE - RIGHT}" y2="{y:.1f}" stroke="#e4e4e0"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{words}</text>'
    )


def _dot(point: FrontierPoint, x: float, y: float) -> str:
    words = f"budget {amount(point.budget)}: {point.creators} creators, {amount(point.worth)}"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{LINE}"><title>{words}</title></circle>'


def _chosen(told: Portfolio, across: "_Scale", up: "_Scale") -> str:
    """The portfolio itself, at what it spends."""
    spent = told.spent_if_all if told.wishes.hard_budget else told.spent
    x, y = across(spent), up(told.worth)
    anchor, shift = ("end", -9) if x > WIDE / 2 else ("start", 9)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="none" stroke="{MARK}" stroke-width="2"/>'
        f'<text x="{x + shift:.1f}" y="{y + 20:.1f}" text-anchor="{anchor}" fill="{MARK}">'
        f"this portfolio: {len(told.picks)} creators, {amount(told.worth)}</text>"
    )


_Scale = Callable[[float], float]


def _scale(top: float, low: float, high: float) -> _Scale:
    """From 0..top to low..high."""
    return lambda value: low + (high - low) * value / top


def _ticks(top: float) -> list[float]:
    """Round numbers from 0 to the top.

    >>> _ticks(290_000)
    [0, 50000.0, 100000.0, 150000.0, 200000.0, 250000.0]
    """
    step = 10.0 ** floor(log10(top / TICKS))
    step = next(step * many for many in (1, 2, 5, 10) if top / (step * many) <= TICKS)
    return [step * i if i else 0 for i in range(floor(top / step) + 1)]
