"""CatBoost and XGBoost on the features our own trees learn from."""

from collections.abc import Mapping
from typing import Any

import catboost
import numpy as np
import numpy.typing as npt
import xgboost

from benchmarks.quality.peers.outside.exchange import Arrays, serve

Numbers = npt.NDArray[np.float64]


def logits(arrays: Arrays, settings: Mapping[str, Any]) -> Numbers:
    """Of the rows `judge_*`, after each number of rounds asked for, (rounds, rows).

    Learns shares weighted by trials, or less where pairs of one forecast differ anyhow
    (`pair_variance`, on the logit scale), starting from the logits `*_start`.
    """
    k, n = arrays["learn_k"], arrays["learn_n"]
    overall = k.sum() / n.sum()
    certainty = n * overall * (1 - overall)
    weight = certainty / (1 + certainty * settings["pair_variance"])
    weight /= weight.mean()
    grow = _catboost if settings["library"] == "catboost" else _xgboost
    return grow(arrays, k / n, weight, settings)


def _catboost(arrays: Arrays, share: Numbers, weight: Numbers, settings: Mapping[str, Any]) -> Any:
    start = arrays["learn_start"]
    model = catboost.CatBoost(
        {
            "loss_function": "CrossEntropy",
            "iterations": max(settings["rounds"]),
            "depth": settings["depth"],
            "learning_rate": settings["learning_rate"],
            "l2_leaf_reg": settings["l2"],
            "rsm": settings["columns"],
            "boost_from_average": False,
            "random_seed": 0,
            "thread_count": 1,
            "allow_writing_files": False,
            "verbose": False,
        }
    )
    model.fit(catboost.Pool(arrays["learn_features"], share, weight=weight, baseline=start))
    rows = catboost.Pool(arrays["judge_features"])
    return np.stack(
        [
            arrays["judge_start"] + model.predict(rows, "RawFormulaVal", ntree_end=rounds)
            for rounds in settings["rounds"]
        ]
    )


def _xgboost(arrays: Arrays, share: Numbers, weight: Numbers, settings: Mapping[str, Any]) -> Any:
    learn = xgboost.DMatrix(
        arrays["learn_features"], share, weight=weight, base_margin=arrays["learn_start"]
    )
    model = xgboost.train(
        {
            "objective": "reg:logistic",
            "max_depth": settings["depth"],
            "eta": settings["learning_rate"],
            "lambda": settings["l2"],
            "colsample_bylevel": settings["columns"],
            "subsample": 0.7,
            "min_child_weight": 20,
            "max_delta_step": 3,
            "tree_method": "hist",
            "seed": 0,
            "nthread": 1,
        },
        learn,
        num_boost_round=max(settings["rounds"]),
    )
    rows = xgboost.DMatrix(arrays["judge_features"], base_margin=arrays["judge_start"])
    return np.stack(
        [
            model.predict(rows, output_margin=True, iteration_range=(0, rounds))
            for rounds in settings["rounds"]
        ]
    )


if __name__ == "__main__":
    serve(logits)
