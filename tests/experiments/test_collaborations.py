import numpy as np
import pytest

from experiments.collaborations import MEASURES, Ranked, collaboration_board, measures

CHOSEN = np.array([False, True, False, True])


def test_measures_of_a_list_worked_by_hand() -> None:
    """Ranks 2 and 4 of four: each partner beats half and none of the two others."""
    told = dict(zip(MEASURES, measures(np.array([4.0, 3, 2, 1]), CHOSEN)[0], strict=True))
    assert told["auc"] == pytest.approx((1 + 0) / 4)
    assert told["mrr"] == 1 / 2
    assert told["map"] == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert told["r10"] == told["r50"] == 1


def test_a_creator_drawn_twice_is_ranked_twice_and_one_not_drawn_is_gone() -> None:
    copies = np.array([[0.0, 2, 1, 1]])
    drawn = measures(np.array([4.0, 3, 2, 1]), CHOSEN, copies)[0]
    written_out = measures(np.array([3.0, 3, 2, 1]), np.array([True, True, False, True]))[0]
    assert drawn.tolist() == pytest.approx(written_out.tolist())


def test_only_the_first_ten_count_for_recall_at_ten() -> None:
    chosen = np.zeros(60, bool)
    chosen[[3, 12, 55]] = True
    recalls = measures(-np.arange(60.0), chosen)[0, 1:3]
    assert recalls.tolist() == pytest.approx([1 / 3, 2 / 3])


def test_without_a_partner_nothing_is_said() -> None:
    assert np.isnan(measures(np.array([1.0, 2.0]), np.array([False, False]))).all()


def test_better_is_said_where_the_whole_interval_is() -> None:
    random = np.random.default_rng(0)
    ids = np.array([f"c{i:02d}" for i in range(50)])
    ranked = []
    for b in range(30):
        chosen = random.random(50) < 0.2
        noise = random.normal(size=(2, 50))
        scores = {"good": chosen + noise[0] / 2, "poor": noise[1]}
        ranked.append(Ranked(f"b{b}", ids, chosen, scores))
    board = collaboration_board(ranked, "good", draws=100).set_index(["measure", "predictor"])
    assert board.loc[("map", "poor"), "verdict"] == "better"
    assert board.loc[("map", "good"), "verdict"] == ""
    assert board.loc[("auc", "poor"), "value"] == pytest.approx(0.5, abs=0.05)
