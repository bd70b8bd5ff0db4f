"""`python -m benchmarks.quality.peers.tune`: try every peer's settings on the tuning window."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.quality.journey import TUNE, Journey, Judge, journey, rows
from benchmarks.quality.peers.calibrated import SCORE_SHAPES
from benchmarks.quality.peers.forecasts import AS_IT_IS, TRIED, calibrated
from benchmarks.quality.peers.history import WINDOW, History
from benchmarks.quality.peers.our_features import GROWN, ROUNDS, on_our_features
from benchmarks.quality.peers.registry import PEERS, Peer, Settings
from features.daily import daily_facts
from features.facts import Facts
from models.prediction import PairRows, concatenate
from pipelines.home import Home
from pipelines.store import read_facts

NAMES = [*(peer.name for peer in PEERS), *GROWN]
COLUMNS = ("peer", "settings", "shape", "ndcg", "new_ndcg", "log_loss", "new_log_loss")


@click.command()
@click.option("--only", multiple=True, type=click.Choice(NAMES))
@click.option(
    "--home",
    default="alliance-home",
    show_default=True,
    type=click.Path(path_type=Path),
    help="A home where 'alliance ingest complete-journey' has been run.",
)
def main(only: Sequence[str], home: Path) -> None:
    """Write what each setting gives on weeks 29-40 as of week 28; rows of others stay."""
    facts = read_facts(Home(home))
    weekly = journey(facts)
    judge = Judge.of(weekly, TUNE)
    for peer in PEERS:
        if not only or peer.name in only:
            _replace(peer.name, (attempt(peer, each, weekly, judge) for each in peer.tried))
    asked = [name for name in GROWN if not only or name in only]
    if asked:
        learn, judged = our_rows(facts, weekly)
        for name in asked:
            _replace(name, booster_attempts(name, learn, judged, judge))


def our_rows(facts: Facts, weekly: Journey) -> tuple[PairRows, PairRows]:
    """The rows our own trees learn from on the tuning split, and those they are judged on."""
    daily = daily_facts(facts, "brand")
    learn = [rows(facts, daily, as_of, last, weekly) for as_of, last in TUNE.learn]
    return concatenate(learn), rows(facts, daily, *TUNE.judge, weekly)


def booster_attempts(
    name: str, learn: PairRows, judged: PairRows, judge: Judge
) -> Iterator[dict[str, str]]:
    """What each growth gives after each number of rounds."""
    for settings in GROWN[name]:
        for rounds, p in on_our_features(settings, learn, judged, ROUNDS).items():
            scores = judge.scores(p.reshape(judge.k.shape))
            yield _row(name, {**settings, "rounds": rounds}, AS_IT_IS, scores, scores)


def attempt(peer: Peer, settings: Settings, weekly: Journey, judge: Judge) -> dict[str, str]:
    """What one setting gives; a ranking is calibrated in the shape of least loss."""
    history = History.of(weekly, TUNE.judge[0])
    score = peer.score(history, **settings)
    forecasts = {AS_IT_IS: score}
    if not peer.is_probability:
        before = peer.score(history.before(history.as_of - WINDOW), **settings)
        fitted = calibrated(history, before, SCORE_SHAPES)
        rate = history.brand_rate()
        forecasts = {shape: fit(score, rate) for shape, fit in fitted.items()}
    losses = {shape: judge.log_loss(p, judge.mask) for shape, p in forecasts.items()}
    shape = min(losses, key=lambda name: losses[name])
    return _row(peer.name, settings, shape, judge.scores(score), judge.scores(forecasts[shape]))


def _row(
    name: str,
    settings: Settings,
    shape: str,
    ranked: Mapping[str, float],
    told: Mapping[str, float],
) -> dict[str, str]:
    return {
        "peer": name,
        "settings": json.dumps(dict(settings)),
        "shape": shape,
        "ndcg": f"{ranked['ndcg']:.4f}",
        "new_ndcg": f"{ranked['new_ndcg']:.4f}",
        "log_loss": f"{told['log_loss']:.6f}",
        "new_log_loss": f"{told['new_log_loss']:.6f}",
    }


def _read() -> list[dict[str, Any]]:
    if not TRIED.exists():
        return []
    with TRIED.open(newline="", encoding="utf-8") as ledger:
        return list(csv.DictReader(ledger))


def _replace(name: str, attempts: Iterable[dict[str, str]]) -> None:
    """Write this peer's rows in place of its old ones; those of others stay."""
    others = [row for row in _read() if row["peer"] != name]
    made = []
    for row in attempts:
        click.echo(" ".join(row.values()))
        made.append(row)
    with TRIED.open("w", newline="", encoding="utf-8") as ledger:
        writer = csv.DictWriter(ledger, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*others, *made], key=lambda row: NAMES.index(row["peer"])))


if __name__ == "__main__":
    main()
