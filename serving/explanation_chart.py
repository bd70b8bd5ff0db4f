"""A waterfall: from the GMV of the brand's usual candidate, part by part, to that of the pair."""

from html import escape
from typing import Final

from features.errors import WrongInput
from models.explanations.explanation import Explanation
from serving.words import amount

WIDE, LEFT, RIGHT, TOP, STEP, BAR = 640, 150, 90, 56, 34, 22
MORE, LESS, WHOLE = "#15803d", "#b91c1c", "#1f5fa8"

Bar = tuple[str, float, float, str, str]
"""Name, from, to, colour, words."""
SIGNED: Final = {True: "+", False: ""}


def waterfall_svg(told: Explanation) -> str:
    """An SVG that stands alone. Raises WrongInput where there are no parts in money."""
    if told.gmv is None or told.usual_gmv is None or not told.parts:
        why = told.no_parts or "GMV is not forecast"
        raise WrongInput(
            f"There are no parts of '{told.brand_id}' with '{told.row.creator_id}' to draw: {why}."
        )
    bars: list[Bar] = [("usual candidate", 0.0, told.usual_gmv, WHOLE, amount(told.usual_gmv))]
    reached = told.usual_gmv
    for part in told.parts:
        money = part.money or 0.0
        colour = MORE if money >= 0 else LESS
        words = f"{SIGNED[money >= 0]}{amount(money)}"
        bars.append((part.name.replace("_", " "), reached, reached + money, colour, words))
        reached += money
    bars.append(("this creator", 0.0, told.gmv, WHOLE, amount(told.gmv)))
    ends = [end for _, first, last, _, _ in bars for end in (first, last)]
    low, high = min(ends), max(ends)
    scale = (WIDE - LEFT - RIGHT) / ((high - low) or 1.0)
    names = told.brand_name or told.brand_id, told.row.creator_name or told.row.creator_id
    title = escape(f"{names[0]} with {names[1]}: where GMV comes from")
    tall = TOP + STEP * len(bars) + 20
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {tall}" width="{WIDE}" '
        f'height="{tall}" font-family="sans-serif" font-size="12" fill="#1a1a1a" role="img">',
        f"<title>{title}</title>",
        f'<rect width="{WIDE}" height="{tall}" fill="#ffffff"/>',
        f'<text x="16" y="24" font-size="15">{title}</text>',
        f'<text x="16" y="42" fill="#555">one session of {escape(told.product_id or "")}, '
        f"{escape(told.currency)}</text>",
        *(_bar(bar, TOP + STEP * i, low, scale) for i, bar in enumerate(bars)),
        "</svg>",
    )
    return "\n".join(drawn) + "\n"


def _bar(bar: Bar, y: float, low: float, scale: float) -> str:
    name, first, last, colour, words = bar
    start, end = (LEFT + (min(first, last) - low) * scale, LEFT + (max(first, last) - low) * scale)
    middle = y + BAR / 2 + 4
    return (
        f'<text x="{LEFT - 8}" y="{middle:.1f}" text-anchor="end">{escape(name)}</text>'
        f'<rect x="{start:.1f}" y="{y}" width="{max(end - start, 1):.1f}" height="{BAR}" '
        f'fill="{colour}"/><text x="{end + 6:.1f}" y="{middle:.1f}">{escape(words)}</text>'
    )
