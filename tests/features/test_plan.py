"""A plan is written once and answers for any date and any facts of its shape."""

from datetime import date

import ibis

from features.daily import daily_facts
from features.dated import feature_plan
from features.plan import Plan, as_of_day, as_of_time, source
from features.settings import FeatureSettings
from tests.features.frames import facts, frames, line, session


def test_one_plan_answers_for_two_dates() -> None:
    engine = ibis.duckdb.connect()
    days = source("days", ibis.schema({"day": "int64", "at": "timestamp(6)"}))
    plan = Plan(engine.compiler)
    known = plan.keep("known", days.filter(days.day < as_of_day(), days["at"] < as_of_time()))
    plan.hand_back("count", known.aggregate(known=known.count()))
    sources = {"days": "SELECT day, make_timestamp(day * 86400000000) AS at FROM range(9) t(day)"}
    assert plan.run(engine, sources, date(1970, 1, 3))["count"].to_pylist() == [{"known": 2}]
    assert plan.run(engine, sources, date(1970, 1, 6))["count"].to_pylist() == [{"known": 5}]
    assert engine.raw_sql("SELECT table_name FROM duckdb_tables()").fetchall() == []


def test_facts_of_one_shape_share_a_plan_and_other_settings_do_not() -> None:
    lines = [line("s", "p1", 2, clicks=9, impressions=90)]
    first = daily_facts(facts(frames([session("s", "ann", "2024-01-01")], lines)), "product")
    other = daily_facts(facts(frames([session("s", "bea", "2024-02-01")], lines)), "product")
    plan = feature_plan(first, FeatureSettings())
    assert feature_plan(other, FeatureSettings()) is plan
    assert feature_plan(other, FeatureSettings(half_life_days=30.0)) is not plan


def test_measures_equal_in_every_line_are_kept_once() -> None:
    sessions = [session("s", "ann", "2024-01-01")]
    lines = [line("s", "p1", 2, clicks=9, impressions=90), line("s", "p2", 0, clicks=1)]
    some = daily_facts(facts(frames(sessions, lines)), "product")
    assert "shown" not in some.twins  # p2: impressions unknown
    assert "denominator" not in some.twins  # and so p2 adds nothing to clicks that know both
    lines[1]["impressions"] = 20
    every = daily_facts(facts(frames(sessions, lines)), "product")
    assert every.twins == {
        "converted": "orders",
        "counted": "lines",
        "shown": "lines",
        "clicked_impressions": "impressions",
        "denominator": "clicks",
    }
    assert every.pairs.denominator.sum().execute() == 9 + 1
