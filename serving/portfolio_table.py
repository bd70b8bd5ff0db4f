"""A portfolio for the terminal."""

from collections.abc import Sequence
from typing import Literal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from models.portfolio.frontier import FrontierPoint
from models.portfolio.portfolio import Pick, Portfolio
from serving.portfolio_words import assumptions, limit_words, why
from serving.words import UNKNOWN, amount, probability

NAME = 20
"""Cells of the terminal after which a name is cut."""


def portfolio_table(told: Portfolio) -> RenderableType:
    """Headline, creators with what each adds, why each, what limits cost, and the frontier."""
    parts: list[RenderableType] = [_headline(told)]
    if told.picks:
        parts += [_ranking(told.picks), Text(), _reasons(told), Text()]
    parts += [_bullets("limits", [limit_words(limit) for limit in told.limits])]
    if len(told.frontier) > 1:
        parts += [Text("\nwhat a budget brings, other limits as they are", style="bold")]
        parts += [_frontier(told.frontier)]
    parts += [Text(), *(Text(sentence, style="dim") for sentence in _footnotes(told))]
    return Group(*parts)


def _headline(told: Portfolio) -> Text:
    name = f"{told.brand_name} ({told.brand_id})" if told.brand_name else told.brand_id
    text = Text(name, style="bold")
    chances = told.outcomes
    text.append(
        f"  {len(told.picks)} of {told.remaining:,} creators by {told.objective}"
        f"  |  matrix {told.matrix_version}, sessions before {told.as_of}\n",
        style="not bold",
    )
    if told.picks:
        over = chances.p_over_budget
        beyond = "" if over is None else f" (over budget with {probability(over)})"
        text.append(
            f"together {amount(told.worth)} {told.currency} expected, 80%: {amount(chances.lo80)}.."
            f"{amount(chances.hi80)}, a loss with {probability(chances.p_loss)}; "
            f"{told.expected_yes:.1f} accept{_assumed(told.picks)} and {told.expected_live:.1f} "
            "go live on average; "
            f"spent {amount(told.spent)} on average{beyond}, {amount(told.spent_if_all)} if "
            "everybody accepts\n",
            style="not bold",
        )
    return text


def _assumed(picks: Sequence[Pick]) -> str:
    """How many of those who accept are only taken to."""
    unknown = sum(pick.p_accept is None for pick in picks)
    if not unknown:
        return ""
    return f" (P(yes) of {'all' if unknown == len(picks) else unknown} assumed)"


def _ranking(picks: Sequence[Pick]) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    left: Literal["left"] = "left"
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("creator", justify=left, no_wrap=True, overflow="ellipsis", max_width=NAME)
    for header in ("tier", "agency"):
        table.add_column(header, no_wrap=True, overflow="ellipsis", max_width=9)
    for header in ("P(yes)", "fee", "alone", "adds", "without", "overlap", "crowd", "P(top)"):
        table.add_column(header, justify="right", no_wrap=True)
    for pick in picks:
        row = pick.row
        name = f"{row.creator_id} {row.creator_name}" if row.creator_name else row.creator_id
        cells = (
            str(row.rank),
            name,
            row.tier or UNKNOWN,
            row.agency or UNKNOWN,
            "unknown" if pick.p_accept is None else probability(pick.p_accept),
            amount(pick.slot_fee),
            amount(pick.alone),
            amount(pick.adds),
            amount(pick.marginal),
            amount(pick.lost_to_overlap),
            amount(pick.lost_to_crowding),
            probability(pick.p_among_best),
        )
        table.add_row(*map(Text, cells))
    return table


def _reasons(told: Portfolio) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for pick in told.picks:
        table.add_row(Text(str(pick.row.rank), style="bold"), Text(why(pick, told)))
    return table


def _bullets(title: str, sentences: Sequence[str]) -> Text:
    text = Text(title, style="bold")
    for sentence in sentences:
        text.append(f"\n  {sentence}", style="not bold")
    return text


def _frontier(points: Sequence[FrontierPoint]) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    for header in ("budget", "spent", "creators", "brings"):
        table.add_column(header, justify="right", no_wrap=True)
    for point in points:
        cells = (
            amount(point.budget),
            amount(point.spent),
            str(point.creators),
            amount(point.worth),
        )
        table.add_row(*map(Text, cells))
    return table


def _footnotes(told: Portfolio) -> Sequence[str]:
    how = "the best there is, found for certain"
    if not told.is_exact:
        gap = max(told.gap_at_most, 0.0001)
        how = f"found by search; no other could be better by more than {gap:.2%}"
    notes = [told.message, told.objective_note, f"this set: {how}" if told.picks else None]
    if told.exploration_cost > 0:
        notes.append(f"exploring costs {amount(told.exploration_cost)} of what is expected")
    removed = [f"{words} {count:,}" for words, count in told.removed.items() if count]
    if removed:
        notes.append(f"removed: {'; '.join(removed)}")
    notes.append(
        f"{told.currency}, expected: alone: asking nobody else; adds: to those above; without: "
        "lost if left out; overlap, crowd: lost with the others; P(top): of being among the best"
    )
    notes.append(f"assumed: {'; '.join(assumptions(told))}")
    return [note for note in (*notes, *told.notes) if note]
