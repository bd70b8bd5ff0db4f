"""A deal's picture: P(yes), expected profit and their product over commission."""

from html import escape

from features.errors import WrongInput
from models.deals.deal import Deal
from serving.picture import below, curve, level, named_ring, scale, svg
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
    offers = option.curve
    first, last = offers[0].commission_rate, offers[-1].commission_rate
    money = [point.profit for point in offers] + [point.value for point in offers] + [0.0]
    low, high = min(money), max(money)
    right, low_edge = WIDE - RIGHT, HIGH - BELOW
    across = scale(first, last, LEFT, right)
    up, chance = scale(low, high, low_edge, TOP), scale(0, 1, low_edge, TOP)
    likely = [(across(one.commission_rate), chance(one.p_accept)) for one in offers]
    earned = [(across(one.commission_rate), up(one.profit)) for one in offers]
    worth = [(across(one.commission_rate), up(one.value)) for one in offers]
    brand, creator = told.brand_name or told.brand_id, told.creator_name or told.creator_id
    name, best = f"{brand} with {creator}", option.suggestion
    parts = [
        f'<text x="{LEFT}" y="42"><tspan fill="{YES}">P(yes), left</tspan> · '
        f'<tspan fill="{PROFIT}">expected profit, right</tspan> · '
        f'<tspan fill="{WORTH}">worth: P(yes) x profit, right</tspan></text>',
        *(level(chance(p), f"{p:.0%}", LEFT, right, YES) for p in (0.0, 0.25, 0.5, 0.75, 1.0)),
        *(_right(up(value), amount(value)) for value in sorted({low, 0.0, high})),
        *(below(across(at), low_edge, f"{at:.1%}") for at in (first, (first + last) / 2, last)),
        *map(curve, (likely, earned, worth), (YES, PROFIT, WORTH)),
        ""
        if best is None
        else named_ring(
            (across(best.commission_rate), up(best.value)),
            f"offer {best.commission_rate:.1%}: worth {amount(best.value)}",
            WORTH,
            (likely, earned, worth),
            LEFT,
            right,
        ),
        f'<text x="{(LEFT + right) / 2:.0f}" y="{HIGH - 12}" text-anchor="middle">'
        f"commission, within what was offered before; {escape(told.currency)} a session</text>",
    ]
    title = f"What a commission brings {name}"
    return svg(WIDE, HIGH, title, f"{name}: {option.name}", (LEFT, 22), parts)


def _right(y: float, words: str) -> str:
    return f'<text x="{WIDE - RIGHT + 8}" y="{y + 4:.1f}" fill="{WORTH}">{words}</text>'
