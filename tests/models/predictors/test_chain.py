import json
from dataclasses import replace

import numpy as np
import pytest

from models.links import Link
from models.prediction import Target
from models.predictors.chain import PARENTS, Chain
from models.predictors.told import feature_of_level
from models.uncertainty.calibration import Recalibration
from tests.models.predictors.simulation import market

ROWS = market(4, creators=60, items=30).rows


def chain() -> Chain:
    return Chain.fit(tuple(PARENTS), ROWS, Link(is_rate=True), 1.0, 0.06)


def test_what_the_levels_add_sums_to_the_rate() -> None:
    fitted = chain()
    parts = fitted.parts(ROWS)
    assert set(parts) == set(PARENTS)
    np.testing.assert_allclose(fitted.base() + sum(parts.values()), fitted.eta(ROWS), atol=1e-12)


def test_a_level_without_counts_adds_nothing() -> None:
    parts = chain().parts(ROWS)
    cold = ROWS.counts["creator"][1] == 0
    assert cold.any()
    for level in ("creator", "creator_category", "creator_brand", "pair"):
        assert (parts[level][cold] == 0).all()


def test_it_comes_back_from_json_to_the_bit() -> None:
    fitted = chain()
    read = Chain.from_json(json.loads(json.dumps(fitted.as_json(), sort_keys=True)))
    assert read == fitted
    assert (read.eta(ROWS) == fitted.eta(ROWS)).all()


@pytest.mark.parametrize(
    ("level", "target", "names", "feature"),
    [
        ("pair", Target.CONVERSION, ("item_conversion", "pair_conversion"), "pair_conversion"),
        ("pair", Target.CONVERSION, ("item_conversion",), "item_conversion"),
        ("item", Target.RETURN, ("item_conversion", "item_return_rate"), "item_return_rate"),
        ("category", Target.CONVERSION, ("price",), None),
    ],
)
def test_a_level_is_told_by_the_nearest_feature(
    level: str, target: Target, names: tuple[str, ...], feature: str | None
) -> None:
    assert feature_of_level(level, target, names) == feature


def test_a_rare_seller_needs_more_trials_to_be_believed() -> None:
    link = Link(is_rate=True)
    common, rare = (np.array([link.forward(np.array(p))]) for p in (0.06, 0.006))
    counts = {"creator": (np.array([30.0]), np.array([1000.0]))}
    seen = replace(ROWS.take(np.array([0])), counts=counts)

    levels = Chain(True, 0.06, {"creator": 500.0}, {}, 0.1, Recalibration())

    def pulled(expected: np.ndarray) -> float:
        return float(link.inverse(levels._shrunken("creator", expected, seen))[0])

    assert pulled(common) == pytest.approx((30 + 500 * 0.06) / (1000 + 500))
    ten_times_rarer = 500 * 10**0.5  # trials
    assert pulled(rare) == pytest.approx((30 + ten_times_rarer * 0.006) / (1000 + ten_times_rarer))


def test_where_items_are_brands_a_pair_is_counted_once() -> None:
    counts = {**ROWS.counts, "item": ROWS.counts["brand"], "pair": ROWS.counts["creator_brand"]}
    fitted = Chain.fit(tuple(PARENTS), replace(ROWS, counts=counts), Link(is_rate=True), 1.0, 0.06)
    assert set(PARENTS) - set(fitted.strengths) == {"item", "pair"}
