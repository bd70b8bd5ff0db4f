"""Which decisions a real source without money supports: Complete Journey, stores as creators."""

from collections.abc import Sequence

import pandas as pd

from benchmarks.quality.complete_journey import facts_of
from benchmarks.quality.section import QualitySettings
from features.errors import NotReady
from features.facts import Facts
from features.missing import missing_inputs
from models.concentration import Inequality, inequality
from models.rising import DISCOVERY_RATE
from pipelines.progress import Progress
from pipelines.rising import growth_columns, reach_columns


def journey_in_words(settings: QualitySettings, progress: Progress) -> str:
    """What rising and concentration say of it, and what it lacks; a small run reads no source."""
    if settings.small:
        return "A small run does not read Complete Journey."
    try:
        facts = facts_of(settings, progress)
    except NotReady as error:
        return f"Complete Journey was not read: {error}"
    return of_facts(facts)


def of_facts(facts: Facts) -> str:
    """The paragraph of a source, from its facts alone; nothing is trained."""
    creators = pd.Index(facts["creators"].creator_id.execute().astype(str).unique()).sort_values()
    growth = growth_columns(facts, creators, facts.as_of)
    reach = reach_columns(facts, creators, facts.as_of)
    told = [
        "Complete Journey (stores as creators, a session a week) has no truth to judge decisions "
        "by, so this only says which of them such a source supports."
    ]
    if "growth_p" in growth:
        tested = growth["growth_p"].notna()
        told.append(
            f"Rising: {tested.sum():,} of {len(creators):,} have sessions enough to be tested, "
            f"{int((growth['rising'] == 1).sum()):,} are named at q = {DISCOVERY_RATE:g}."
        )
    told += concentrated([inequality(str(name), reach[name].to_numpy()) for name in reach])
    told.append(
        "Diagnosis needs rates and benchmarks alone and is made of it; what needs more says so "
        f"with a sentence instead of a number: {'; '.join(missing_inputs(facts))}."
    )
    return " ".join(told)


def concentrated(measures: Sequence[Inequality]) -> list[str]:
    """A sentence for each thing that is shared out."""
    return [
        f"Concentration: of the {one.name.removesuffix('_90')} of the last 90 days the first "
        f"tenth of the {one.creators:,} has {one.top_tenth:.0%} (Gini {one.gini:.2f}; "
        f"{one.without:,} have none)."
        for one in measures
        if one.gini is not None and one.top_tenth is not None
    ]
