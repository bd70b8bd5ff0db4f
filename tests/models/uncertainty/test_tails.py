import numpy as np
import pytest

from models.uncertainty.tails import below, drawn, quantile, split


def test_usual_and_wild_pairs_together_have_the_variance_said() -> None:
    usual, wild = split(np.array([0.5]), 0.05)
    assert 0.95 * usual + 0.05 * wild == pytest.approx(0.5)
    assert wild == pytest.approx(9 * usual)


@pytest.mark.parametrize("wild", [0.0, 0.03, 0.1])
def test_draws_quantiles_and_probabilities_agree(wild: float) -> None:
    errors = drawn((400_000,), wild, np.random.default_rng(0))
    assert errors.std() == pytest.approx(1, abs=0.01)
    for p in (0.1, 0.8, 0.975):
        z = quantile(p, wild)
        assert (errors < z).mean() == pytest.approx(p, abs=0.004)
        assert below(np.array([z]), wild)[0] == pytest.approx(p)


def test_wild_pairs_narrow_the_middle_and_lengthen_the_ends() -> None:
    assert quantile(0.9, 0.05) < quantile(0.9, 0.0)
    assert quantile(0.999, 0.05) > quantile(0.999, 0.0)
