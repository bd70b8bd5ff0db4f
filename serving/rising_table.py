"""Rising creators and cold starts for the terminal."""

from rich.table import Table
from rich.text import Text

from models.rising.rising_list import ColdStart, RisingCreator, RisingList
from models.shortlists.objectives import OBJECTIVES
from models.shortlists.rows import Estimate, ShortlistRow
from serving.words import UNKNOWN, amount, interval, percent, probability


def rising_table(told: RisingList) -> Table:
    """Headline, the named with their growth, then those who never went live."""
    page = Table.grid()
    page.add_column(overflow="fold")
    page.add_row(_headline(told))
    if told.message:
        page.add_row(Text(told.message))
    if told.rows:
        page.add_row(_named(told))
    page.add_row(
        Text(
            "growth: times as many come to a session as before, paid views and the market's "
            "movement left out; P(grows): by a tenth or more. The quadrant 'rising star' of a "
            "diagnosis is another thing: high conversion, few impressions",
            style="dim",
        )
    )
    if told.cold_start:
        page.add_row("")
        page.add_row(_cold(told))
        if told.usual_width is not None:
            page.add_row(
                Text(
                    "width: upper over lower end of the 80 % interval; the middle one of creators "
                    f"with sessions is {told.usual_width:.1f}",
                    style="dim",
                )
            )
    return page


def _headline(told: RisingList) -> Text:
    text = Text(f"Rising creators: {told.named:,} of {told.tested:,} tested", style="bold")
    text.append(
        f"  |  at most {told.q:.0%} of the named are expected not to have grown"
        f"  |  {told.untested:,} with too few sessions"
        f"  |  matrix {told.matrix_version}, sessions before {told.as_of}",
        style="not bold",
    )
    return text


def _named(told: RisingList) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    texts = ("creator", "tier", "category", "brand")
    heads = ("#", "creator", "tier", "category", "growth", "80%", "P(grows)", "p", "sessions")
    for name in (*heads, "brand", "conv.", "P(>b)", "P(yes)"):
        table.add_column(name, justify="left" if name in texts else "right", no_wrap=True)
    for row in told.rows:
        pair = row.pair
        table.add_row(
            str(row.rank),
            Text(_name(row)),
            row.tier or UNKNOWN,
            row.main_category or UNKNOWN,
            f"x{row.growth.mean:.1f}",
            f"{row.growth.lo80:.1f}-{row.growth.hi80:.1f}",
            probability(row.growth_probability),
            f"{row.growth_p:.1g}",
            f"{row.sessions} in {row.growth_days} d / {row.sessions_before}",
            row.brand_id or UNKNOWN,
            percent(pair.conversion.mean if pair and pair.conversion else None),
            probability(pair.p_above_benchmark if pair else None),
            probability(pair.p_accept if pair else None),
        )
    return table


def _cold(told: RisingList) -> Table:
    title = f"Cold start: {told.cold_creators:,} creators without a session"
    table = Table(
        box=None, header_style="bold", padding=(0, 1, 0, 0), title=title, title_justify="left"
    )
    money = (told.objective or "").replace("_", " ")
    heads = ("#", "creator", "brand", money, "80%", "width", "P(>b)", "P(yes)", "rests on")
    for name in heads:
        is_text = name in ("creator", "brand", "rests on")
        table.add_column(name, justify="left" if is_text else "right", no_wrap=name != "rests on")
    for row in told.cold_start:
        worth = _worth(row.pair, told.objective)
        share = told.objective == "conversion"
        table.add_row(
            str(row.rank),
            Text(_name(row)),
            row.brand_id,
            (percent if share else amount)(worth.mean if worth else None),
            interval(worth, share=share),
            UNKNOWN if row.width is None else f"{row.width:.1f}",
            probability(row.pair.p_above_benchmark),
            probability(row.pair.p_accept),
            row.rests_on,
        )
    return table


def _worth(pair: ShortlistRow, objective: str | None) -> Estimate | None:
    """The forecast that the list is ranked by."""
    name = (
        "" if objective is None else OBJECTIVES[objective].replace("conversion_rate", "conversion")
    )
    told = getattr(pair, name, None)
    return Estimate(told, None, None) if isinstance(told, float) else told


def _name(row: RisingCreator | ColdStart) -> str:
    return f"{row.creator_id} {row.creator_name}" if row.creator_name else row.creator_id
