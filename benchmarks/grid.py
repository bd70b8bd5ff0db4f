"""Scoring brand x creator x product rows, against pandas merges and Booster.predict."""

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.harness import Jobs, Work, serve_job
from benchmarks.synthetic import facts_of
from models.prediction import Target
from pipelines.snapshot import Snapshot

Features = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

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
    successes = random.binomial(200, 1 / (1 + np.exp(-rugged(rows.features, random)))).astype(float)
    rows = replace(rows, successes=successes, trials=trials)
    BoostedPredictor(Target.CONVERSION, rounds=300).fit(rows).save(folder / "model")


def rugged(features: Features, random: np.random.Generator) -> Floats:
    """Logits that take many splits to learn: steps and products of all known features."""
    told = features[:, np.isfinite(features).any(axis=0)]
    spread = np.nanstd(told, axis=0)
    varied = told[:, spread > 0]
    scaled = np.nan_to_num((varied - np.nanmean(varied, axis=0)) / spread[spread > 0])
    steps = np.sign(np.sin(2 * scaled)) @ random.normal(0, 0.1, scaled.shape[1])
    crossed = (scaled * np.roll(scaled, 1, axis=1)) @ random.normal(0, 0.05, scaled.shape[1])
    return np.clip(steps + crossed - 2.5, -8, 4)


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
    """Per brand: cross join, a merge of every table, Booster.predict on one thread.

    The merges bring the sums; the forecast is of the very features that ours makes of them,
    prepared beforehand, so that both walk the same trees. No similarities, no intervals.
    """
    import lightgbm

    from pipelines.candidates import whole_grid
    from pipelines.grid import block

    snapshot = known(folder)
    booster = lightgbm.Booster(model_file=str(folder / "model" / "trees.txt"))
    tables = snapshot.tables
    creators = tables.creators.select_dtypes("number").reset_index()
    items = tables.items.select_dtypes("number").reset_index()
    keys = tables.items[["brand_id", "category"]].reset_index()
    brands = whole_grid(tables)[:BRANDS]
    rows_of = [block([brand]) for brand in brands]
    features = [snapshot.features(rows.creators, rows.items) for rows in rows_of]

    def work() -> float:
        done = 0
        for brand, prepared in zip(brands, features, strict=True):
            rows = creators.merge(items.iloc[brand.items], how="cross", suffixes=("", "_item"))
            rows = rows.merge(keys, on="item_id")
            for table, keyed_by in (
                (tables.creator_categories, ["creator_id", "category"]),
                (tables.creator_brands, ["creator_id", "brand_id"]),
                (tables.pairs, ["creator_id", "item_id"]),
            ):
                added = table.add_prefix("_".join(keyed_by)).reset_index()
                rows = rows.merge(added, how="left", on=keyed_by)
            assert len(rows) == len(prepared)
            booster.predict(prepared, num_threads=1)
            done += len(rows)
        return float(done)

    return work


JOBS: Jobs = {"alliance": alliance, "merge-predict": merge_predict}

if __name__ == "__main__":
    serve_job(JOBS, sys.argv[1:])
