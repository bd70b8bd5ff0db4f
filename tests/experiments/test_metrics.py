"""Measures against hand-worked answers, an oracle, and properties that must always hold."""

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments.metrics import (
    calibration_error,
    calibration_table,
    coverage,
    deviance,
    interval_score,
    log_loss,
    ndcg,
    ndcg_of_rows,
)
from models.prediction import Floats

nan = np.nan


def floats(*values: float) -> Floats:
    return np.array(values, dtype=float)


def test_log_loss_is_per_trial() -> None:
    # Two clicks, one order, forecast 1/4; one click, no order, forecast 1/2.
    expected = -(np.log(0.25) + np.log(0.75) + np.log(0.5)) / 3
    found = log_loss(floats(1, 0), floats(2, 1), floats(0.25, 0.5))
    assert found == pytest.approx(expected)


def test_log_loss_counts_a_row_by_its_weight() -> None:
    expected = -(3 * np.log(0.25) + np.log(0.5)) / 4
    found = log_loss(floats(1, 1), floats(1, 1), floats(0.25, 0.5), floats(3, 1))
    assert found == pytest.approx(expected)


def test_without_a_trial_nothing_can_be_said() -> None:
    empty = floats()
    assert np.isnan(log_loss(floats(0), floats(0), floats(0.5)))
    assert np.isnan(deviance(empty, empty, empty))
    assert np.isnan(calibration_error(empty, empty, empty))
    assert np.isnan(coverage(empty, empty, empty))
    assert calibration_table(empty, empty, empty).empty


def test_a_sure_and_wrong_forecast_costs_much_but_not_everything() -> None:
    assert log_loss(floats(1), floats(1), floats(0)) == pytest.approx(-np.log(1e-12))


def test_deviance_is_zero_for_an_exact_forecast_and_worked_by_hand_otherwise() -> None:
    assert deviance(floats(6, 0), floats(2, 0), floats(3, 9)) == 0
    # 4 counted where 2 were expected, over 2 lines: 2 [4 log 2 - 2] / 2
    assert deviance(floats(4), floats(2), floats(1)) == pytest.approx(4 * np.log(2) - 2)
    # none counted where 3 were expected: 2 * 3 / 1
    assert deviance(floats(0), floats(1), floats(3)) == pytest.approx(6)


def test_calibration_error_of_two_bins_by_hand() -> None:
    k, n, p = floats(1, 3), floats(10, 10), floats(0.2, 0.3)
    # |.2 - .1| for half the trials, |.3 - .3| for the other
    assert calibration_error(k, n, p, bins=2) == pytest.approx(0.05)


def test_equal_forecasts_share_a_bin() -> None:
    k, n = floats(0, 10), floats(10, 10)
    assert calibration_error(k, n, floats(0.5, 0.5), bins=10) == 0
    assert calibration_table(k, n, floats(0.5, 0.5)).to_dict("records") == [
        {"forecast": 0.5, "observed": 0.5, "trials": 20.0}
    ]


def test_ndcg_by_hand() -> None:
    # Ranked c, a, b with gains 0, 2, 1: (2 / log2 3 + 1 / 2) / (2 + 1 / log2 3)
    found = ndcg(floats(0.5, 0.1, 0.9)[None], floats(2, 1, 0)[None])
    assert found[0] == pytest.approx((2 / np.log2(3) + 0.5) / (2 + 1 / np.log2(3)))


def test_a_query_without_anything_relevant_is_nan() -> None:
    found = ndcg(np.ones((3, 2)), np.array([[0, 0], [nan, nan], [0, 1.0]]))
    assert np.isnan(found).tolist() == [True, True, False]


def test_ties_keep_the_order_of_columns() -> None:
    scores = np.zeros((2, 3))
    found = ndcg(scores, np.array([[1.0, 0, 0], [0, 1.0, 0]]))
    np.testing.assert_allclose(found, [1, 1 / np.log2(3)])


def test_who_is_no_candidate_takes_no_rank() -> None:
    scores = floats(9, 5, 1)[None]
    assert ndcg(scores, floats(nan, 1, 0)[None])[0] == 1


def test_rows_of_any_order_give_the_same_ndcg_and_ties_keep_the_order_of_ids() -> None:
    query = np.array(["q2", "q1", "q1", "q2", "q1"])
    item = np.array(["b", "c", "a", "a", "b"])
    score, gain = floats(1, 1, 1, 2, 1), floats(1, 1, 0, 0, 0)
    names, found = ndcg_of_rows(query, item, score, gain)
    assert names.tolist() == ["q1", "q2"]
    # q1 ties: a, b, c, with c relevant, third. q2: a first, b relevant, second.
    np.testing.assert_allclose(found, [1 / 2, 1 / np.log2(3)])
    order = np.array([4, 2, 0, 3, 1])
    again = ndcg_of_rows(query[order], item[order], score[order], gain[order])[1]
    np.testing.assert_array_equal(again, found)


def test_coverage_counts_the_ends_and_the_score_pays_for_misses() -> None:
    truth, low, high = floats(1, 2, 5), floats(1, 0, 1), floats(2, 2, 3)
    assert coverage(truth, low, high) == pytest.approx(2 / 3)
    # widths 1, 2, 2; the last is missed by 2 at 10 each
    assert interval_score(truth, low, high) == pytest.approx((1 + 2 + 2 + 20) / 3)


@pytest.mark.parametrize("seed", range(3))
def test_ndcg_agrees_with_ir_measures(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.random((20, 30))
    gains = random.integers(0, 5, (20, 30)) * (random.random((20, 30)) < 0.3)
    gains[0] = 0
    pairs = [(q, i) for q in range(20) for i in range(30)]
    qrels = [ir_measures.Qrel(str(q), str(i), int(gains[q, i])) for q, i in pairs]
    run = [ir_measures.ScoredDoc(str(q), str(i), float(scores[q, i])) for q, i in pairs]
    oracle = {
        m.query_id: m.value for m in ir_measures.iter_calc([ir_measures.nDCG @ 10], qrels, run)
    }
    found = ndcg(scores, gains.astype(float))
    assert np.isnan(found[0])
    assert oracle["0"] == 0  # where they say 0, we say NaN
    for q in range(1, 20):
        assert found[q] == pytest.approx(oracle[str(q)], abs=1e-6)


def test_ties_agree_with_ir_measures_when_its_ids_run_backwards() -> None:
    random = np.random.default_rng(9)
    scores = random.integers(0, 4, (10, 12)).astype(float)
    gains = random.integers(0, 3, (10, 12))
    pairs = [(q, i) for q in range(10) for i in range(12)]
    # trec_eval breaks ties by the larger id first.
    name = [f"{99 - i}" for i in range(12)]
    qrels = [ir_measures.Qrel(str(q), name[i], int(gains[q, i])) for q, i in pairs]
    run = [ir_measures.ScoredDoc(str(q), name[i], float(scores[q, i])) for q, i in pairs]
    oracle = {
        m.query_id: m.value for m in ir_measures.iter_calc([ir_measures.nDCG @ 10], qrels, run)
    }
    found = ndcg(scores, gains.astype(float))
    for q in range(10):
        assert found[q] == pytest.approx(oracle[str(q)], abs=1e-6)


shares = st.floats(0.001, 0.999)


@st.composite
def counted(draw: st.DrawFn) -> tuple[Floats, Floats, Floats]:
    size = draw(st.integers(1, 12))
    n = draw(arrays(float, size, elements=st.integers(0, 50).map(float)))
    part = draw(arrays(float, size, elements=st.floats(0, 1)))
    return np.floor(n * part), n, draw(arrays(float, size, elements=shares))


@settings(max_examples=60, deadline=None)
@given(counted(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rows: tuple[Floats, Floats, Floats], random) -> None:  # type: ignore[no-untyped-def]
    k, n, p = rows
    order = np.array(random.sample(range(len(k)), len(k)))
    for measure in (log_loss, calibration_error, deviance):
        one, other = measure(k, n, p), measure(k[order], n[order], p[order])
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(counted())
def test_measures_stay_within_their_bounds(rows: tuple[Floats, Floats, Floats]) -> None:
    k, n, p = rows
    if n.sum() == 0:
        return
    own = np.where(n > 0, k / np.maximum(n, 1), 0.5)
    assert log_loss(k, n, p) >= log_loss(k, n, own) - 1e-12 >= -1e-12
    assert 0 <= calibration_error(k, n, p) <= 1
    assert deviance(k, n, p) >= -1e-12


@settings(max_examples=60, deadline=None)
@given(
    arrays(float, (4, 7), elements=st.floats(-5, 5)),
    arrays(float, (4, 7), elements=st.integers(0, 3).map(float)),
)
def test_ndcg_is_between_0_and_1_and_1_for_the_truth(scores: Floats, gains: Floats) -> None:
    found = ndcg(scores, gains)
    relevant = gains.max(axis=1) > 0
    assert np.isnan(found).tolist() == (~relevant).tolist()
    assert (found[relevant] >= 0).all()
    assert (found[relevant] <= 1 + 1e-12).all()
    np.testing.assert_allclose(ndcg(gains, gains)[relevant], 1)
