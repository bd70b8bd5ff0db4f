"""The frontier of a portfolio as a picture: budget against what it brings."""

from html import escape
from math import floor, log10

from features.errors import WrongInput
from models.portfolio.frontier import FrontierPoint
from models.portfolio.portfolio import Portfolio
from serving.picture import below, curve, level, named_ring, scale, svg
from serving.words import amount

WIDE, HIGH = 640, 400
LEFT, RIGHT, TOP, BELOW = 76, 24, 64, 52
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
    right, low_edge = WIDE - RIGHT, HIGH - BELOW
    across, up = scale(0, widest, LEFT, right), scale(0, highest, low_edge, TOP)
    path = [(across(point.budget), up(point.worth)) for point in points]
    spent = told.spent_if_all if told.wishes.hard_budget else told.spent
    name = told.brand_name or told.brand_id
    parts = (
        *(_tick(across(tick), amount(tick)) for tick in _ticks(widest)),
        *(level(up(tick), amount(tick), LEFT, right) for tick in _ticks(highest)),
        curve(path, LINE),
        *(_dot(point, *at) for point, at in zip(points, path, strict=True)),
        named_ring(
            (across(spent), up(told.worth)),
            f"this portfolio: {len(told.picks)} creators, {amount(told.worth)}",
            MARK,
            [path],
            LEFT,
            right,
        ),
        f'<text x="{(LEFT + right) / 2:.0f}" y="{HIGH - 12}" text-anchor="middle">'
        f"budget of slot fees and samples, {escape(told.currency)}</text>",
    )
    title, heading = f"What a budget brings {name}", f"{name}: {told.objective}, by budget"
    return svg(WIDE, HIGH, title, heading, (LEFT, 24), parts)


def _tick(x: float, words: str) -> str:
    """A tick of the budget."""
    low = HIGH - BELOW
    mark = f'<line x1="{x:.1f}" y1="{low}" x2="{x:.1f}" y2="{low + 5}" stroke="#777"/>'
    return mark + below(x, low, words)


def _dot(point: FrontierPoint, x: float, y: float) -> str:
    words = f"budget {amount(point.budget)}: {point.creators} creators, {amount(point.worth)}"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{LINE}"><title>{words}</title></circle>'


def _ticks(top: float) -> list[float]:
    """Round numbers from 0 to the top.

    >>> _ticks(290_000)
    [0, 50000.0, 100000.0, 150000.0, 200000.0, 250000.0]
    """
    step = 10.0 ** floor(log10(top / TICKS))
    step = next(step * many for many in (1, 2, 5, 10) if top / (step * many) <= TICKS)
    return [step * i if i else 0 for i in range(floor(top / step) + 1)]
