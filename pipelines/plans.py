"""What a source can teach, and the windows of time each target is learned from."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from features.errors import NotEnoughHistory
from features.facts import Facts
from features.lines import Grain
from models.prediction import Target
from pipelines.settings import TrainSettings
from pipelines.windows import WindowPlan, window_plan

TARGETS: Mapping[Grain, tuple[Target, ...]] = {
    "product": (
        Target.CONVERSION,
        Target.CLICK_THROUGH,
        Target.EXPOSURE,
        Target.TRAFFIC,
        Target.RETURN,
    ),
    "brand": (Target.BRAND_CONVERSION,),
}


def window_plans(facts: Facts, as_of: date, settings: TrainSettings) -> dict[Target, WindowPlan]:
    """A plan per target the source could support; returns are judged on earlier weeks.

    Facts that hold no line at all (collaborations only) give no plan, which is no error.
    """
    first = first_day(facts)
    if first is None:
        return {}
    plan = window_plan(first, as_of, settings.horizon_days, settings.windows)
    plans = dict.fromkeys(supported_targets(facts), plan)
    if Target.RETURN in plans:
        try:
            plans[Target.RETURN] = window_plan(
                first, as_of, settings.horizon_days, settings.windows, settings.return_days
            )
        except NotEnoughHistory:
            del plans[Target.RETURN]
    return plans


def supported_targets(facts: Facts) -> tuple[Target, ...]:
    """What this source can teach, from the columns it supplies."""
    lines = facts.has("session_products")
    denominator = facts.meaning.denominator
    supported = {
        Target.CONVERSION: lines and denominator is not None,
        Target.BRAND_CONVERSION: facts.has("session_brands") and denominator is not None,
        Target.CLICK_THROUGH: facts.has("session_products", "clicks")
        and facts.has("session_products", "impressions"),
        Target.EXPOSURE: facts.has("session_products", "impressions"),
        Target.TRAFFIC: lines and denominator in ("viewers", "views"),
        Target.RETURN: lines and facts.has("returns"),
    }
    return tuple(target for target, supported_here in supported.items() if supported_here)


def refuse_before_the_first_fact(facts: Facts, as_of: date) -> None:
    """Raise NotEnoughHistory when nothing had happened yet before the midnight of `as_of`."""
    first = first_day(facts) or _day(facts, "collaborations", "at")
    if first is not None and as_of <= first:
        raise NotEnoughHistory(
            f"As of {as_of} nothing had happened yet: the facts begin on {first}. "
            "Give a later --as-of, or ingest earlier sessions."
        )


def days_without_facts(facts: Facts, as_of: date) -> tuple[str, ...]:
    """A sentence when `as_of` lies after the end of the facts; else nothing."""
    days = (as_of - facts.as_of).days
    if days <= 0:
        return ()
    return (f"the facts end {days:,} days before {as_of}: nothing is known of those days",)


def first_day(facts: Facts) -> date | None:
    """The day (UTC) of the first session; None without sessions."""
    return _day(facts, "sessions", "started_at")


def _day(facts: Facts, table: str, column: str) -> date | None:
    first = facts[table].aggregate(first=facts[table][column].min()).execute()["first"][0]
    return None if pd.isna(first) else pd.Timestamp(first).date()
