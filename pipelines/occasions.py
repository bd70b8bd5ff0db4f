"""Occasions: forecasts for the weeks from a later day, or from the start of a campaign."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from features.calendar import calendar_features
from features.errors import WrongInput
from features.facts import Facts
from models.close_names import close_ids
from pipelines.snapshot import Snapshot


@dataclass(frozen=True)
class Occasion:
    """A later day to forecast for, from what is known today."""

    key: str
    """What it is asked for by: the day, or the campaign's id."""
    day: date
    words: str


def occasion_of(
    facts: Facts, as_of: date, day: date | None, campaign: str | None
) -> Occasion | None:
    """The occasion asked for; None where none was. WrongInput for both a day and a campaign."""
    if day is not None and campaign is not None:
        raise WrongInput("Give a day or a campaign, not both.")
    if campaign is not None:
        return of_campaign(facts, campaign, as_of)
    return None if day is None else of_date(day, as_of)


def of_date(day: date, as_of: date) -> Occasion:
    """The 30 days from a day; WrongInput for one before the forecasts' own date."""
    if day < as_of:
        raise WrongInput(
            f"{day} lies before {as_of}, the date of the forecasts: give a later day, "
            "or an earlier --as-of."
        )
    return Occasion(day.isoformat(), day, f"the 30 days from {day}")


def of_campaign(facts: Facts, campaign_id: str, as_of: date) -> Occasion:
    """The 30 days from the start of a campaign (from today where it has begun).

    WrongInput for a campaign that the facts do not have, with close ones, and for one that is over.
    """
    table = facts["campaigns"].to_pandas().set_index("campaign_id")
    if campaign_id not in table.index:
        names = {str(key): name for key, name in table["name"].items()}
        close = close_ids(campaign_id, names) or list(names)[-3:]
        told = f" There are: {', '.join(close)}." if close else " The facts have none."
        raise WrongInput(f"No campaign '{campaign_id}'.{told}")
    one = table.loc[campaign_id]
    begins, ends = pd.Timestamp(one["starts_at"]).date(), pd.Timestamp(one["ends_at"]).date()
    if ends < as_of:
        raise WrongInput(f"The campaign '{campaign_id}' was over on {ends}, before {as_of}.")
    name = one["name"] if isinstance(one["name"], str) else campaign_id
    day = max(begins, as_of)
    return Occasion(campaign_id, day, f"{name}, the 30 days from {day}")


def on_occasion(known: Snapshot, facts: Facts, occasion: Occasion) -> Snapshot:
    """The same knowledge with the calendar of the occasion."""
    calendar = calendar_features(facts, occasion.day)
    overall = {**known.tables.overall, **calendar}
    return replace(known, tables=replace(known.tables, overall=overall))
