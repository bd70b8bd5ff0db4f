"""Lorenz curves as a picture that stands alone."""

from html import escape

from models.concentration import Concentration, Inequality
from serving.concentration_table import NAMES

SIZE, LEFT, TOP, BELOW = 400, 56, 44, 48
WIDE = LEFT + SIZE + 24
ROW = 18
COLOURS = {
    "exposure": "#1f5fa8",
    "invitations": "#0f766e",
    "listed_exposure": "#c2410c",
    "listed_places": "#7c3aed",
}


def lorenz_svg(told: Concentration) -> str:
    """An SVG of how much the poorest share of the creators has, one curve per measure."""
    drawn = [one for one in told.measures if one.lorenz]
    high = TOP + SIZE + BELOW + ROW * len(drawn)
    ticks = "".join(_tick(share / 100) for share in range(0, 101, 25))
    curves = "".join(_curve(one) for one in drawn)
    names = "".join(_name(one, TOP + SIZE + BELOW + ROW * i) for i, one in enumerate(drawn))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" width="{WIDE}" '
        f'height="{high}" font-family="sans-serif" font-size="12" fill="#1a1a1a" role="img">'
        f"<title>How unevenly exposure and invitations are shared out</title>"
        f'<rect width="{WIDE}" height="{high}" fill="#ffffff"/>'
        f'<text x="{LEFT}" y="24" font-size="15">What the smallest creators have, as of '
        f"{escape(told.as_of.isoformat())}</text>{ticks}"
        f'<line x1="{LEFT}" y1="{TOP + SIZE}" x2="{LEFT + SIZE}" y2="{TOP}" stroke="#999" '
        f'stroke-dasharray="4 3"/>{curves}'
        f'<text x="{LEFT + SIZE / 2:.0f}" y="{TOP + SIZE + 34}" text-anchor="middle">'
        f"creators, those with least first</text>{names}</svg>\n"
    )


def _curve(one: Inequality) -> str:
    last = len(one.lorenz) - 1
    points = " ".join(
        f"{LEFT + SIZE * i / last:.1f},{TOP + SIZE * (1 - share):.1f}"
        for i, share in enumerate(one.lorenz)
    )
    return (
        f'<polyline points="{points}" fill="none" stroke="{COLOURS[one.name]}" '
        f'stroke-width="2"><title>{escape(NAMES[one.name])}</title></polyline>'
    )


def _tick(share: float) -> str:
    """The same share on both axes."""
    x, y = LEFT + SIZE * share, TOP + SIZE * (1 - share)
    return (
        f'<line x1="{LEFT}" y1="{y:.1f}" x2="{LEFT + SIZE}" y2="{y:.1f}" stroke="#e4e4e0"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>'
        f'<text x="{x:.1f}" y="{TOP + SIZE + 16}" text-anchor="middle">{share:.0%}</text>'
    )


def _name(one: Inequality, y: int) -> str:
    gini = "" if one.gini is None else f", Gini {one.gini:.2f}"
    return (
        f'<line x1="{LEFT}" y1="{y}" x2="{LEFT + 24}" y2="{y}" stroke="{COLOURS[one.name]}" '
        f'stroke-width="2"/><text x="{LEFT + 32}" y="{y + 4}">{escape(NAMES[one.name])}{gini}'
        "</text>"
    )
