"""What moves the forecasts, in the words of the reasons beside each shortlist."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.prediction import PairRows, Predictor, Target
from models.predictors.boosted import BoostedPredictor
from pipelines.feature_words import FEATURE, plain_words
from pipelines.model_card.collaborations import importance_blocks
from pipelines.model_card.page import Block, Paragraph, Part, Table
from pipelines.model_card.training import Training
from pipelines.model_card.words import target_words
from pipelines.settings import LEARNED

ROWS_AT_MOST = 1_000
GROUPS_SHOWN = 8
FEATURES_SHOWN = 3
TITLE = "What the forecasts rest on"


def importance_part(training: Training) -> Part:
    learned = {
        target: (predictors[LEARNED], training.rows[target].evaluate)
        for target, predictors in training.fitted.items()
        if isinstance(predictors[LEARNED], BoostedPredictor) and len(training.rows[target].evaluate)
    }
    quality = training.partners_quality
    of_choice = [] if quality is None else importance_blocks(quality)
    if training.of_collaborations is not None:
        return Part(TITLE, of_choice)
    return Part(TITLE, [*forecast_blocks(learned, training.denominator), *of_choice])


def forecast_blocks(
    learned: Mapping[Target, tuple[Predictor, PairRows]], denominator: str
) -> list[Block]:
    """A table a target: groups of facts by how far they move its forecasts."""
    tables: list[Block] = []
    for target, (predictor, rows) in learned.items():
        assert isinstance(predictor, BoostedPredictor)
        moved = moved_by(predictor, rows).head(GROUPS_SHOWN)
        told = [
            (
                row["group"],
                f"x{row['factor']:.2f}",
                "; ".join(plain_words(name, denominator) for name in row["features"]),
            )
            for row in moved.to_dict("records")
        ]
        header = ("kind of fact", "moves it by", "above all")
        words = target_words(target, denominator)
        tables.append(Table(header, told, words[:1].upper() + words[1:], frozenset({1})))
    text = (
        "How far each kind of fact typically moves a forecast away from that of the usual pair, on "
        "the judged weeks: x1.30 is 30 % up or down (of the odds, where a share is forecast). It "
        "tells what the model looks at, not what would happen if it were changed."
    )
    return [Paragraph(text), *tables]


def moved_by(predictor: BoostedPredictor, rows: PairRows) -> pd.DataFrame:
    """Columns group, factor, features (the strongest of the group first); largest factor first.

    The factor is exp of the mean absolute contribution, around the mean of all rows.
    """
    chosen = np.linspace(0, len(rows) - 1, min(len(rows), ROWS_AT_MOST)).astype(np.intp)
    added = predictor.contributions(rows.take(chosen))[:, :-1]
    added = added - added.mean(axis=0)
    names = rows.feature_names
    groups = [FEATURE[name].group if name in FEATURE else name for name in names]
    each = np.abs(added).mean(axis=0)
    records = []
    for group in dict.fromkeys(groups):
        members = [i for i, of in enumerate(groups) if of == group]
        together = float(np.abs(added[:, members].sum(axis=1)).mean())
        strongest = sorted((i for i in members if each[i] > 0), key=lambda i: -each[i])
        told = [names[i] for i in strongest[:FEATURES_SHOWN]]
        records.append({"group": group, "factor": float(np.exp(together)), "features": told})
    table = pd.DataFrame(records)
    moving = table[table["factor"] > 1.005]
    return moving.sort_values("factor", ascending=False, kind="stable", ignore_index=True)
