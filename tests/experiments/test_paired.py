"""Paired comparison against brute force on tiny grids, and against an independent library."""

from collections.abc import Callable
from itertools import product

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.metrics import ndcg
from experiments.paired import Draws, Grid, drawn_log_loss, drawn_ndcg, interval, paired, verdict
from models.prediction import Floats

Random = np.random.Generator
seeds = st.integers(0, 2**32 - 1)


def grid_and_scores(random: Random, brands: int = 4, stores: int = 26) -> tuple[Grid, Floats]:
    """Some stores too small to rank, some cells not judged, scores with ties."""
    n = random.integers(0, 60, stores)
    n[:22] += 20
    k = random.binomial(n, random.uniform(0, 0.2, (brands, stores)))
    k[0] = 0
    judged = random.random((brands, stores)) < 0.95
    return Grid.of(k, n, judged), random.integers(0, 6, (brands, stores)) / 10 + 0.05


def expanded(times: Floats) -> list[int]:
    return [i for i, m in enumerate(times) for _ in range(int(m))]


def brute_force_ndcg(scores: Floats, grid: Grid, brands: Floats, stores: Floats) -> float:
    """Every copy of a drawn store written out as a candidate of its own."""
    kept = []
    for brand in expanded(brands):
        copies = [s for s in expanded(stores) if grid.judged[brand, s] and grid.n[s] >= 20]
        gains = [grid.k[brand, s] / grid.n[s] for s in copies]
        if len(copies) < 20 or max(gains) == 0:
            continue
        ranked = sorted(range(len(copies)), key=lambda i: (-scores[brand, copies[i]], copies[i]))
        discount = [1 / np.log2(rank + 2) for rank in range(10)]
        got = sum(gains[i] * d for i, d in zip(ranked, discount, strict=False))
        best = sum(g * d for g, d in zip(sorted(gains, reverse=True), discount, strict=False))
        kept.append(got / best)
    return float(np.mean(kept)) if kept else float("nan")


def brute_force_log_loss(p: Floats, grid: Grid, brands: Floats, stores: Floats) -> float:
    loss = trials = 0.0
    for brand, store in product(expanded(brands), expanded(stores)):
        if grid.judged[brand, store]:
            k, n = grid.k[brand, store], grid.n[store]
            loss -= k * np.log(p[brand, store]) + (n - k) * np.log(1 - p[brand, store])
            trials += n
    return loss / trials


@pytest.mark.parametrize(
    ("measured", "brute_force"),
    [(drawn_ndcg, brute_force_ndcg), (drawn_log_loss, brute_force_log_loss)],
)
@given(seed=seeds)
@settings(max_examples=25, deadline=None)
def test_every_draw_is_the_measure_of_the_grid_written_out(
    measured: Callable[[Floats, Grid, Draws], Floats],
    brute_force: Callable[[Floats, Grid, Floats, Floats], float],
    seed: int,
) -> None:
    grid, scores = grid_and_scores(np.random.default_rng(seed))
    drawn = Draws.of(4, 26, draws=6, random_state=seed)
    all_brands, all_stores = np.ones_like(drawn.brands), np.ones_like(drawn.stores)
    ways = [(drawn.brands, drawn.stores), (drawn.brands, all_stores), (all_brands, drawn.stores)]
    for found, (brands, stores) in zip(measured(scores, grid, drawn), ways, strict=True):
        expected = [brute_force(scores, grid, *each) for each in zip(brands, stores, strict=True)]
        assert found == pytest.approx(expected, nan_ok=True)


def test_the_first_is_the_grid_itself_as_the_plain_measure_and_ir_measures_have_it() -> None:
    random = np.random.default_rng(3)
    grid, _ = grid_and_scores(random)
    scores = random.random(grid.k.shape)
    found = drawn_ndcg(scores, grid, Draws.of(4, 26, draws=1))[0, 0]
    assert found == pytest.approx(np.nanmean(ndcg(scores, grid.gains)))
    # In sales per million trials: ir_measures wants whole gains
    gains = np.round(grid.gains * 1e6)
    brands = [b for b in range(4) if np.nansum(gains[b]) > 0]
    candidates = [(b, s) for b in brands for s in range(26) if not np.isnan(gains[b, s])]
    qrels = [ir_measures.Qrel(str(b), str(s), int(gains[b, s])) for b, s in candidates]
    run = [ir_measures.ScoredDoc(str(b), str(s), scores[b, s]) for b, s in candidates]
    theirs = ir_measures.parse_measure("nDCG@10").calc_aggregate(qrels, run)
    assert found == pytest.approx(theirs, abs=1e-6)


@given(seed=seeds)
@settings(max_examples=25, deadline=None)
def test_only_the_order_of_scores_matters_and_the_truth_ranks_best(seed: int) -> None:
    grid, scores = grid_and_scores(np.random.default_rng(seed))
    drawn = Draws.of(4, 26, draws=5, random_state=seed)
    found = drawn_ndcg(scores, grid, drawn)
    assert drawn_ndcg(np.exp(3 * scores) - 7, grid, drawn) == pytest.approx(found, nan_ok=True)
    best = drawn_ndcg(np.nan_to_num(grid.gains), grid, drawn)
    assert best[~np.isnan(best)] == pytest.approx(1.0)
    assert np.all((found[~np.isnan(found)] >= 0) & (found[~np.isnan(found)] <= 1 + 1e-12))


def test_a_brand_counts_with_twenty_stores_to_rank_and_a_sale() -> None:
    k = np.ones((3, 21))
    k[1] = 0
    judged = np.ones((3, 21), dtype=bool)
    judged[2, :2] = False  # 19 stores left
    grid = Grid.of(k, np.full(21, 20), judged)
    table = paired({"ours": k / 20}, "ours", {"all": grid}, draws=5)
    assert set(table["brands"]) == {1}
    assert set(table["trials"]) == {(21 + 21 + 19) * 20}


def test_a_better_forecast_is_told_and_one_against_itself_is_level() -> None:
    random = np.random.default_rng(0)
    truth = random.beta(1, 20, (40, 30))
    n = np.full(30, 400)
    grid = Grid.of(random.binomial(n, truth), n)
    flat = np.repeat(truth.mean(axis=1, keepdims=True), 30, axis=1)
    table = paired(
        {"ours": truth, "flat": flat, "same": truth}, "ours", {"all": grid}, draws=200
    ).set_index(["measure", "forecast"])
    for measure in ("ndcg10", "log_loss"):
        rows = table.loc[measure]
        assert rows["verdict"].to_dict() == {"ours": "", "flat": "better", "same": "level"}
        assert rows.loc["flat"]["difference"] > 0
        assert (rows["lo95"] <= rows["value"]).all()
        assert (rows["value"] <= rows["hi95"]).all()
    flipped = paired({"ours": truth, "flat": flat}, "flat", {"all": grid}, draws=200)
    assert flipped.loc[flipped["forecast"] == "ours", "verdict"].tolist() == ["worse", "worse"]


def test_the_interval_is_as_wide_as_fresh_brands_and_stores_would_make_it() -> None:
    """Brands and stores with effects of their own: the loss varies between samples of both."""

    def sample(seed: int) -> tuple[Grid, Floats]:
        random = np.random.default_rng(seed)
        logit = -3 + random.normal(0, 0.8, (30, 1)) + random.normal(0, 0.8, (1, 25))
        truth = 1 / (1 + np.exp(-logit))
        n = np.full(25, 200)
        return Grid.of(random.binomial(n, truth), n), truth

    def losses(seed: int, draws: int) -> Floats:
        grid, truth = sample(seed)
        return drawn_log_loss(truth, grid, Draws.of(30, 25, draws, seed))

    def width(seed: int) -> float:
        low, high = interval(losses(seed, 200))
        return high - low

    fresh = np.std([losses(seed, 1)[0, 0] for seed in range(300)])
    told = np.mean([width(seed) for seed in range(20)]) / (2 * 1.96)
    assert told == pytest.approx(fresh, rel=0.25)


def test_the_same_seed_gives_the_same_table_and_scores_rank_in_place_of_forecasts() -> None:
    grid, p = grid_and_scores(np.random.default_rng(5))
    q = np.full_like(p, 0.05)
    first = paired({"ours": p, "flat": q}, "ours", {"all": grid}, scores={"flat": p}, draws=20)
    again = paired({"ours": p, "flat": q}, "ours", {"all": grid}, scores={"flat": p}, draws=20)
    assert first.equals(again)
    ranking = first[(first["measure"] == "ndcg10") & (first["forecast"] == "flat")].iloc[0]
    assert (ranking["difference"], ranking["verdict"]) == (0, "level")


def test_the_interval_of_a_gap_in_ndcg_holds_what_fresh_samples_average() -> None:
    """A careful forecast and one that errs by the store, with a quarter of the cells left out."""

    def sample(seed: int) -> tuple[Grid, Floats, Floats]:
        random = np.random.default_rng(seed)
        store, brand = random.normal(0, 0.7, (1, 40)), random.normal(0, 0.7, (25, 1))
        own = random.normal(0, 0.7, (25, 40))
        n = random.integers(20, 150, 40)
        k = random.binomial(n, 1 / (1 + np.exp(4.5 - store - brand - own)))
        careful = store + brand + 0.6 * own + random.normal(0, 0.5, own.shape)
        by_store = brand + 0.9 * store + random.normal(0, 0.6, (1, 40))
        return Grid.of(k, n, random.random(own.shape) < 0.75), careful, by_store

    def gap(seed: int, draws: int) -> Floats:
        grid, careful, by_store = sample(seed)
        drawn = Draws.of(25, 40, draws, seed)
        return drawn_ndcg(careful, grid, drawn) - drawn_ndcg(by_store, grid, drawn)

    fresh = [gap(seed, 1)[0, 0] for seed in range(300)]
    told = [verdict(gap(seed, 100) - np.mean(fresh)) for seed in range(60)]
    assert told.count("level") >= 53  # 57 expected; fewer once in a hundred


def test_noise_of_single_cells_is_counted_once() -> None:
    """Two forecasts whose errors differ from cell to cell alone: no brand or store is special."""

    def gap(seed: int, draws: int) -> Floats:
        random = np.random.default_rng(seed)
        own, n = random.normal(0, 0.8, (60, 40)), np.full(40, 200)
        grid = Grid.of(random.binomial(n, 1 / (1 + np.exp(4 - own))), n)
        near = own + random.normal(0, 0.6, own.shape)
        drawn = Draws.of(60, 40, draws, seed)
        rougher = drawn_ndcg(near + random.normal(0, 0.5, own.shape), grid, drawn)
        return drawn_ndcg(near, grid, drawn) - rougher

    fresh = np.std([gap(seed, 1)[0, 0] for seed in range(200)])
    drawn = [gap(seed, 200) for seed in range(8)]
    told = np.mean([np.diff(interval(each)) for each in drawn]) / (2 * 1.96)
    assert told == pytest.approx(fresh, rel=0.25)
    assert np.mean([each[0, 1:].std() for each in drawn]) > 1.4 * fresh
