"""A deal's picture: P(yes), expected profit and their product over commission."""

from collections.abc import Callable
from html import escape

from features.errors import WrongInput
from models.deals.deal import Deal
from models.deals.option import DealOption
from serving.words import amount

WIDE, HIGH = 640, 380
LEFT, RIGHT, TOP, BELOW = 64, 76, 56, 56
YES, PROFIT, WORTH = "#1f5fa8", "#6b7280", "#c2410c"


def deal_svg(told: Deal) -> str:
    """An SVG that stands alone. Raises WrongInput where there is no curve to draw."""
    option = next((one for one in told.options if len(one.curve) > 1), None)
    if option is None:
        raise WrongInput(
            f"There is no curve of '{told.brand_id}' with '{told.creator_id}' to draw: P(yes) or "
            "profit over commission is not known; 'alliance deal' says why."
        )
    curve = option.curve
    first, last = curve[0].commission_rate, curve[-1].commission_rate
    money = [point.profit for point in curve] + [point.value for point in curve] + [0.0]
    low, high = min(money), max(money)

    def across(commission: float) -> float:
        return LEFT + (WIDE - LEFT - RIGHT) * (commission - first) / (last - first)

    def up(value: float) -> float:
        share = (value - low) / ((high - low) or 1.0)
        return HIGH - BELOW - (HIGH - BELOW - TOP) * share

    def chance(p: float) -> float:
        return HIGH - BELOW - (HIGH - BELOW - TOP) * p

    def line(points: list[tuple[float, float]], colour: str) -> str:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'

    xs = [across(point.commission_rate) for point in curve]
    name = escape(f"{told.brand_name or told.brand_id} with {told.creator_name or told.creator_id}")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" '
        f'height="{HIGH}" font-family="sans-serif" font-size="12" fill="#1a1a1a" role="img">',
        f"<title>What a commission brings {name}</title>",
        f'<rect width="{WIDE}" height="{HIGH}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="15">{name}: {escape(option.name)}</text>',
        f'<text x="{LEFT}" y="42"><tspan fill="{YES}">P(yes), left</tspan>   '
        f'<tspan fill="{PROFIT}">expected profit</tspan>   '
        f'<tspan fill="{WORTH}">P(yes) x profit, right</tspan></text>',
        *(_left(chance(p), f"{p:.0%}") for p in (0.0, 0.25, 0.5, 0.75, 1.0)),
        *(_right(up(value), amount(value)) for value in sorted({low, 0.0, high})),
        *(_below(across(at), f"{at:.1%}") for at in (first, (first + last) / 2, last)),
        line([(x, chance(point.p_accept)) for x, point in zip(xs, curve, strict=True)], YES),
        line([(x, up(point.profit)) for x, point in zip(xs, curve, strict=True)], PROFIT),
        line([(x, up(point.value)) for x, point in zip(xs, curve, strict=True)], WORTH),
        _best(option, across, up),
        f'<text x="{(LEFT + WIDE - RIGHT) / 2:.0f}" y="{HIGH - 12}" text-anchor="middle">'
        f"commission, within what was offered before; {escape(told.currency)} a session</text>",
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _best(
    option: DealOption, across: Callable[[float], float], up: Callable[[float], float]
) -> str:
    best = option.suggestion
    if best is None:
        return ""
    x, y = across(best.commission_rate), up(best.value)
    anchor = "end" if x > WIDE / 2 else "start"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="none" stroke="{WORTH}" stroke-width="2"/>'
        f'<text x="{x:.1f}" y="{y - 12:.1f}" text-anchor="{anchor}" fill="{WORTH}">'
        f"offer {best.commission_rate:.1%}: worth {amount(best.value)}</text>"
    )


def _left(y: float, words: str) -> str:
    return (
        f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDE - RIGHT}" y2="{y:.1f}" stroke="#e4e4e0"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{YES}">'
        f"{escape(words)}</text>"
    )


def _right(y: float, words: str) -> str:
    return f'<text x="{WIDE - RIGHT + 8}" y="{y + 4:.1f}" fill="{WORTH}">{words}</text>'


def _below(x: float, words: str) -> str:
    return f'<text x="{x:.1f}" y="{HIGH - BELOW + 18}" text-anchor="middle">{words}</text>'
