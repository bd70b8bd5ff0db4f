"""A portfolio in sentences: why each creator is in it, and what each limit costs."""

from collections.abc import Sequence

from models.matrix.diagnosis import RISING_STAR
from models.portfolio.choose import LimitTold
from models.portfolio.portfolio import Pick, Portfolio
from serving.words import amount, probability

LEAST_TOLD = 0.01
"""A loss below this share of what a creator brings alone is not told."""

LIMITS = {
    "invitations": "invitations",
    "k": "creators who accept, on average",
    "budget": "budget of slot fees and samples",
    "samples": "samples",
    "agency": "creators of one agency",
}


def why(pick: Pick, told: Portfolio) -> str:
    """Why this creator is in the portfolio, and what speaks against it."""
    parts = [_first(pick, told)]
    least = LEAST_TOLD * abs(pick.alone)
    if pick.lost_to_overlap > least and pick.shares_with is not None:
        parts.append(
            f"loses {amount(pick.lost_to_overlap)} with those who share its audience, "
            f"most with {pick.shares_with}"
        )
    if pick.lost_to_crowding > least:
        parts.append(f"{amount(pick.lost_to_crowding)} as one of many")
    if pick.sample_loss > least:
        parts.append(f"samples lost: {amount(pick.sample_loss)}")
    parts.append(_replacement(pick))
    return "; ".join(parts)


def limit_words(limit: LimitTold) -> str:
    """How much of a limit is used, and what more of it would give.

    >>> limit_words(LimitTold("budget", 980.0, 1000.0, True, 100.0, 50.0))
    'budget of slot fees and samples: 980 of 1k; 100 more would add 50, 0.5 for each'
    """
    name = LIMITS.get(limit.name, limit.name)
    used = f"{name}: {_number(limit.used)} of {_number(limit.limit)}"
    if limit.gain <= 0:
        return f"{used}; {'full, but ' if limit.binding else ''}more would add nothing"
    each = f", {amount(limit.shadow_price)} for each" if limit.more != 1 else ""
    return f"{used}; {_number(limit.more)} more would add {amount(limit.gain)}{each}"


def assumptions(told: Portfolio) -> Sequence[str]:
    """What the value rests on that no source told."""
    assumed = told.settings
    return (
        f"{assumed.fulfilment:.0%} of those who accept go live"
        + (f" (learned from {assumed.learned_from:,})" if assumed.learned_from else ""),
        f"the smaller of two purchases of people who follow both creators is lost by "
        f"{assumed.overlap_loss:.0%}",
        f"a follower of one creator of this matrix follows {assumed.follows:g} of them on "
        f"average; creators who sold for the same brands share up to {1 + assumed.affinity:g} "
        "times what their audiences tell",
        f"{assumed.peak_creators:g} creators live for the brand sell the most together, more "
        "sell less (an inverted U: Li & Tang 2024; where its top lies is not sourced)",
        "one session of each creator's best product",
    )


def _first(pick: Pick, told: Portfolio) -> str:
    if pick.explores:
        seen = pick.row.evidence_sessions or 0
        return (
            f"to explore: {_rising(pick)}{seen} sessions for the brand so far, "
            f"{probability(pick.p_among_best)} likely among the best {told.wishes.asked}"
        )
    cost = f" less a fee of {amount(pick.slot_fee)}" if pick.slot_fee else ""
    return f"{_accepts(pick)}, then brings {amount(pick.if_live)}{cost}"


def _rising(pick: Pick) -> str:
    """In which of the two senses the creator is rising, if it is."""
    star = "in the quadrant rising star, " if pick.row.quadrant == RISING_STAR else ""
    return star + ("named for growth, " if pick.growing else "")


def _accepts(pick: Pick) -> str:
    if pick.p_accept is not None:
        return f"{probability(pick.p_accept)} likely to accept"
    taken = pick.p_accept_assumed
    return (
        "P(accept) unknown, taken to accept"
        if taken == 1
        else f"P(accept) unknown, taken as {probability(taken)}"
    )


def _replacement(pick: Pick) -> str:
    if pick.replacement is None or pick.replaced_gain is None:
        return "nobody else fits the limits in its place"
    if pick.replaced_gain >= 0:
        return f"{pick.replacement} in its place would bring {amount(pick.replaced_gain)} more"
    return f"{pick.replacement} in its place would bring {amount(-pick.replaced_gain)} less"


def _number(value: float) -> str:
    """A count or an amount, whole where it is.

    >>> [_number(v) for v in (20.0, 8.844, 297_500.0)]
    ['20', '8.8', '298k']
    """
    if abs(value) >= 1_000:
        return amount(value)
    return f"{value:.0f}" if abs(value - round(value)) < 1e-6 else f"{value:.1f}"
