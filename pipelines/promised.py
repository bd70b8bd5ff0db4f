"""What a training promises of its forecasts, pair by pair, for later looks to be held against."""

from collections.abc import Mapping
from math import isnan

import numpy as np
import pandas as pd

from experiments.drift import evidence, judged
from models.prediction import PairRows, Predictor, Target
from models.predictors.calibrated import CalibratedPredictor
from pipelines.settings import LEARNED

SIMPLE = "pair-rate"
SUMMED = ("k", "n", "said", "baseline", "spread", "chance")
KEPT = ("ratio", "ratio_lo95", "ratio_hi95", "difference", "difference_lo95", "difference_hi95")


def promised(
    fitted: Mapping[Target, Mapping[str, Predictor]], judged_on: Mapping[Target, PairRows]
) -> dict[str, dict[str, dict[str, float]]]:
    """Of the conversion targets by slice: happened / said, loss less that of the shrunken rate,
    and the share of outcomes within their 80 % ranges.
    """
    told = {}
    for target in (Target.CONVERSION, Target.BRAND_CONVERSION):
        if target not in fitted or not len(judged_on[target]):
            continue
        predictor = fitted[target][LEARNED]
        frame = pairs_of(predictor, fitted[target][SIMPLE], judged_on[target])
        slices = {
            "all": np.ones(len(frame), dtype=bool),
            **evidence(frame["creator_trials"].to_numpy(dtype=np.float64)),
            "new pairs": (frame["met"] <= 0).to_numpy(),
        }
        table = judged(frame, slices)
        if (judged_on[target].weight != 1).any():  # a weighted pair has no range of its own
            table["covered80"] = float("nan")
        told[target.value] = {
            str(row["slice"]): {
                name: float(row[name]) for name in (*KEPT, "covered80") if not isnan(row[name])
            }
            for row in table.to_dict("records")
        }
    return told


def pairs_of(predictor: Predictor, simple: Predictor, rows: PairRows) -> pd.DataFrame:
    """Rows of products summed to creator and brand, as published forecasts are judged.

    Products of a pair are taken to err together; the luck of their lines is their own.
    """
    assert isinstance(predictor, CalibratedPredictor)
    k, n = rows.outcome()
    forecast, noise = predictor.predict(rows), predictor.line_noise_
    chance = noise.of_lines(noise.lines(rows), forecast.mean)
    nothing = (np.zeros(len(rows)), np.zeros(len(rows)))
    weighted = rows.weight * n
    frame = pd.DataFrame(
        {
            "brand_id": rows.brand_id,
            "creator_id": rows.creator_id,
            "k": rows.weight * k,
            "n": weighted,
            "said": weighted * forecast.mean,
            "baseline": weighted * simple.predict(rows).mean,
            "spread": weighted * forecast.spread,
            "chance": weighted**2 * chance,
            "creator_trials": rows.counts.get("creator", nothing)[1],
            "met": rows.counts.get("creator_brand", nothing)[1],
        }
    )
    added = list(SUMMED)
    groups = frame.groupby(["brand_id", "creator_id"], sort=True)
    pairs = groups[added].sum().join(groups[["creator_trials", "met"]].max()).reset_index()
    pairs = pairs[pairs["n"] > 0].reset_index(drop=True)
    for name in ("said", "baseline", "spread"):
        pairs[name] = pairs[name] / pairs["n"]
    pairs["spread"] = np.sqrt(pairs["spread"] ** 2 + pairs["chance"] / pairs["n"] ** 2)
    return pairs.drop(columns="chance")
