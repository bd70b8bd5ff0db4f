"""References: every id that a row names must be a row of the table it names."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.sources.checks import Finding, TableCheck
from pipelines.sources.frames import among

REFERENCES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "products": (("brand_id", "brands", "brand_id"),),
    "events": (("campaign_id", "campaigns", "campaign_id"),),
    "sessions": (
        ("creator_id", "creators", "creator_id"),
        ("campaign_id", "campaigns", "campaign_id"),
    ),
    "session_products": (
        ("session_id", "sessions", "session_id"),
        ("product_id", "products", "product_id"),
    ),
    "session_brands": (
        ("session_id", "sessions", "session_id"),
        ("brand_id", "brands", "brand_id"),
    ),
    "returns": (
        ("session_id", "sessions", "session_id"),
        ("product_id", "products", "product_id"),
    ),
    "collaborations": (
        ("brand_id", "brands", "brand_id"),
        ("creator_id", "creators", "creator_id"),
        ("product_id", "products", "product_id"),
        ("session_id", "sessions", "session_id"),
    ),
    "event_brands": (
        ("event_id", "events", "event_id"),
        ("brand_id", "brands", "brand_id"),
        ("product_id", "products", "product_id"),
    ),
    "event_creators": (
        ("event_id", "events", "event_id"),
        ("creator_id", "creators", "creator_id"),
    ),
}
"""table -> (its column, the table it names, that table's column); parents come before children."""

REQUIRED = ("brands", "creators")
"""Their absence is a problem of its own, not one of every row."""

MAY_BE_ABSENT = (
    ("sessions", "campaigns"),
    ("events", "campaigns"),
    ("collaborations", "products"),
    ("collaborations", "sessions"),
    ("event_brands", "products"),
)
"""(table, parent): its rows may name ids of a table that the source does not have at all."""

LINE = ["session_id", "product_id"]


def check_references(checks: Mapping[str, TableCheck], stored: Mapping[str, pd.DataFrame]) -> None:
    """Flag rows that name an unknown id, and rows that follow a wrong row into quarantine.

    An id is known when this source or the facts already stored have it. A parent table that is
    not there is one problem, not one of every row; one that could not be read is none.
    """
    for name, references in REFERENCES.items():
        if name in checks:
            for column, parent, parent_column in references:
                _check_ids(checks, stored, name, column, parent, parent_column)
        if name == "returns" and name in checks:
            _check_returned_lines(checks, stored)


def _check_ids(
    checks: Mapping[str, TableCheck],
    stored: Mapping[str, pd.DataFrame],
    name: str,
    column: str,
    parent: str,
    parent_column: str,
) -> None:
    check, above = checks[name], checks.get(parent)
    if column not in check.frame or (above is not None and above.incomplete):
        return
    if above is None and parent not in stored:
        if parent not in REQUIRED and (name, parent) not in MAY_BE_ABSENT:
            check.lack(parent, column)
        return
    kept = stored[parent][parent_column] if parent in stored else pd.Series(dtype="str")
    ids = check.frame[column]
    good = among(ids, kept)
    written = good.copy()
    if above is not None:
        good |= among(ids, above.frame.loc[~above.bad, parent_column])
        written |= among(ids, above.frame[parent_column])
    named = ids.notna().to_numpy()
    unknown = np.flatnonzero(named & ~written)
    word = parent_column.removesuffix("_id")
    found = [f"unknown {word} '{i}'" for i in ids.iloc[unknown]]
    check.flag(Finding(unknown, column, found, f"a {parent_column} of the table {parent}"))
    orphans = np.flatnonzero(named & written & ~good)
    found = [f"its {word} '{i}' is in quarantine" for i in ids.iloc[orphans]]
    check.flag(Finding(orphans, column, found, f"a good row of the table {parent}", follows=True))


def _check_returned_lines(
    checks: Mapping[str, TableCheck], stored: Mapping[str, pd.DataFrame]
) -> None:
    """Returns must belong to a line, and never exceed its orders: the later ones are too many."""
    check, lines = checks["returns"], checks.get("session_products")
    if check.incomplete or (lines is not None and lines.incomplete):
        return
    known = _lines(lines, stored)
    returns = _returns(check, stored).merge(known, on=LINE, how="left", suffixes=("", "_sold"))
    unsold = returns["bad"].isna()
    _flag_unsold(check, returns[unsold & returns["ours"]])
    follows = returns[returns["ours"] & returns["bad"].eq(True)]
    found = ["the line it returns is in quarantine"] * len(follows)
    at = follows["at"].to_numpy()
    check.flag(Finding(at, "product_id", found, "a good line of the session", follows=True))
    returns = returns[~unsold].sort_values(["ours", "returned_at", "at"])
    so_far = returns.groupby(LINE)["orders"].cumsum()
    too_many = (so_far > returns["orders_sold"]).fillna(False).to_numpy(dtype=bool)
    above = returns[too_many & returns["ours"].to_numpy(dtype=bool)]
    found = [
        f"{total} orders returned so far of {sold} sold"
        for total, sold in zip(so_far[above.index], above["orders_sold"], strict=True)
    ]
    expected = "returned orders of a session's product at most its orders"
    check.flag(Finding(above["at"].to_numpy(), "orders", found, expected))


def _returns(check: TableCheck, stored: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every return that would be stored, `ours` those of the source, `at` their place in it."""
    columns = [*LINE, "returned_at", "orders"]
    ours = check.frame[columns].assign(at=range(len(check.frame)), ours=True)[~check.bad]
    if "returns" in stored:
        earlier = stored["returns"][columns].assign(at=-1, ours=False)
        ours = pd.concat([earlier, ours], ignore_index=True)
    return ours.drop_duplicates([*LINE, "returned_at"], keep="last")


def _flag_unsold(check: TableCheck, returns: pd.DataFrame) -> None:
    pairs = zip(returns["session_id"], returns["product_id"], strict=True)
    found = [
        f"session '{session}' has no line of product '{product}'" for session, product in pairs
    ]
    at = returns["at"].to_numpy()
    check.flag(Finding(at, "product_id", found, "a line of the table session_products"))


def _lines(lines: TableCheck | None, stored: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every line once, the source's before the stored ones, with whether it is bad."""
    parts = []
    if "session_products" in stored:
        parts.append(stored["session_products"][[*LINE, "orders"]].assign(bad=False))
    if lines is not None:
        parts.append(lines.frame[[*LINE, "orders"]].assign(bad=lines.bad))
    if not parts:
        return pd.DataFrame(columns=[*LINE, "orders", "bad"])
    every = pd.concat(parts, ignore_index=True)
    return every.sort_values("bad", ascending=False, kind="stable").drop_duplicates(
        LINE, keep="last"
    )
