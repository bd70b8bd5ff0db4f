"""Diagnoses judged by truth: scores worked out by hand, and truth that is the world's own."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.quality.decisions_diagnosis import (
    Verdicts,
    intervals,
    joined,
    quadrants,
    score,
    table,
    true_conversion_of_pairs,
    verdicts,
)
from experiments.world.simulate import World
from experiments.world.truth import true_rates
from models.matrix.columns import OFFER_NUMBERS
from models.matrix.diagnosis import quadrant
from models.matrix.manifest import Manifest
from models.matrix.matrix import AllianceMatrix, build_matrix
from models.matrix.offers import OfferParts
from tests.matrices import AS_OF
from tests.pipelines.worlds import little_world


def told(p: list[float], above: list[bool], met: bool = True, world: str = "w") -> Verdicts:
    n = len(p)
    who = np.array([f"{world} c{i}" for i in range(n)])
    return Verdicts(np.array(p), np.array(above), np.full(n, met), who)


def test_the_scores_of_four_verdicts() -> None:
    found = score(told([0.9, 0.8, 0.1, 0.5], [True, False, False, True]))
    assert found.pairs == 4
    assert found.log_score == pytest.approx(-np.log([0.9, 0.2, 0.9, 0.5]).mean())
    assert found.log_score_of_share == pytest.approx(np.log(2))
    assert found.decided == 0.75
    assert found.accuracy == pytest.approx(2 / 3)
    assert (found.high_right, found.low_right) == (0.5, 1.0)


def test_deciding_nothing_is_not_accurate() -> None:
    found = score(told([0.5, 0.6], [True, False]))
    assert found.decided == 0.0
    assert np.isnan(found.accuracy)
    assert np.isnan(score(told([], [])).log_score)


def test_certainty_that_is_wrong_costs_much_but_not_everything() -> None:
    assert score(told([1.0], [False])).log_score == pytest.approx(-np.log(1e-6))


def test_worlds_are_joined_and_sliced_by_whether_they_met() -> None:
    both = joined([told([0.9], [True]), told([0.1, 0.2], [False, True], met=False, world="v")])
    assert [score(both.of(name)).pairs for name in ("all", "met", "new")] == [3, 1, 2]
    assert score(both.of("new")).accuracy == 0.5


def test_a_creator_is_drawn_with_all_its_pairs() -> None:
    random = np.random.default_rng(0)
    p, above = random.random(400), random.random(400) < 0.5
    alone = Verdicts(p, above, above, np.arange(400).astype(str))
    ten = Verdicts(
        np.repeat(p[:40], 10),
        np.repeat(above[:40], 10),
        np.repeat(above[:40], 10),
        np.repeat(np.arange(40), 10).astype(str),
    )
    widths = [np.diff(intervals(v, random, 200)["decided"])[0] for v in (alone, ten)]
    assert widths[1] > 2 * widths[0]


@pytest.fixture(scope="module")
def world() -> World:
    return little_world()


def all_knowing(world: World) -> tuple[AllianceMatrix, "pd.Series[float]"]:
    """A matrix of two brands that says 1 or 0 of everything, as it truly is."""
    truth = world.truth
    creators = truth["creators"]["creator_id"].astype(str).tolist()
    products = world.tables["products"][["product_id", "brand_id"]].astype(str)
    brands = sorted(products["brand_id"].unique())[:2]
    rows, parts, counts = [], [], []
    for brand in brands:
        own = products.loc[products["brand_id"] == brand, "product_id"].tolist()
        for creator in sorted(creators):
            rates = true_rates(truth, [creator] * len(own), own)
            rows.append(
                (brand, creator, own[0], rates["conversion"].mean(), rates["impressions"][0])
            )
            parts += own
            counts.append(len(own))
    frame = pd.DataFrame(rows, columns=["brand_id", "creator_id", "best_product_id", "c", "i"])
    benchmark = frame.groupby("brand_id")["c"].median()
    usual = frame.groupby("brand_id")["i"].transform("median")
    frame["p_above_benchmark"] = (frame["c"] > frame["brand_id"].map(benchmark)).astype(float)
    frame["p_impressions_above_benchmark"] = (frame["i"] > usual).astype(float)
    frame["benchmark_impressions"] = usual
    frame["evidence_sessions"] = np.arange(len(frame)) % 2
    frame["quadrant"] = quadrant(frame["p_above_benchmark"], frame["p_impressions_above_benchmark"])
    columns = {name: np.zeros(len(parts), np.float32) for name in OFFER_NUMBERS}
    offers = OfferParts(
        np.array(counts), parts, columns | {"extrapolated": np.zeros(len(parts), bool)}
    )
    matrix = build_matrix(
        frame.drop(columns=["c", "i"]),
        pd.DataFrame({"brand_id": brands}),
        pd.DataFrame({"creator_id": sorted(creators)}),
        Manifest(as_of=AS_OF),
        products,
        offers,
    )
    return matrix, benchmark


def test_who_knows_the_truth_is_right_everywhere(world: World) -> None:
    matrix, benchmark = all_knowing(world)
    found = verdicts(matrix, world.truth, benchmark, "little")
    for axis in ("conversion", "impressions"):
        whole = score(found[axis])
        assert (whole.decided, whole.accuracy) == (1.0, 1.0), axis
        assert whole.log_score < 1e-5
        assert 0.3 < whole.above < 0.7
    crossed = quadrants(matrix, world.truth, benchmark)
    on_the_diagonal = [crossed[name][name] for name in crossed.index]
    assert sum(on_the_diagonal) == len(matrix)


def test_the_table_has_a_row_for_each_axis_and_slice(world: World) -> None:
    matrix, benchmark = all_knowing(world)
    found = table(verdicts(matrix, world.truth, benchmark), np.random.default_rng(0))
    assert len(found) == 6
    assert (found["accuracy_lo95"] == 1).all()


def test_without_offers_nothing_is_judged(world: World) -> None:
    matrix = build_matrix(
        pd.DataFrame({"brand_id": ["b"], "creator_id": ["c"]}),
        pd.DataFrame({"brand_id": ["b"]}),
        pd.DataFrame({"creator_id": ["c"]}),
        Manifest(as_of=AS_OF),
    )
    with pytest.raises(ValueError, match="only a matrix with offers"):
        true_conversion_of_pairs(matrix, world.truth)
