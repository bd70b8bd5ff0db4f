"""Every peer learns a planted truth, knows nothing of later weeks, and repeats itself."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.quality.journey import FINAL, Journey, Judge
from benchmarks.quality.peers.apart import is_installed
from benchmarks.quality.peers.forecasts import chosen, forecast
from benchmarks.quality.peers.history import History
from benchmarks.quality.peers.interactions import interactions
from benchmarks.quality.peers.neighbours import ease
from benchmarks.quality.peers.registry import PEERS, Peer
from models.prediction import Floats
from tests.benchmarks.quality.peers.planted import BRANDS, STORES, planted

HERE = [peer for peer in PEERS if not peer.is_apart or is_installed()]
AS_OF = FINAL.judge[0]


@pytest.fixture(scope="module")
def journey() -> Journey:
    return planted()[0]


def told(peer: Peer, journey: Journey) -> tuple[Floats, Floats]:
    made = forecast(peer, chosen(peer.name), History.of(journey, AS_OF))
    return made.ranking, made.probability


@pytest.mark.parametrize("peer", HERE, ids=lambda peer: peer.name)
def test_a_peer_learns_knows_nothing_later_and_repeats_itself(peer: Peer, journey: Journey) -> None:
    ranking, probability = told(peer, journey)
    assert ranking.shape == probability.shape == (BRANDS, STORES)
    assert np.isfinite(ranking).all()
    assert ((probability > 0) & (probability < 1)).all()
    later = replace(journey, k=journey.k.copy(), n=journey.n.copy())
    later.k[AS_OF + 1 :] = 0
    later.n[AS_OF + 1 :] = 7
    again = told(peer, later)
    np.testing.assert_array_equal(again[0], ranking)
    np.testing.assert_array_equal(again[1], probability)
    if peer.name != "popularity":  # stores are equally popular: there is nothing to learn
        judge = Judge.of(journey, FINAL)
        blind = np.repeat(History.of(journey, AS_OF).brand_rate(), STORES, axis=1)
        assert judge.scores(ranking)["ndcg"] > judge.scores(blind)["ndcg"] + 0.05
        assert judge.scores(probability)["log_loss"] < judge.scores(blind)["log_loss"]


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_the_chosen_settings_are_among_those_tried(peer: Peer) -> None:
    best = chosen(peer.name)
    assert best.ranking in peer.tried
    assert best.probability in peer.tried
    assert best.tried == len(peer.tried)


def test_ease_is_the_ridge_regression_of_each_column_on_the_others(journey: Journey) -> None:
    history = History.of(journey, AS_OF)
    met = interactions(history, "log")
    gram = met.T @ met
    penalty = 0.1 * np.trace(gram) / STORES
    expected = np.empty_like(met)
    for store in range(STORES):
        others = np.delete(np.arange(STORES), store)
        ridge = gram[np.ix_(others, others)] + penalty * np.eye(STORES - 1)
        expected[:, store] = met[:, others] @ np.linalg.solve(ridge, gram[others, store])
    found = ease(history, weighting="log", alike="stores", ridge=0.1, half_life=None)
    np.testing.assert_allclose(found, expected)


def test_older_weeks_count_by_their_half_life_and_windows_end_by_what_is_known() -> None:
    k = np.zeros((41, 1, 1), dtype=np.int32)
    k[[30, 40]] = 8
    history = History(np.array(["tea"]), k, np.ones((41, 1), dtype=np.int32))
    assert history.counts(half_life=10)[0].item() == 8 + 4
    assert history.counts()[0].item() == 16
    assert history.windows() == [(16, 28), (22, 34), (28, 40)]
    assert history.before(28).windows() == [(16, 28), (22, 28)]
    with pytest.raises(AssertionError, match="not known yet"):
        history.before(28).after(22, 34)
