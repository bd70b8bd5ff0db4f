"""An explained pair for the terminal."""

from collections.abc import Sequence
from math import log
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from models.explanations.explanation import Explanation, OtherProduct, Part
from models.shortlists.reasons import effect_words
from serving.explanation_words import standing_words
from serving.words import UNKNOWN, amount, interval, percent

HALF: Final = 16
"""Cells of the longest bar, on either side."""


def explanation_table(told: Explanation) -> RenderableType:
    """Headline, parts as bars, what speaks for and against, other products, and the rank."""
    parts: list[RenderableType] = [_headline(told)]
    if told.parts:
        parts += [_bars(told.parts), Text(_sum(told)), Text(f"{told.advice or ''}\n")]
    else:
        parts.append(Text(f"no parts: {told.no_parts}\n"))
    parts += [_reasons(told), Text()]
    if told.others:
        parts += [_others(told.others), Text()]
    parts += [Text(sentence) for sentence in standing_words(told.standing)]
    return Group(*parts)


def _headline(told: Explanation) -> Text:
    row = told.row
    text = Text(f"{told.brand_name or told.brand_id} with ", style="bold")
    text.append(f"{row.creator_name or row.creator_id}")
    seen = (
        f"seen together {row.evidence_sessions:,} times" if row.evidence_sessions else "never met"
    )
    denominator = told.conversion_denominator or "trials"
    if row.evidence_denominator:
        seen += f", {row.evidence_denominator:,} {denominator}"
    more = ""
    if told.further_sessions:
        more = f"; {told.further_sessions:,} more would settle the diagnosis"
    text.append(
        f"  {row.best_product_title or told.product_id or 'no product'}  |  matrix "
        f"{told.matrix_version}, sessions before {told.as_of}\n"
        f"{_forecast(told)}; {seen}{more}\n",
        style="not bold",
    )
    return text


def _forecast(told: Explanation) -> str:
    """What is expected of the pair, of what is forecast at all."""
    row = told.row
    if told.outcome == "collaboration":
        return f"score of collaborating {amount(row.p_collaboration)}, to rank by"
    return (
        f"GMV {amount(told.gmv)} ({interval(row.gmv) or UNKNOWN}), conversion "
        f"{percent(row.conversion.mean if row.conversion else None)}"
    )


def _bars(parts: Sequence[Part]) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("part", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("factor", justify="right", no_wrap=True)
    table.add_column("GMV", justify="right", no_wrap=True)
    table.add_column("brand's usual", justify="right", no_wrap=True)
    longest = max(abs(log(part.factor)) for part in parts) or 1.0
    for part in parts:
        money = UNKNOWN if part.money is None else f"{'+' if part.money >= 0 else ''}"
        if part.money is not None:
            money += amount(part.money)
        usual = UNKNOWN if part.usual_factor is None else effect_words(part.usual_factor)
        bar = _bar(log(part.factor) / longest)
        table.add_row(part.name.replace("_", " "), bar, effect_words(part.factor), money, usual)
    return table


def _bar(share: float) -> str:
    """From -1 to 1, to the left or the right of a middle.

    >>> _bar(-0.5)
    '        ########|                '
    """
    long = round(abs(share) * HALF)
    left, right = (0, long) if share >= 0 else (long, 0)
    return f"{'#' * left:>{HALF}}|{'#' * right:<{HALF}}"


def _sum(told: Explanation) -> str:
    if told.usual_gmv is None or told.gmv is None:
        return f"against the brand's usual candidate; of {told.outcome}"
    more = told.gmv - told.usual_gmv
    return (
        f"usual candidate {amount(told.usual_gmv)}, this one {amount(told.gmv)}: the parts sum to "
        f"{'+' if more >= 0 else ''}{amount(more)}"
    )


def _reasons(told: Explanation) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    of = "GMV" if told.outcome == "gmv" else "conversion"
    odds = "being chosen" if told.outcome == "collaboration" else "an order"
    for one in told.row.reasons:
        if one.odds_factor >= 1 or not told.counters:
            side = "for" if one.odds_factor >= 1 else "against"
            effect = f"{effect_words(one.odds_factor)} odds of {odds}"
            table.add_row(side, Text(one.words), effect)
    for one in told.counters:
        table.add_row("against", Text(one.words), f"{effect_words(one.odds_factor)} {of}")
    return table


def _others(others: Sequence[OtherProduct]) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("other products", no_wrap=True, overflow="ellipsis", max_width=30)
    for header in ("price", "GMV", "net GMV", "profit", "seen"):
        table.add_column(header, justify="right", no_wrap=True)
    for one in others:
        table.add_row(
            Text(f"{one.product_id} {one.title or ''}".strip()),
            amount(one.price, 4),
            amount(one.gmv),
            amount(one.net_gmv),
            amount(one.profit),
            f"{one.evidence_sessions:,}" if one.evidence_sessions else "new",
        )
    return table
