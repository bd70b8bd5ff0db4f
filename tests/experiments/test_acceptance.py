import numpy as np
import pytest

from experiments.acceptance import acceptance_board, reliability


def test_the_board_holds_ours_against_the_better_baseline() -> None:
    random = np.random.default_rng(0)
    truth = random.choice([0.2, 0.8], 2_000)
    yes = (random.random(2_000) < truth).astype(float)
    said = {"ours": truth, "hierarchical": np.full(2_000, 0.5), "overall": np.full(2_000, 0.9)}
    brand = random.integers(0, 20, 2_000).astype(np.str_)
    board = acceptance_board(said, yes, brand, brand, {"all": np.ones(2_000, bool)})
    ours = board[board["predictor"] == "ours"].iloc[0]
    assert (ours["target"], ours["best_baseline"]) == ("acceptance", "hierarchical")
    assert ours["difference_hi95"] < 0
    entropy = -(0.2 * np.log(0.2) + 0.8 * np.log(0.8))
    assert ours["loss"] == pytest.approx(entropy, abs=0.03)


def test_reliability_has_equal_bins_and_an_interval_of_chance() -> None:
    said = np.repeat([0.1, 0.3, 0.5, 0.7, 0.9], 10)
    yes = np.tile([1.0, 0.0], 25)
    table = reliability(said, yes)
    assert table["forecast"].tolist() == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])
    assert table["observed"].tolist() == [0.5] * 5
    assert table["lo95"].iloc[0] == pytest.approx(0.2366, abs=1e-3)
