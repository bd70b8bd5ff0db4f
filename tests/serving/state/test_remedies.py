"""Moves of remedies are kept in order, for ever, on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from models.diagnoses.remedies import Move, Remedy, Seen, moved_by, trying
from serving.state.database import open_state
from serving.state.remedies import RemedyLog

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
LOW = Seen("2026-05-02-abc", date(2026, 5, 2), "low", 0.07, 3, 9.0)


@pytest.fixture(params=["sqlite", "postgres"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RemedyLog]:
    if request.param == "sqlite":
        engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    else:
        engine = open_state(request.getfixturevalue("postgres"))
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE remedy_moves"))
    yield RemedyLog(engine, now=lambda: NOON)
    engine.dispose()


def opening(*creators: str) -> dict[str, Move]:
    move = moved_by(Remedy(), LOW)
    assert move is not None
    return dict.fromkeys(creators, move)


def test_moves_come_back_as_they_were_made(log: RemedyLog) -> None:
    log.moved("b1", lambda _: opening("c1", "c2"))

    def product(remedies: Mapping[str, Remedy]) -> dict[str, Move]:
        return {"c1": trying(remedies["c1"], LOW, "product", who="李", note="换成面膜")}

    after = log.moved("b1", product)
    assert after == log.remedies("b1")
    assert [move.kind for move in after["c1"].moves] == ["diagnosed low", "tried"]
    last = after["c1"].moves[-1]
    assert (last.who, last.note, last.recorded_at) == ("李", "换成面膜", NOON)
    assert (last.look_on, after["c2"].state) == (date(2026, 5, 22), "mend")


def test_brands_and_products_have_remedies_of_their_own(log: RemedyLog) -> None:
    log.moved("b1", lambda _: opening("c1"))
    log.moved("b1", lambda _: opening("c2"), product_id="p1")
    assert list(log.remedies("b1")) == ["c1"]
    assert list(log.remedies("b1", "p1")) == ["c2"]
    assert log.remedies("b2") == {}


def test_a_move_is_never_changed_nor_removed(log: RemedyLog) -> None:
    log.moved("b1", lambda _: opening("c1"))
    for change in ("UPDATE remedy_moves SET who = 'nobody'", "DELETE FROM remedy_moves"):
        with pytest.raises(DatabaseError, match="append-only"), log.engine.begin() as connection:
            connection.execute(text(change))
    assert log.remedies("b1")["c1"].moves[0].who == "alliance"


def test_two_who_move_a_pair_at_once_make_one_move(log: RemedyLog) -> None:
    both = Barrier(2, timeout=10)
    asked: list[int] = []

    def opened_once(remedies: Mapping[str, Remedy]) -> dict[str, Move]:
        asked.append(len(asked))
        if "c1" in remedies:
            return {}
        both.wait()
        return opening("c1")

    threads = [Thread(target=log.moved, args=("b1", opened_once)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(log.remedies("b1")["c1"].moves) == 1
    assert len(asked) == 3
