"""Model card: what the forecasts of one training can be trusted for, for managers and engineers."""

from collections.abc import Mapping, Sequence

import pandas as pd

from experiments.promise import promise
from models.acceptance.terms import CAVEAT
from models.prediction import PairRows, Predictor, Target
from models.predictors.boosted import BoostedPredictor
from models.predictors.calibrated import CalibratedPredictor
from pipelines.model_card_collaborations import (
    LIMITS,
    calibration_blocks,
    choice_words,
    dates_of,
    importance_blocks,
    slices_table,
)
from pipelines.model_card_importance import importance_part
from pipelines.model_card_page import Block, Page, Paragraph, Part, Pictures, Points, Table
from pipelines.model_card_page import Facts as Named
from pipelines.model_card_quality import (
    acceptance_table,
    calibration_pictures,
    collaboration_table,
    judged_slices,
    leaderboard_tables,
    quality_table,
    slice_table,
    weak_spots,
)
from pipelines.model_card_source import (
    LEAK,
    Span,
    Training,
    data_part,
    judged_on,
    leaks_part,
    missing_part,
    spanned,
)
from pipelines.settings import LEARNED

NOTHING_LACKS = "nothing that this version would use."
NO_LEAK = "none found."
FEW_BRANDS = 20
FEW_WINDOWS = 3


def promises_of(
    fitted: Mapping[Target, Mapping[str, Predictor]],
    judged: Mapping[Target, PairRows],
    random_state: int,
) -> dict[Target, pd.DataFrame]:
    """Said and happened of each target's learned forecasts, by slice, on the rows given."""
    promises = {}
    for target, rows in judged.items():
        if not len(rows):
            continue
        predictor = fitted[target][LEARNED]
        assert isinstance(predictor, CalibratedPredictor)
        promises[target] = promise(
            predictor.predict(rows),
            rows,
            predictor.line_noise_,
            judged_slices(target, rows),
            target,
            random_state,
        )
    return promises


def model_card(training: Training) -> Page:
    """The card: a first screen for whoever uses the lists, below it what an engineer asks."""
    span = spanned(training.facts, training.as_of)
    return Page(
        title="How far to trust these forecasts",
        under=f"Model card of version {training.version}, which learned from "
        f"{'sessions' if training.of_collaborations is None else 'collaborations'} before "
        f"{training.as_of}. {training.verdict}",
        opening=_opening(training, span),
        parts=[
            Part("What it is for", _uses(training)),
            data_part(training, span),
            missing_part(training),
            leaks_part(training),
            _quality_part(training),
            _calibration_part(training),
            _importance(training),
            Part("Limits", [Points(_limits(training, span))]),
            _engineering_part(training),
        ],
    )


PURPOSE = (
    "For: choosing whom a brand invites first, and sizing what a session may bring.",
    "For: seeing where too little is known to decide, and whom to try in order to learn.",
    "Read by: managers of creator relations; what they know of a creator comes on top.",
)
NOT_FOR = (
    "Not for: paying, dropping or judging a creator on a forecast alone.",
    "Not for: causes. Past sessions were chosen by people, not drawn by lot: that a creator's "
    "lines sell well does not say that an invitation will raise sales.",
    "Not for: one evening. A forecast is of what is to be expected; a single session strays far.",
    "Not for: pairs marked extrapolated without a second look: they lie outside what it learned.",
)


CHOICES = (
    "For: choosing whom a brand invites first, among creators it has not worked with.",
    "Not for: sales. Nothing that a session would sell is known; give sessions for that.",
    "Not for: paying, dropping or judging a creator on a score alone.",
    "Not for: pairs marked extrapolated without a second look: they lie outside what it learned.",
)


def _uses(training: Training) -> list[Block]:
    if training.of_collaborations is not None:
        return [Points(CHOICES)]
    return [Points(PURPOSE), Points(NOT_FOR)]


def _opening(training: Training, span: Span) -> list[Block]:
    counts = span.counts
    leaks = [sentence for sentence in training.missing if LEAK in sentence]
    lacking = [sentence for sentence in training.missing if LEAK not in sentence]
    blocks: list[Block] = [
        Points(
            [
                f"Learned from: {_learned_from(training, span)}, "
                f"{counts['brands known']:,} brands, {counts['creators known']:,} creators.",
                *_used_for(training),
                *weak_spots(training.board, training.promises),
                f"Missing from the source: {_first(lacking, NOTHING_LACKS)}",
                f"Possible leaks: {_first(leaks, NO_LEAK)}",
            ]
        )
    ]
    if training.promises:
        until = judged_on(training.plans)
        blocks += [
            quality_table(training.board, training.promises, training.denominator),
            Paragraph(
                f"Judged on {until}, which it had not learned from. Said and happened are "
                "means over all judged pairs; a simple rule is, for example, the pair's own past "
                "rate, pulled to the usual where little is known.",
                soft=True,
            ),
        ]
    elif len(training.collaborations):
        blocks.append(collaboration_table(training.collaborations))
    return blocks


def _used_for(training: Training) -> list[str]:
    if training.of_collaborations is not None:
        words = "Use it for: choosing whom to invite first. Not for sales, or judging a creator."
        return [words, f"Ranked by: {choice_words(training.of_collaborations)}"]
    return [
        "Use it for: choosing whom to invite first and sizing a session. Not for judging a "
        "creator, one evening, or causes."
    ]


def _learned_from(training: Training, span: Span) -> str:
    if span.counts["sessions"] or "collaborations" not in span.counts:
        return f"{span.counts['sessions']:,} sessions, {span.first} to {span.last}"
    told = f"{span.counts['collaborations']:,} records of collaborations"
    if training.partners is None:
        return told
    first, last = dates_of(training.partners)
    return f"{told}, {first} to {last}"


def _first(sentences: Sequence[str], otherwise: str) -> str:
    """The first sentence and how many more there are."""
    if not sentences:
        return otherwise
    more = f" (and {len(sentences) - 1} more, below)" if len(sentences) > 1 else ""
    return f"{sentences[0].removesuffix(f' {LEAK}')}{more}."


def _quality_part(training: Training) -> Part:
    if not training.promises:
        nothing = Paragraph("Nothing that a session sells could be judged: no later outcome.")
        blocks = [nothing, *_acceptance(training), *_collaborations(training)]
        return Part("How good it is", blocks)
    tables: list[Block] = [
        slice_table(target, training.board, table, training.denominator)
        for target, table in training.promises.items()
    ]
    return Part(
        "How good it is",
        [
            *tables,
            Paragraph(
                "Cold: no trial of the creator known yet; thin, medium and rich: thirds of the "
                "others by what was known; new pairs: never met before. The range in brackets is "
                "the 95 % interval, brands and creators drawn anew. Ranges that held: outcomes "
                "within their 80 % range, the luck of so few trials included; 80 % should.",
                soft=True,
            ),
            *_acceptance(training),
            *_collaborations(training),
            *([Points(list(training.notes))] if training.notes else []),
            *leaderboard_tables(training.board, training.denominator),
        ],
    )


def _acceptance(training: Training) -> list[Block]:
    judged = training.acceptance
    if judged is None:
        return []
    caveat = f"Said is the chance of a yes on the terms that were offered. But {CAVEAT}."
    return [acceptance_table(judged), Paragraph(caveat, soft=True)]


def _collaborations(training: Training) -> list[Block]:
    if not len(training.collaborations):
        return []
    words = (
        "Who collaborates with whom is ranked by a score, which is no probability. R@10 is the "
        "share of a brand's collaborators among the first ten, MAP the mean average precision."
    )
    blocks: list[Block] = [collaboration_table(training.collaborations)]
    if training.partners_quality is not None:
        blocks += slices_table(training.partners_quality)
    return [*blocks, Paragraph(words, soft=True)]


def _calibration_part(training: Training) -> Part:
    judged = {t: r.evaluate for t, r in training.rows.items() if len(r.evaluate)}
    learned = {t: training.fitted[t][LEARNED] for t in judged}
    pictures = calibration_pictures(learned, judged, training.denominator)
    quality = training.partners_quality
    of_choice = [] if quality is None else calibration_blocks(quality)
    if not pictures and of_choice:
        return Part("Calibration", of_choice)
    if not pictures:
        return Part("Calibration", [Paragraph("No later outcome to hold forecasts against.")])
    text = (
        "Where it said x, did x happen? Each dot is a tenth of the trials, sorted by forecast; on "
        "the dashed line said and happened are equal. Below the line it promised too much."
    )
    return Part("Calibration", [Paragraph(text), Pictures(pictures), *of_choice])


def _importance(training: Training) -> Part:
    learned = {
        target: (predictors[LEARNED], training.rows[target].evaluate)
        for target, predictors in training.fitted.items()
        if isinstance(predictors[LEARNED], BoostedPredictor) and len(training.rows[target].evaluate)
    }
    quality = training.partners_quality
    of_choice = [] if quality is None else importance_blocks(quality)
    if training.of_collaborations is not None:
        return Part("What the forecasts rest on", of_choice)
    part = importance_part(learned, training.denominator)
    return Part(part.title, [*part.blocks, *of_choice])


def _limits(training: Training, span: Span) -> list[str]:
    if training.of_collaborations is not None:
        return [*LIMITS, *_few_brands(span)]
    told = [
        f"After {training.as_of}: nothing is known. New prices, scripts, stock, rules of the "
        "platform and rival events are not in any forecast.",
        "Chosen, not drawn: it has seen the pairs that people chose. Of pairs nobody would have "
        "tried it knows less than the intervals can tell.",
        "80 % intervals: one in five lies outside, by construction. Those in the lists are of what "
        "is to be expected, not of one evening.",
        "Money: GMV and profit are products of forecasts; their intervals take the parts as "
        "unrelated.",
        "Extrapolated: a forecast is so marked, with the reason, where price, followers or another "
        "fact that matters lies well outside what was learned from, where the category is new, "
        "where creators without any session were hardly seen in learning, or where its date lies "
        "far from the weeks learned from.",
    ]
    plans = list(training.plans.values())
    if plans and len(plans[0].learn) < FEW_WINDOWS:
        told.append(
            f"Short history: it learned from {len(plans[0].learn)} window(s), so seasons and "
            "campaigns are hardly known."
        )
    elif plans:
        days = (plans[0].evaluate.end - plans[0].learn[0].as_of).days
        if days < 365:
            told.append(
                f"Seasons: its windows span {days} days, less than a year; what the other months "
                "bring it cannot know."
            )
    told += _few_brands(span)
    if training.facts.meaning.absent == "zero":
        told.append(
            "Sampling: pairs without a sale are sampled and weighted, in learning and in judging."
        )
    return told


def _few_brands(span: Span) -> list[str]:
    if span.counts["brands known"] >= FEW_BRANDS:
        return []
    return [f"Few brands: with {span.counts['brands known']} the intervals over brands are rough."]


def _engineering_part(training: Training) -> Part:
    manifest = training.manifest
    return Part(
        "For engineers",
        [
            Named(
                [
                    ("registered version", training.version),
                    ("data fingerprint", str(manifest["data_fingerprint"])),
                    ("code", training.code_version),
                    *((name, str(v)) for name, v in sorted(manifest["versions"].items())),
                    ("features", f"{len(manifest['feature_names'])}"),
                ]
            ),
            Table(
                ("setting", "value"),
                [(name, f"{value}") for name, value in training.settings.as_dict().items()],
                "Settings",
            ),
            Paragraph(
                "The run in MLflow holds the parameters, every figure by target, predictor and "
                "slice, leaderboard.csv, the plots and the model's own files.",
                soft=True,
            ),
        ],
    )
