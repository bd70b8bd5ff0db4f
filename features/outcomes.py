"""Outcomes: what really happened to pairs in a window of days; the labels of learning."""

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from features.facts import Facts, midnight
from features.lines import Grain, absent_is_zero, lines, sessions
from features.sparse import Positions
from features.windows import day_number

LINE_SUMS = (
    "denominator_lines",
    "denominator_squared",
    "converted_repeats",
    "denominator_logs",
    "denominator_logs_squared",
    "clicked_lines",
    "clicked_impressions_squared",
    "click_repeats",
    "impressions_logs",
    "impressions_logs_squared",
)
"""Sums over a pair's lines. lines: how many have the trials; squared: of trials^2; repeats: of
successes^2 / trials; logs and logs_squared: of log(x + 1/2) and its square."""

COLUMNS = (
    "lines",
    "orders",
    "converted",
    "denominator",
    "shown",
    "impressions",
    "clicked_impressions",
    "clicks",
    "gmv",
    "return_orders",
    "returnable_orders",
    *LINE_SUMS,
)
"""converted: orders of lines whose denominator is known; shown: lines whose impressions are;
clicks and clicked_impressions: of lines that know both. Then what tells how lines differ."""


OF_SESSIONS = (
    "lines",
    "denominator",
    *(name for name in LINE_SUMS if name.startswith("denominator")),
)
"""Of all the creator's sessions, where a session without a line is one without a sale."""


def outcomes(
    facts: Facts,
    grain: Grain,
    start: date,
    end: date,
    return_days: int = 30,
    return_known_by: date | None = None,
) -> pd.DataFrame:
    """Pairs with a line in a session known in [start, end), sorted by creator and item.

    creator_id, item_id and COLUMNS. Field sessions do not count, nor creators that ran one
    before `start`: those are brands' own accounts. Where an absent line means zero, lines and
    denominator are those of all the creator's sessions in the window. returnable_orders are
    those at least `return_days` old by `return_known_by` (default: the end of the facts), and
    return_orders those of them returned before it. Unknown counts are nan.
    """
    known_by = return_known_by or facts.as_of
    sold = _sums(facts, grain, start, end, known_by - timedelta(days=return_days))
    returned = _returned(facts, grain, start, end, known_by, return_days)
    table = sold.left_join(returned, ["creator_id", "item_id"])
    table = table.mutate(
        return_orders=(table.returnable_orders > 0).ifelse(
            table.return_orders.fill_null(0), ibis.null("int64")
        )
    )
    if not facts.has("returns"):
        table = table.mutate(return_orders=ibis.null("int64"))
    if absent_is_zero(facts):
        table = _against_all_sessions(facts, table, start, end)
    table = table.anti_join(_own_accounts(facts, start), "creator_id")
    frame = table.select("creator_id", "item_id", *COLUMNS).to_pandas()
    frame = frame.astype(
        {**dict.fromkeys(COLUMNS, "float64"), "creator_id": "str", "item_id": "str"}
    )
    return frame.sort_values(["creator_id", "item_id"], ignore_index=True)


def _within(table: ir.Table, start: date, end: date) -> ir.Table:
    days = (table.day >= day_number(start)) & (table.day < day_number(end))
    return table.filter(days & ~table.is_field)


def _sums(facts: Facts, grain: Grain, start: date, end: date, old_enough: date) -> ir.Table:
    table = _within(lines(facts, grain), start, end)
    old = table.day <= day_number(old_enough)
    both = table.impressions.notnull() & table.clicks.notnull()
    return table.group_by("creator_id", "item_id").aggregate(
        lines=table.count(),
        orders=table.orders.sum(),
        converted=table.orders.sum(where=table.denominator.notnull()).fill_null(0),
        denominator=table.denominator.sum(),
        shown=table.impressions.count(),
        impressions=table.impressions.sum(),
        clicked_impressions=table.impressions.sum(where=both),
        clicks=table.clicks.sum(where=both),
        gmv=table.gmv.sum(),
        returnable_orders=table.orders.sum(where=old).fill_null(0),
        **_line_sums("denominator", table.denominator),
        converted_repeats=_repeats(table.orders, table.denominator),
        clicked_lines=both.sum(),
        clicked_impressions_squared=_squared(table.impressions, both),
        click_repeats=_repeats(table.clicks, table.impressions),
        impressions_logs=_log(table.impressions).sum(),
        impressions_logs_squared=(_log(table.impressions) ** 2).sum(),
    )


def _line_sums(name: str, trials: ir.NumericValue) -> dict[str, ir.NumericScalar]:
    """How many lines have trials, and the sums of their squares, logs and squared logs."""
    return {
        f"{name}_lines": trials.count(),
        f"{name}_squared": _squared(trials, trials.notnull()),
        f"{name}_logs": _log(trials).sum(),
        f"{name}_logs_squared": (_log(trials) ** 2).sum(),
    }


def _squared(trials: ir.NumericValue, where: ir.BooleanValue) -> ir.NumericScalar:
    return (trials.cast("float64") ** 2).sum(where=where)


def _repeats(successes: ir.NumericValue, trials: ir.NumericValue) -> ir.NumericScalar:
    many = trials.cast("float64").nullif(0)
    return (successes.cast("float64") ** 2 / many).sum().fill_null(0)


def _log(count: ir.NumericValue) -> ir.NumericValue:
    return (count.cast("float64") + 0.5).ln()


def _returned(
    facts: Facts, grain: Grain, start: date, end: date, known_by: date, return_days: int
) -> ir.Table:
    mature = min(end, known_by - timedelta(days=return_days - 1))
    table = facts["returns"]
    table = table.filter(table.returned_at < ibis.literal(midnight(known_by)))
    table = table.join(_within(sessions(facts), start, mature), "session_id")
    if grain == "brand":
        table = table.join(facts["products"].select("product_id", "brand_id"), "product_id")
    table = table.mutate(item_id=table.product_id if grain == "product" else table.brand_id)
    return table.group_by("creator_id", "item_id").aggregate(return_orders=table.orders.sum())


def _session_sums(facts: Facts, start: date, end: date) -> ir.Table:
    table = _within(sessions(facts), start, end)
    return table.group_by("creator_id").aggregate(
        lines=table.session_denominator.count(),
        denominator=table.session_denominator.sum(),
        **_line_sums("denominator", table.session_denominator),
    )


def on_air(facts: Facts, start: date, end: date) -> pd.DataFrame:
    """Creators with a session known in [start, end), sorted: creator_id and OF_SESSIONS.

    Also those who sold nothing in it. Field sessions do not count, nor brands' own accounts.
    """
    whole = _session_sums(facts, start, end).anti_join(_own_accounts(facts, start), "creator_id")
    frame = whole.to_pandas().astype({"creator_id": "str"})
    return frame.sort_values("creator_id", ignore_index=True)


def _against_all_sessions(facts: Facts, table: ir.Table, start: date, end: date) -> ir.Table:
    whole = _session_sums(facts, start, end)
    return table.drop(*OF_SESSIONS).join(whole, "creator_id")


def _own_accounts(facts: Facts, start: date) -> ir.Table:
    table = sessions(facts)
    field = table.filter(table.is_field & (table.day < day_number(start)))
    return field.select("creator_id").distinct()


def zero_outcomes(
    facts: Facts,
    grain: Grain,
    start: date,
    end: date,
    item_ids: pd.Index,
    size: int,
    random_state: int = 0,
) -> pd.DataFrame:
    """A sample of pairs whose creator was on air in [start, end) and never had a line of the item.

    Only where an absent line means zero (else empty). Columns as `outcomes`, with no orders, and
    `weight`: how many such pairs of the population one row stands for. Sampled without
    replacement among creators on air x `item_ids`, sorted; all of them when `size` suffices.
    """
    if not absent_is_zero(facts):
        return pd.DataFrame(columns=["creator_id", "item_id", *COLUMNS, "weight"])
    creators = on_air(facts, start, end)
    sold = _within(lines(facts, grain), start, end).select("creator_id", "item_id").distinct()
    cells = _cells(sold.to_pandas(), pd.Index(creators["creator_id"]), item_ids)
    chosen = _absent(cells, len(creators) * len(item_ids), size, random_state)
    of_cells = creators.iloc[chosen // max(len(item_ids), 1)].reset_index(drop=True)
    frame = pd.DataFrame(
        {
            "creator_id": of_cells["creator_id"],
            "item_id": pd.Index(item_ids).take(chosen % max(len(item_ids), 1)).astype("str"),
            **{name: np.zeros(len(chosen)) for name in COLUMNS},
        }
    )
    population = len(creators) * len(item_ids) - len(cells)
    return frame.assign(
        **{name: of_cells[name].astype("float64") for name in OF_SESSIONS},
        weight=population / max(len(chosen), 1),
    )


def _cells(sold: pd.DataFrame, creators: pd.Index, items: pd.Index) -> Positions:
    """Numbers of the cells of the creators x items grid that have a line, sorted."""
    left = creators.get_indexer(pd.Index(sold["creator_id"]))
    right = items.get_indexer(pd.Index(sold["item_id"]))
    known = (left >= 0) & (right >= 0)
    return np.sort(left[known].astype(np.int64) * len(items) + right[known])


def _absent(cells: Positions, whole: int, size: int, random_state: int) -> Positions:
    """Cells of 0..whole-1 not among `cells`, at most `size`, sorted.

    The i-th absent cell is i plus the cells that lie before it.
    """
    population = whole - len(cells)
    rng = np.random.default_rng(random_state)
    places = (
        np.arange(population)
        if size >= population
        else np.sort(rng.choice(population, size=size, replace=False, shuffle=False))
    )
    before = cells - np.arange(len(cells))
    return np.asarray(places + np.searchsorted(before, places, side="right"))
