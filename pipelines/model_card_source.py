"""What a training learned from, for its card: the facts' span, what they lack, possible leaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from features.facts import Facts, midnight
from models.prediction import Predictor, Target
from pipelines.collaboration_quality import CollaborationQuality
from pipelines.learn_acceptance import JudgedAcceptance
from pipelines.learn_collaborations import LearnedCollaborations
from pipelines.model_card_collaborations import choice_words, dates_of
from pipelines.model_card_page import Block, Paragraph, Part, Points, Table
from pipelines.model_card_page import Facts as Named
from pipelines.model_card_quality import short_words, target_words
from pipelines.settings import TrainSettings
from pipelines.training_rows import TargetRows
from pipelines.windows import WindowPlan

LEAK = "(a possible leak)"


@dataclass(frozen=True)
class Training:
    """What one training was and gave: all that its card tells."""

    facts: Facts
    as_of: date
    plans: Mapping[Target, WindowPlan]
    rows: Mapping[Target, TargetRows]
    fitted: Mapping[Target, Mapping[str, Predictor]]
    board: pd.DataFrame
    promises: Mapping[Target, pd.DataFrame]
    """Of each target: said and happened by slice, from `experiments.promise`."""
    collaborations: pd.DataFrame
    """Leaderboard of who collaborates with whom; empty where that was not judged."""
    partners: LearnedCollaborations | None
    """None where collaborations are too few, or none, to rank by."""
    partners_quality: CollaborationQuality | None
    acceptance: JudgedAcceptance | None
    """None where too few invitations were answered to judge P(yes) by."""
    settings: TrainSettings
    manifest: Mapping[str, Any]
    missing: Sequence[str]
    notes: Sequence[str]
    version: str
    verdict: str
    code_version: str

    @property
    def of_collaborations(self) -> LearnedCollaborations | None:
        """Collaborations where they are all that there is to tell of."""
        return None if self.fitted else self.partners

    @property
    def denominator(self) -> str:
        return self.facts.meaning.denominator or "views"


@dataclass(frozen=True)
class Span:
    """What the facts hold before the date."""

    first: str
    last: str
    counts: Mapping[str, int]


def spanned(facts: Facts, as_of: date) -> Span:
    """First and last session known before the date, and how many of everything there are."""
    sessions = facts["sessions"]
    ended = sessions.ended_at.coalesce(sessions.started_at)
    known = sessions.filter(ended < midnight(as_of))
    whole = (
        known.aggregate(
            first=known.started_at.min(),
            last=known.started_at.max(),
            sessions=known.count(),
            field=(known.format == "field").sum(),
            aired=known.creator_id.nunique(),
        )
        .to_pandas()
        .iloc[0]
    )
    lines = facts["session_products"].semi_join(known, "session_id")
    counts = {
        "sessions": whole["sessions"],
        "of them field sessions (brands' own accounts)": whole["field"],
        "session lines": lines.count().execute(),
        "accounts on air": whole["aired"],
    }
    for table in ("creators", "brands", "products"):
        key = f"{table[:-1]}_id"
        counts[f"{table} known"] = facts[table][key].nunique().execute()
    for table, known_at in (("returns", "returned_at"), ("collaborations", "at")):
        if facts.has(table):
            dated = facts[table].filter(facts[table][known_at] < midnight(as_of))
            counts[table] = dated.count().execute()
    plain = {name: 0 if pd.isna(n) else int(n) for name, n in counts.items()}
    return Span(_day(whole["first"]), _day(whole["last"]), plain)


def _day(time: Any) -> str:
    return "none" if pd.isna(time) else pd.Timestamp(time).date().isoformat()


def judged_on(plans: Mapping[Target, WindowPlan]) -> str:
    """The judging window in words; targets that have another one are named with theirs."""
    of_window: dict[str, list[str]] = {}
    for target, plan in plans.items():
        last = plan.evaluate.end - timedelta(days=1)
        of_window.setdefault(f"{plan.evaluate.as_of} to {last}", []).append(short_words(target))
    first, *others = sorted(of_window, key=lambda window: -len(of_window[window]))
    told = [f"{', '.join(of_window[window])} on {window}" for window in others]
    return first + (f" ({'; '.join(told)})" if told else "")


def data_part(training: Training, span: Span) -> Part:
    meaning = training.facts.meaning
    absent = {"zero": "was on offer and did not sell", "not_offered": "was not offered"}
    windows = [
        (
            target_words(target, training.denominator),
            f"{plan.learn[0].as_of} to {plan.learn[-1].end}, {len(plan.learn)} windows",
            f"{plan.calibrate.as_of} to {plan.calibrate.end}",
            f"{plan.evaluate.as_of} to {plan.evaluate.end}",
            f"{len(training.rows[target].learn):,}",
        )
        for target, plan in training.plans.items()
        if target in training.rows
    ]
    partners = training.of_collaborations
    if partners is not None:
        first, last = dates_of(partners)
        told = [(name, f"{count:,}") for name, count in span.counts.items() if count]
        named: list[Block] = [Named([("first and last new tie", f"{first} to {last}"), *told])]
        told_of = [choice_words(partners), *training.facts.notes]
        return Part("What it learned from", [*named, Points(told_of)])
    blocks: list[Block] = [
        Named(
            [
                ("first and last session", f"{span.first} to {span.last}"),
                *((name, f"{count:,}") for name, count in span.counts.items()),
                ("conversion is", f"orders / {meaning.denominator or 'nothing (unknown)'}"),
                ("money in", meaning.currency),
                ("a product absent from a session", absent.get(meaning.absent, meaning.absent)),
            ]
        )
    ]
    if windows:
        header = ("forecast of", "learned on", "calibrated on", "judged on", "pairs learned from")
        blocks.append(Table(header, windows, "Which weeks were used for what", frozenset({4})))
        blocks.append(
            Paragraph(
                "Of each window everything known is from before its first day; what happened in "
                "its days is the answer. A window ends the day before the date given.",
                soft=True,
            )
        )
    blocks += [Points(list(training.facts.notes))] if training.facts.notes else []
    return Part("What it learned from", blocks)


def missing_part(training: Training) -> Part:
    lacking = [sentence for sentence in training.missing if LEAK not in sentence]
    if not lacking:
        return Part("What the source lacks", [Paragraph("Nothing that this version would use.")])
    told = [sentence[:1].upper() + sentence[1:] for sentence in lacking]
    cost = "Each with what it costs. Supplying it and training again is all that is needed."
    return Part("What the source lacks", [Paragraph(cost), Points(told)])


def leaks_part(training: Training) -> Part:
    leaks = [s.removesuffix(f" {LEAK}") for s in training.missing if LEAK in s]
    guard = (
        "What was learned from sessions, returns and collaborations is cut at each window's first "
        "day; a test holds that later facts change no feature."
    )
    if not leaks:
        return Part("Possible leaks", [Paragraph(f"None found in the source. {guard}")])
    why = (
        "If these rows tell of later days than they pretend, the figures above are better than "
        "what a new date will give. Give dates (valid_from, launched_at), or leave the rows out "
        "and compare."
    )
    return Part("Possible leaks", [Points(leaks), Paragraph(why), Paragraph(guard, soft=True)])
