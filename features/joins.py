"""Joins that put what is known of a key beside it."""

from collections.abc import Sequence

import ibis.expr.types as ir


def beside(table: ir.Table, others: Sequence[ir.Table], on: Sequence[str]) -> ir.Table:
    """The table with the columns of the others, null where they do not know the key.

    Each of the others has at most one row per key; the rows of the table stay as they are.
    """
    extra = []
    for number, other in enumerate(others):
        names = {f"{key}_beside_{number}": key for key in on}
        matches = list(zip(on, names, strict=True))
        table = table.left_join(other.rename(**names), matches)
        extra += list(names)
    return table.drop(*extra)
