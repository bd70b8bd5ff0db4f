"""CatBoost and XGBoost given our features, our start and as many tried settings as ours."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from scipy.special import expit, logit

from benchmarks.quality.peers.apart import apart
from benchmarks.quality.peers.forecasts import PeerForecast, chosen
from benchmarks.quality.peers.registry import Settings
from models.prediction import Floats, PairRows, Target
from models.predictors.pair_rate import PairRatePredictor

ROUNDS: Final = (50, 100, 200, 400)
"""Read off one growth, as the trees of fewer rounds are the first of more."""
GROWN: Final[Mapping[str, Sequence[Settings]]] = {
    "CatBoost on our features": [
        {"library": "catboost", **settings, "columns": 0.4, "pair_variance": 0.2}
        for settings in (
            {"depth": 4, "learning_rate": 0.05, "l2": 3.0},
            {"depth": 6, "learning_rate": 0.05, "l2": 3.0},
            {"depth": 6, "learning_rate": 0.05, "l2": 30.0},
        )
    ],
    "XGBoost on our features": [
        {"library": "xgboost", **settings, "l2": 1.0, "pair_variance": 0.2}
        for settings in (
            {"depth": 3, "learning_rate": 0.05, "columns": 0.4},
            {"depth": 3, "learning_rate": 0.1, "columns": 1.0},
            {"depth": 5, "learning_rate": 0.05, "columns": 0.4},
        )
    ],
}


def boosters(learn: PairRows, rows: PairRows, shape: tuple[int, int]) -> dict[str, PeerForecast]:
    """What each forecasts of the rows, (brands, stores), with the settings best when tuned."""
    return {name: booster(name, learn, rows, shape) for name in GROWN}


def booster(name: str, learn: PairRows, rows: PairRows, shape: tuple[int, int]) -> PeerForecast:
    """One booster's forecasts: those of the settings that ranked best, and of least loss."""
    best = chosen(name)
    made: dict[str, Floats] = {}
    for use, settings in (("ranking", best.ranking), ("probability", best.probability)):
        if use == "probability" and settings == best.ranking:
            made[use] = made["ranking"]
            continue
        rounds = settings["rounds"]
        grown = on_our_features(settings, learn, rows, [rounds])
        made[use] = grown[rounds].reshape(shape)
    return PeerForecast(
        name, "our features", made["ranking"], made["probability"], True, best.tried
    )


def on_our_features(
    settings: Settings, learn: PairRows, rows: PairRows, rounds: Sequence[int]
) -> Mapping[int, Floats]:
    """Shares forecast for each row, by number of rounds grown.

    Both start, as our own trees do, from the pair's shrunken rate, which is a feature too.
    """
    learn = learn.take(learn.outcome()[1] > 0)
    k, n = learn.outcome()
    chain = PairRatePredictor(Target.BRAND_CONVERSION).fit(learn)
    learn_start, judge_start = logit(chain.predict(learn).mean), logit(chain.predict(rows).mean)
    arrays: dict[str, Any] = {
        "learn_features": np.column_stack([learn.features, learn_start]).astype(np.float32),
        "learn_start": learn_start,
        "learn_k": k,
        "learn_n": n,
        "judge_features": np.column_stack([rows.features, judge_start]).astype(np.float32),
        "judge_start": judge_start,
    }
    grown = apart("trees", {**settings, "rounds": list(rounds)}, arrays)
    return {number: expit(raw) for number, raw in zip(rounds, grown, strict=True)}
