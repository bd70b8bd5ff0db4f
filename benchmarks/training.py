"""Training a rate on 100,000 pairs of counts, against LightGBM on two weighted rows a pair."""

import sys
from pathlib import Path

import numpy as np

from benchmarks.harness import Jobs, Work, serve_job
from models.prediction import PairRows, Target

ROWS, FEATURES, TREES = 100_000, 60, 100


def rows_of_counts() -> PairRows:
    """Pairs with 60 features of which six matter; denominators skewed as clicks are."""
    random = np.random.default_rng(0)
    features = random.normal(size=(ROWS, FEATURES)).astype(np.float32)
    logit = features[:, :6] @ np.array([0.6, -0.4, 0.3, 0.2, -0.2, 0.1]) - 3
    logit += random.normal(0, 0.5, ROWS)
    trials = random.lognormal(4, 1.5, ROWS).round() + 1
    successes = random.binomial(trials.astype(int), 1 / (1 + np.exp(-logit))).astype(float)
    ids = np.arange(ROWS).astype(str)
    nothing = np.zeros(ROWS)
    return PairRows(
        features=features,
        feature_names=tuple(f"x{i}" for i in range(FEATURES)),
        creator_id=ids,
        item_id=ids,
        brand_id=ids,
        category=ids,
        as_of=np.full(ROWS, "2026-01-01", dtype="datetime64[D]"),
        counts=dict.fromkeys(("creator", "item", "pair"), (nothing, nothing)),
        successes=successes,
        trials=trials,
    )


def alliance(_: Path) -> Work:
    """Our predictor: one row a pair, weighted by what it tells."""
    from models.predictors.boosted import BoostedPredictor

    rows = rows_of_counts()

    def work() -> float:
        BoostedPredictor(Target.CONVERSION, num_threads=1, rounds=3 * TREES).fit(rows)
        return float(ROWS)

    return work


def lightgbm_two_rows(_: Path) -> Work:
    """The plain way: a row of successes and a row of failures, objective binary, same trees."""
    import lightgbm

    rows = rows_of_counts()
    successes, trials = rows.outcome()

    def work() -> float:
        data = lightgbm.Dataset(
            np.vstack([rows.features, rows.features]),
            np.repeat([1.0, 0.0], ROWS),
            weight=np.concatenate([successes, trials - successes]),
        )
        told = {"objective": "binary", "num_leaves": 31, "learning_rate": 0.05, "num_threads": 1}
        lightgbm.train(told | {"verbosity": -1, "force_row_wise": True}, data, TREES)
        return float(ROWS)

    return work


JOBS: Jobs = {"alliance": alliance, "lightgbm-two-rows": lightgbm_two_rows}

if __name__ == "__main__":
    serve_job(JOBS, sys.argv[1:])
