"""Ours beside peers: who is told better, and in which words."""

import numpy as np

from benchmarks.quality.journey import FINAL, Judge
from benchmarks.quality.peers.compare import (
    OURS,
    compare,
    described,
    not_beaten,
    not_worse,
    peer_table,
)
from benchmarks.quality.peers.forecasts import PeerForecast
from models.prediction import Floats
from tests.benchmarks.quality.peers.planted import planted


def peer(name: str, p: Floats) -> PeerForecast:
    return PeerForecast(name, "counts", p, p, is_probability=True, tried=1)


def test_the_truth_beats_a_blind_forecast_and_is_level_with_itself() -> None:
    journey, truth = planted()
    judge = Judge.of(journey, FINAL)
    blind = np.repeat(truth.mean(axis=1, keepdims=True), truth.shape[1], axis=1)
    peers = {"blind": peer("blind", blind), "same": peer("same", truth)}
    compared = compare(truth, peers, judge, draws=100)
    told = {
        (row["measure"], row["forecast"]): row
        for row in compared[compared["slice"] == "all"].to_dict("records")
    }
    assert told["ndcg10", "blind"]["verdict"] == "better"
    assert told["log_loss", "blind"]["verdict"] == "better"
    assert np.isclose(told["log_loss", OURS]["value"], judge.scores(truth)["log_loss"])
    assert np.isclose(told["ndcg10", "blind"]["value"], judge.scores(blind)["ndcg"])
    assert not_worse(compared, "same")
    reversed_roles = compare(blind, {"truth": peer("truth", truth)}, judge, draws=100)
    assert not not_worse(reversed_roles, "truth")
    assert any(
        line.startswith("same: level on ndcg10 of all pairs") for line in not_beaten(compared)
    )


def test_the_table_shows_peers_beside_ours() -> None:
    journey, truth = planted()
    judge = Judge.of(journey, FINAL)
    blind = np.repeat(truth.mean(axis=1, keepdims=True), truth.shape[1], axis=1)
    compared = compare(truth, {"blind": peer("blind", blind)}, judge, draws=100)
    table = peer_table(compared, "log_loss", "all", scale=1000)
    assert table["forecast"].tolist() == [OURS, "blind"]
    assert table["ours is"].tolist() == ["", "better"]
    gap = table["log_loss"].iloc[1] - table["log_loss"].iloc[0]
    assert np.isclose(table["ours is better by"].iloc[1], gap)


def test_what_a_peer_reads_and_says_is_told() -> None:
    flat = np.full((2, 2), 0.1)
    peers = {
        "rates": peer("rates", flat),
        "kNN": PeerForecast("kNN", "interactions", flat, flat, is_probability=False, tried=12),
    }
    assert described(peers).to_numpy().tolist() == [
        ["rates", "counts", "a probability", 1],
        ["kNN", "interactions", "a ranking, calibrated", 12],
    ]
