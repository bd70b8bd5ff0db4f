"""Calibration in a card: where it said x, did x happen."""

from collections.abc import Mapping

from experiments.metrics import calibration_table
from experiments.plots import calibration_svg
from models.prediction import PairRows, Predictor, Target
from pipelines.model_card.collaborations import calibration_blocks
from pipelines.model_card.page import Paragraph, Part, Picture, Pictures, Table
from pipelines.model_card.training import Training
from pipelines.model_card.words import number, target_words
from pipelines.settings import LEARNED
from serving.words import amount


def calibration_part(training: Training) -> Part:
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


def calibration_pictures(
    learned: Mapping[Target, Predictor], judged: Mapping[Target, PairRows], denominator: str
) -> list[Picture]:
    """One picture a target, from the rows it was judged on."""
    pictures = []
    for target, rows in judged.items():
        k, n = rows.outcome()
        table = calibration_table(k, n, learned[target].predict(rows).mean, rows.weight)
        if not len(table):
            continue
        title = target_words(target, denominator)
        told = [
            (
                number(target, row["forecast"]),
                number(target, row["observed"]),
                amount(row["trials"]),
            )
            for row in table.to_dict("records")
        ]
        header = ("said", "happened", "trials")
        svg = calibration_svg(table, share=target.is_rate, title=f"Calibration of {title}")
        pictures.append(Picture(title, svg, Table(header, told, numbers=frozenset({0, 1, 2}))))
    return pictures
