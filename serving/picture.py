"""What pictures share: an SVG that stands alone, its scales, and words that lie on no curve."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import pairwise
from typing import Final

Spot = tuple[float, float]
Scale = Callable[[float], float]

GRID: Final = "#e4e4e0"
HALO: Final = 'paint-order="stroke" stroke="#fff" stroke-width="3" stroke-linejoin="round"'
"""Keeps words readable where they cross a line or a mark."""
LETTER: Final = 6.6
"""Width of a letter of 12 pixels; one of Chinese is twice as wide."""
STEP: Final = 4.0
"""How far apart, in pixels, a curve is looked at."""
SPOTS: Final = ((0, -12), (0, 22), (12, 4), (0, -28), (0, 38), (0, -44), (0, 54))
"""Where words may stand, from the point they belong to; the first that lies on nothing."""


def svg(wide: int, high: int, title: str, heading: str, at: Spot, parts: Iterable[str]) -> str:
    """The whole picture, with its title for a reader of screens and its heading at a place."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" '
            f'height="{high}" font-family="sans-serif" font-size="12" fill="#1a1a1a" role="img">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{wide}" height="{high}" fill="#ffffff"/>',
            f'<text x="{at[0]}" y="{at[1]}" font-size="15">{escape(heading)}</text>',
            *(part for part in parts if part),
            "</svg>\n",
        ]
    )


def scale(first: float, last: float, low: float, high: float) -> Scale:
    """From first..last to low..high; a range of nothing is its beginning."""
    return lambda value: low + (high - low) * (value - first) / ((last - first) or 1.0)


def level(y: float, words: str, left: float, right: float, colour: str = "#1a1a1a") -> str:
    """A line across at this height, with its number at the left."""
    return (
        f'<line x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="{GRID}"/>'
        f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{colour}">'
        f"{escape(words)}</text>"
    )


def below(x: float, y: float, words: str) -> str:
    """A number under the picture, at this place across."""
    return f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{escape(words)}</text>'


def curve(points: Sequence[Spot], colour: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def named_ring(
    at: Spot, words: str, colour: str, curves: Sequence[Sequence[Spot]], left: float, right: float
) -> str:
    """A ring around the point and its words beside, where they lie on no curve if there is room."""
    x, y, anchor = clear_spot(at, words, curves, left, right)
    return (
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="6" fill="none" stroke="{colour}" '
        f'stroke-width="2"/><text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
        f'fill="{colour}" {HALO}>{escape(words)}</text>'
    )


def clear_spot(
    at: Spot, words: str, curves: Sequence[Sequence[Spot]], left: float, right: float
) -> tuple[float, float, str]:
    """Where words may stand beside a point: x, y and text-anchor.

    The first of `SPOTS`, on the side that has room, whose box no curve crosses; where all are
    crossed, the one that is crossed least.

    >>> clear_spot((50, 50), "ten", [[(0, 38), (100, 38)]], 0, 100)
    (50, 72, 'start')
    """
    wide = sum(2 * LETTER if ord(letter) > 0x2E80 else LETTER for letter in words)
    anchor = "start" if at[0] + wide + 12 <= right else "end"
    side = 1 if anchor == "start" else -1
    looked = [spot for points in curves for spot in _along(points)]

    def crossed(shift: Spot) -> int:
        x, y = at[0] + side * shift[0], at[1] + shift[1]
        ends = sorted((x, x + side * wide))
        if ends[0] < left:
            return len(looked) + 1
        return sum(ends[0] < u < ends[1] and y - 13 < v < y + 5 for u, v in looked)

    shift = min(SPOTS, key=crossed)  # the first of those that are crossed as little
    return at[0] + side * shift[0], at[1] + shift[1], anchor


def _along(points: Sequence[Spot]) -> Iterable[Spot]:
    for (x, y), (u, v) in pairwise(points):
        steps = max(1, round(max(abs(u - x), abs(v - y)) / STEP))
        yield from ((x + (u - x) * i / steps, y + (v - y) * i / steps) for i in range(steps + 1))
