"""Scoring brand x creator x product rows, against pandas merges and Booster.predict."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.harness import Jobs, Work, serve_job
from benchmarks.synthetic import facts_of
from models.prediction import Target
from pipelines.snapshot import FEATURE_NAMES, Snapshot

BRANDS = 20
"""How many brands' grids are scored; each with every creator and all of its products."""


def known(folder: Path) -> Snapshot:
    """Features and embeddings as of the end of the facts."""
    from features.daily import daily_facts
    from pipelines.snapshot import snapshot

    facts = facts_of(folder)
    return snapshot(facts, daily_facts(facts, "product"), facts.as_of, 16, 0)


def train_model(folder: Path) -> None:
    """A conversion model of 100 trees x 31 leaves on random pairs, saved beside the facts."""
    from dataclasses import replace

    from models.predictors.boosted import BoostedPredictor

    snapshot = known(folder)
    random = np.random.default_rng(0)
    creators = random.integers(0, len(snapshot.tables.creators), 50_000)
    items = random.integers(0, len(snapshot.tables.items), 50_000)
    rows = snapshot.rows(Target.CONVERSION, creators, items)
    trials = np.full(len(rows), 200.0)
    rate = np.nan_to_num(rows.features[:, FEATURE_NAMES.index("item_conversion")], nan=0.05)
    successes = random.binomial(200, np.clip(rate, 0, 1)).astype(float)
    rows = replace(rows, successes=successes, trials=trials)
    BoostedPredictor(Target.CONVERSION, rounds=300).fit(rows).save(folder / "model")


def alliance(folder: Path) -> Work:
    """Blocks of numpy rows, similarities and intervals included."""
    from models.predictors.boosted import BoostedPredictor
    from pipelines.candidates import whole_grid
    from pipelines.grid import blocks

    snapshot, model = known(folder), BoostedPredictor.load(folder / "model")
    brands = whole_grid(snapshot.tables)[:BRANDS]

    def work() -> float:
        done = 0
        for block in blocks(brands):
            model.predict(snapshot.rows(Target.CONVERSION, block.creators, block.items))
            done += len(block.creators)
        return float(done)

    return work


def merge_predict(folder: Path) -> Work:
    """Per brand: cross join, merges of every table, Booster.predict. No similarities."""
    import lightgbm

    from pipelines.candidates import whole_grid

    snapshot = known(folder)
    booster = lightgbm.Booster(model_file=str(folder / "model" / "trees.txt"))
    tables = snapshot.tables
    creators = tables.creators.select_dtypes("number").reset_index()
    items = tables.items.select_dtypes("number").reset_index()
    keys = tables.items[["brand_id", "category"]].reset_index()
    brands = whole_grid(tables)[:BRANDS]

    def work() -> float:
        done = 0
        for brand in brands:
            rows = creators.merge(items.iloc[brand.items], how="cross", suffixes=("", "_item"))
            rows = rows.merge(keys, on="item_id")
            rows = rows.merge(
                tables.creator_categories.reset_index(), how="left", on=["creator_id", "category"]
            )
            rows = rows.merge(
                tables.creator_brands.reset_index(),
                how="left",
                on=["creator_id", "brand_id"],
                suffixes=("", "_brand"),
            )
            rows = rows.merge(
                tables.pairs.reset_index(),
                how="left",
                on=["creator_id", "item_id"],
                suffixes=("", "_pair"),
            )
            numbers = rows.select_dtypes("number").to_numpy(dtype=np.float32)
            booster.predict(_fitted(numbers, booster.num_feature()), num_threads=1)
            done += len(rows)
        return float(done)

    return work


def _fitted(
    numbers: "np.ndarray[tuple[int, int], np.dtype[np.float32]]", width: int
) -> pd.DataFrame:
    """As many columns as the model knows: speed does not depend on which they are."""
    padded = np.full((len(numbers), width), np.nan, dtype=np.float32)
    shared = min(width, numbers.shape[1])
    padded[:, :shared] = numbers[:, :shared]
    return pd.DataFrame(padded)


JOBS: Jobs = {"alliance": alliance, "merge-predict": merge_predict}

if __name__ == "__main__":
    serve_job(JOBS, sys.argv[1:])
