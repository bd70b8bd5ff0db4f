"""What would change a rank, in sentences."""

from models.explanations.standing import RankChange, Standing
from serving.words import amount, percent

SHOWN = 5
"""Products named at most."""


def change_words(change: RankChange, told: Standing) -> str:
    """One change as a sentence.

    >>> standing = Standing("profit", None, 10, 14, 24, 1.0, 2.0, False, (), {}, None)
    >>> change_words(RankChange("commission", 0.21, 0.18, 9), standing)
    'enters the top 10 (rank 9) with commission 21% (+3 points)'
    """
    does = "drops out of" if told.within else "enters"
    return f"{does} the top {told.k} (rank {change.rank:,}) {_how(change)}"


def _how(change: RankChange) -> str:
    named = ", ".join(change.products[:SHOWN])
    if change.lever == "commission":
        assert change.value is not None
        points = 100 * (change.value - (change.now or 0.0))
        return f"with commission {percent(change.value)} ({points:+.3g} points)"
    if change.lever == "slot_fee":
        return f"with a slot fee of {amount(change.value)} instead of {amount(change.now)}"
    if change.lever == "price":
        side = "up to" if change.at_most else "from"
        return (
            f"with a product at a price {side} {amount(change.value, 4)} instead of "
            f"{amount(change.now, 4)}, as each of the brand's there does: {named}"
        )
    if change.lever == "product_list":
        return f"of the list for product {named}, where everybody shows it"
    return f"with product {named} instead, the others as they are"


def standing_words(told: Standing) -> list[str]:
    """Rank, margin and what would change it, a sentence each."""
    if told.rank is None:
        return [f"{told.objective} of this pair is not known, so it has no rank"]
    where = f"rank {told.rank:,} of {told.candidates:,} by {told.objective}"
    if told.score is not None and told.bar is not None:
        others = f"rank {told.k + 1:,}" if told.within else f"rank {told.k:,}"
        where += f": {_score(told.score, told)} against {_score(told.bar, told)} of {others}"
    sentences = [where, *(change_words(change, told) for change in told.changes)]
    if told.bar is None:
        sentences.append(f"there are no {told.k:,} others to be ranked against")
    if told.reaches is not None and told.bar is not None:
        reaches = "reaches" if told.reaches else "does not reach"
        sentences.append(f"its 80% interval {reaches} the other side of {_score(told.bar, told)}")
    return sentences + list(told.tried.values())


def _score(value: float, told: Standing) -> str:
    if "=" in told.objective:
        return f"{value:.2f}"
    share = told.objective in ("conversion", "repurchase", "acceptance")
    return percent(value) if share else amount(value)
