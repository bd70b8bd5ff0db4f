"""Terms last agreed as of a date: fee and commission of a creator with a product or a brand."""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from features.facts import Facts, midnight

TERMS = ("slot_fee", "commission_rate")


def product_terms(facts: Facts, as_of: date) -> pd.DataFrame:
    """(creator_id, product_id) -> the fee and commission of their last session that names each.

    Of sessions that ended strictly before `as_of` (UTC); field sessions are left out.
    """
    lines, sessions = facts["session_products"], facts["sessions"]
    known = sessions.filter(~(sessions.format == "field").fill_null(False))
    known = known.select(
        "session_id", "creator_id", when=ibis.coalesce(known.ended_at, known.started_at)
    )
    named = lines.filter(lines.slot_fee.notnull() | lines.commission_rate.notnull())
    return _latest(named.join(known, "session_id"), ["creator_id", "product_id"], as_of)


def brand_terms(facts: Facts, as_of: date) -> pd.DataFrame:
    """(creator_id, brand_id) -> the fee and commission that their collaborations last named.

    Of what was recorded strictly before `as_of` (UTC), whatever became of it.
    """
    table = facts["collaborations"]
    named = table.filter(table.slot_fee.notnull() | table.commission_rate.notnull())
    return _latest(named.mutate(when=named["at"]), ["creator_id", "brand_id"], as_of)


def _latest(table: ir.Table, keys: Sequence[str], as_of: date) -> pd.DataFrame:
    """The last known value of each term per key; equal times go to the higher value."""
    known = table.filter(table.when < midnight(as_of))
    last = known.group_by(*keys).aggregate(
        **{name: known[name].argmax(_place(known, name)) for name in TERMS}
    )
    frame = last.order_by(*keys).to_pandas()
    return frame.set_index(list(keys)).astype("float64")


def _place(known: ir.Table, name: str) -> ir.Value:
    """What decides which row is the last that names the term; null where it does not."""
    row = ibis.struct({"when": known.when, "value": known[name]})
    return known[name].notnull().ifelse(row, ibis.null(row.type()))
