"""Occasions: which day is meant, and that only the calendar is another."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from features.errors import NoOccasion, WrongInput
from features.facts import Facts, facts_from_frames
from models.versions import occasion_dir, occasion_matrix
from pipelines.occasions import occasion_of
from pipelines.publish import publish
from tests.matrices import small_matrix

TODAY = date(2026, 5, 2)


@pytest.fixture
def facts() -> Facts:
    campaigns = pd.DataFrame(
        {
            "campaign_id": ["k1", "k2", "618"],
            "name": ["女王节", "五一", None],
            "starts_at": pd.to_datetime(["2026-03-01", "2026-04-28", "2026-06-10"]),
            "ends_at": pd.to_datetime(["2026-03-09", "2026-05-06", "2026-06-21"]),
        }
    )
    return facts_from_frames({"campaigns": campaigns})


def test_a_campaign_begins_on_its_first_day_or_today_where_it_runs(facts: Facts) -> None:
    coming = occasion_of(facts, TODAY, None, "618")
    running = occasion_of(facts, TODAY, None, "k2")
    assert coming is not None
    assert running is not None
    assert (coming.day, coming.words) == (date(2026, 6, 10), "618, the 30 days from 2026-06-10")
    assert (running.day, running.words) == (TODAY, "五一, the 30 days from 2026-05-02")


def test_nothing_asked_is_no_occasion(facts: Facts) -> None:
    assert occasion_of(facts, TODAY, None, None) is None


@pytest.mark.parametrize(
    ("day", "campaign", "sentence"),
    [
        (None, "k1", r"'k1' was over on 2026-03-09, before 2026-05-02"),
        (None, "6188", r"No campaign '6188'\. There are: 618"),
        (date(2026, 5, 1), None, r"2026-05-01 lies before 2026-05-02"),
        (date(2026, 6, 1), "618", "not both"),
    ],
)
def test_what_cannot_be_forecast_is_refused(
    facts: Facts, day: date | None, campaign: str | None, sentence: str
) -> None:
    with pytest.raises(WrongInput, match=sentence):
        occasion_of(facts, TODAY, day, campaign)


def test_forecasts_of_an_occasion_lie_beside_and_others_are_asked_for(tmp_path: Path) -> None:
    publish(
        small_matrix(occasion="a/b, the 30 days from 2026-06-10"), occasion_dir(tmp_path, "a/b")
    )
    assert occasion_matrix(tmp_path, "a/b").manifest.occasion == "a/b, the 30 days from 2026-06-10"
    published = r"Published are: days: none; campaigns: a/b\. 'alliance score --campaign 618' pub"
    with pytest.raises(NoOccasion, match=published):
        occasion_matrix(tmp_path, "618")
