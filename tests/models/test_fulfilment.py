"""How many of those who accept go live."""

from datetime import date

import pandas as pd
import pytest

from models.fulfilment import FEWEST, fulfilment

LONG_AGO, LATELY = pd.Timestamp("2026-01-05"), pd.Timestamp("2026-04-20")
TODAY = date(2026, 5, 1)


def history(aired: int, accepted: int, at: pd.Timestamp = LONG_AGO) -> pd.DataFrame:
    """So many accepted at a time, the first `aired` of them live a week later."""
    rows = [(f"{at.date()}-{i}", "invited", at) for i in range(accepted)]
    rows += [(f"{at.date()}-{i}", "accepted", at) for i in range(accepted)]
    rows += [(f"{at.date()}-{i}", "aired", at + pd.Timedelta(days=7)) for i in range(aired)]
    return pd.DataFrame(rows, columns=["collaboration_id", "status", "at"])


def test_those_accepted_of_late_may_still_go_live_and_do_not_count() -> None:
    told = fulfilment(pd.concat([history(30, 40), history(0, 50, LATELY)]), TODAY)
    assert told is not None
    assert told.accepted == 40
    assert told.share == pytest.approx(30.5 / 41, abs=1e-4)


def test_too_few_or_nothing_ever_recorded_live_tells_nothing() -> None:
    assert fulfilment(history(10, FEWEST - 1), TODAY) is None
    assert fulfilment(history(0, 100), TODAY) is None
    assert fulfilment(history(0, 0), TODAY) is None
