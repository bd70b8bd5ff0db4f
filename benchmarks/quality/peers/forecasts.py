"""What every peer forecasts of a split, with the settings that were best on the tuning window."""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.quality.journey import Journey, Split
from benchmarks.quality.peers.apart import is_installed
from benchmarks.quality.peers.calibrated import Calibrated
from benchmarks.quality.peers.history import WINDOW, History
from benchmarks.quality.peers.registry import PEERS, Peer, Settings
from models.prediction import Floats
from pipelines.progress import Progress, silent

TRIED: Final = Path(__file__).parent / "tried.csv"
"""Every setting tried on the tuning window, and what it gave (`python -m ...peers.tune`)."""
AS_IT_IS: Final = "as it is"


@dataclass(frozen=True)
class PeerForecast:
    """A ranking and probabilities, (brands, stores) each, from the best settings for either."""

    name: str
    reads: str
    ranking: Floats
    probability: Floats
    is_probability: bool
    tried: int
    """How many settings were tried on the tuning window."""


@dataclass(frozen=True)
class Chosen:
    """The settings that ranked best, those of least loss, and how the latter were calibrated."""

    ranking: Settings
    probability: Settings
    shape: str
    tried: int


def peers(
    journey: Journey, split: Split, *, small: bool = False, progress: Progress = silent
) -> dict[str, PeerForecast]:
    """Each peer's forecasts as of the week the split is judged from, knowing nothing after it.

    `small` leaves out the peers of the environment apart when that is not installed; else
    NotReady is raised.
    """
    history = History.of(journey, split.judge[0])
    asked = [peer for peer in PEERS if not (small and peer.is_apart and not is_installed())]
    told = {}
    for done, peer in enumerate(asked):
        progress("peers", done, len(asked))
        told[peer.name] = forecast(peer, chosen(peer.name), history)
    progress("peers", len(asked), len(asked))
    return told


def forecast(peer: Peer, settings: Chosen, history: History) -> PeerForecast:
    """One peer's ranking and probabilities."""
    ranking = peer.score(history, **settings.ranking)
    score = ranking
    if settings.probability != settings.ranking:
        score = peer.score(history, **settings.probability)
    if not peer.is_probability:
        earlier = history.before(history.as_of - WINDOW)
        before = peer.score(earlier, **settings.probability)
        score = calibrated(history, before, [settings.shape])[settings.shape](
            score, history.brand_rate()
        )
    return PeerForecast(peer.name, peer.reads, ranking, score, peer.is_probability, settings.tried)


def calibrated(history: History, before: Floats, shapes: Iterable[str]) -> Mapping[str, Calibrated]:
    """By shape, what turns scores into probabilities: learned on the last twelve known weeks.

    `before` are the scores as they were before those weeks.
    """
    as_of = history.as_of - WINDOW
    rate = history.before(as_of).brand_rate()
    k, n = history.after(as_of, history.as_of)
    return {shape: Calibrated.fit(shape, before, rate, k, n) for shape in shapes}


def chosen(name: str) -> Chosen:
    """The best of the settings tried, read from the ledger; the first of equals."""
    with TRIED.open(newline="", encoding="utf-8") as ledger:
        rows = [row for row in csv.DictReader(ledger) if row["peer"] == name]
    assert rows, f"{name} was never tuned: python -m benchmarks.quality.peers.tune --only '{name}'"
    ranks = max(rows, key=lambda row: float(row["ndcg"]))
    costs = min(rows, key=lambda row: float(row["log_loss"]))
    return Chosen(
        json.loads(ranks["settings"]), json.loads(costs["settings"]), costs["shape"], len(rows)
    )
