"""Why whole columns of the matrix are null, in words, by what was missing."""

from features.facts import Facts
from features.tables import FeatureTables
from models.bundle import AllianceModel
from models.matrix.columns import COLUMNS, PART_COLUMNS, TOLD
from models.prediction import Target

PAIR_COLUMNS = (
    "brand_id",
    "creator_id",
    "p_accept",
    "p_collaboration",
    "invited_days",
    "collaboration_status",
    "extrapolated",
)
"""What can be said of a creator and a brand that has no product."""

TERMS = {
    "margin_rate": "no product has a margin_rate",
    "commission_rate": "no commission_rate is known",
    "return_handling_rate": "no product has a return_handling_rate",
    "slot_fee": "no slot_fee is known",
    "sample_cost": "no product has a sample_cost",
}


NO_PEERS = "no other creator sold goods of these categories"


def absences(facts: Facts, tables: FeatureTables, model: AllianceModel) -> dict[str, str]:
    """Column -> why it is null, if it turns out to be; what is not named here needs no reason."""
    if not len(tables.items):
        without = "the source has no products, so nothing that a session would sell is forecast"
        return {name: without for name in COLUMNS if name not in PAIR_COLUMNS}
    why = TERMS | _benchmark(facts) | _forecasts(facts, model)
    return why | _reasons(model)


def _forecasts(facts: Facts, model: AllianceModel) -> dict[str, str]:
    why: dict[str, str] = {}
    if facts.meaning.denominator is None:
        no_denominator = "the source has no clicks, impressions, viewers or views to divide by"
        names = (
            *("conversion_rate", "benchmark_rate", "p_above_benchmark", "conversion_denominator"),
            *("peer_rate", "peer_level", "p_above_peers", "sessions_to_settle"),
        )
        why |= dict.fromkeys(names, no_denominator)
    elif not model.predictors.keys() & {Target.CONVERSION, Target.BRAND_CONVERSION}:
        why["conversion_rate"] = "no window of the facts holds a line to learn conversion from"
    if Target.EXPOSURE not in model.predictors:
        shown = "the source has no product impressions"
        why |= {"impressions": shown, "benchmark_impressions": shown}
        why["p_impressions_above_benchmark"] = shown
    if Target.CLICK_THROUGH not in model.predictors:
        why["click_through_rate"] = "the source does not have both clicks and impressions"
    if Target.RETURN not in model.predictors:
        given = facts.has("returns")
        why["return_rate"] = (
            "no orders old enough to know their returns" if given else "the source has no returns"
        )
    return why


def _benchmark(facts: Facts) -> dict[str, str]:
    """Of the yardstick: other merchants' rates, which need sessions of theirs and orders."""
    lines = facts["session_products"]
    ordered = bool(lines.filter(lines.orders > 0).count().execute() > 0)
    others = "no sessions of other merchants to take a benchmark from"
    return {
        "benchmark_rate": others,
        "p_above_benchmark": others if ordered else "without any order there is no benchmark",
        "benchmark_impressions": others,
        "p_impressions_above_benchmark": others,
        **dict.fromkeys(("peer_rate", "peer_level", "p_above_peers"), NO_PEERS),
        "sessions_to_settle": others,
        "open_question": "every pair has a quadrant",
    }


def _reasons(model: AllianceModel) -> dict[str, str]:
    learned = model.predictors.keys() & {Target.CONVERSION, Target.BRAND_CONVERSION}
    why = (
        "too few outcomes to learn what drives the conversion rate"
        if learned
        else "the conversion rate is not forecast"
    )
    told = (f"{name}_{part}" for name in TOLD for part in ("feature", "value", "effect"))
    return dict.fromkeys((*PART_COLUMNS, *told), why)
