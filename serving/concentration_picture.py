"""Lorenz curves as a picture that stands alone: a panel for each thing that is shared out."""

from html import escape

from models.concentration import Concentration, Inequality
from serving.concentration_table import NAMES
from serving.picture import GRID, below, level, svg

SIZE, LEFT, TOP = 240, 56, 84
ACROSS, DOWN = LEFT + SIZE + 24, SIZE + 84
"""From one panel to the next: curves so near each other would hide each other in one."""
COLOURS = {
    "exposure": "#1f5fa8",
    "invitations": "#0f766e",
    "listed_exposure": "#c2410c",
    "listed_places": "#7c3aed",
}


def lorenz_svg(told: Concentration) -> str:
    """An SVG of how much the poorest share of the creators has, one panel per measure."""
    told_of = [one for one in told.measures if one.lorenz]
    many = len(told_of)
    wide = max(ACROSS * min(many, 2), 480)
    high = TOP + DOWN * max(1, -(-many // 2)) - 40
    panels = (_panel(one, ACROSS * (i % 2), DOWN * (i // 2)) for i, one in enumerate(told_of))
    return svg(
        wide,
        high,
        "How unevenly exposure and invitations are shared out",
        f"What the creators with least have together, as of {told.as_of}",
        (LEFT, 24),
        (
            f'<text x="{LEFT}" y="44" fill="#555">Dashed: all have as much. Filled: what is '
            "missing to that; all of it is Gini 1.</text>",
            *panels,
        ),
    )


def _panel(one: Inequality, x: int, y: int) -> str:
    last, colour = len(one.lorenz) - 1, COLOURS[one.name]
    points = " ".join(
        f"{LEFT + SIZE * i / last:.1f},{TOP + SIZE * (1 - share):.1f}"
        for i, share in enumerate(one.lorenz)
    )
    gini = "" if one.gini is None else f", Gini {one.gini:.2f}"
    ends = f"{LEFT},{TOP + SIZE} {LEFT + SIZE},{TOP}"
    return (
        f'<g transform="translate({x} {y})">'
        f'<text x="{LEFT}" y="{TOP - 10}" fill="{colour}">{escape(NAMES[one.name])}{gini}</text>'
        f"{''.join(_tick(share / 4) for share in range(5))}"
        f'<polygon points="{points} {ends}" fill="{colour}" fill-opacity="0.15"/>'
        f'<line x1="{LEFT}" y1="{TOP + SIZE}" x2="{LEFT + SIZE}" y2="{TOP}" stroke="#999" '
        f'stroke-dasharray="4 3"/>'
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2">'
        f"<title>{escape(NAMES[one.name])}</title></polyline>"
        f'<text x="{LEFT + SIZE / 2:.0f}" y="{TOP + SIZE + 36}" text-anchor="middle">'
        "creators, those with least first</text></g>"
    )


def _tick(share: float) -> str:
    """The same share on both axes."""
    x, y = LEFT + SIZE * share, TOP + SIZE * (1 - share)
    line = f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{TOP + SIZE}" stroke="{GRID}"/>'
    words = f"{share:.0%}"
    return line + level(y, words, LEFT, LEFT + SIZE) + below(x, TOP + SIZE, words)
