"""A deal for the terminal."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from models.deals.deal import Deal
from models.deals.option import STEP, DealOption, Suggestion
from serving.words import UNKNOWN, amount, interval, percent, probability


def deal_table(told: Deal) -> RenderableType:
    """Headline, the options side by side, the suggested commissions, and what is not known."""
    parts: list[RenderableType] = [_headline(told), _options(told), Text()]
    parts += [Text(sentence) for sentence in _sentences(told)]
    parts += [Text(), *(Text(note, style="dim") for note in _notes(told))]
    return Group(*parts)


def _headline(told: Deal) -> Text:
    text = Text(f"{_named(told.brand_name, told.brand_id)} with ", style="bold")
    text.append(_named(told.creator_name, told.creator_id))
    product = told.product_title or told.product_id or "no product"
    text.append(
        f"  {product}  |  matrix {told.matrix_version}, sessions before {told.as_of}\n"
        f"{told.tier or 'tier unknown'}; asks {percent(told.asked_commission)} commission and a "
        f"slot fee of {amount(told.asked_slot_fee)}; margin {percent(told.margin_rate)}, returns "
        f"{percent(told.return_rate)}\n",
        style="not bold",
    )
    return text


def _options(told: Deal) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("deal", no_wrap=True)
    for header in ("fee", "comm.", "GMV", "80%", "break-even", "profit", "80%", "P(loss)"):
        table.add_column(header, justify="right", no_wrap=True)
    for header in ("P(yes)", "80%", "worth"):
        table.add_column(header, justify="right", no_wrap=True)
    for option in told.options:
        gmv, profit = option.gmv, option.profit
        cells = (
            option.name,
            amount(option.slot_fee),
            percent(option.commission_rate),
            amount(None if gmv is None else gmv.mean),
            interval(gmv),
            amount(option.break_even_gmv),
            amount(None if profit is None else profit.mean),
            interval(profit),
            probability(option.p_loss),
            probability(None if option.p_accept is None else option.p_accept.mean),
            interval(option.p_accept, share=True),
            amount(option.value),
        )
        table.add_row(*map(Text, cells))
    return table


def _sentences(told: Deal) -> list[str]:
    """What to offer, and what the alternatives are worth."""
    sentences = [
        sentence
        for option in told.options
        if (sentence := suggestion_words(option, told.currency)) is not None
    ]
    if told.commission_worth_fee is not None:
        sentences.append(
            f"Fee and commission together cost what a pure commission of "
            f"{percent(told.commission_worth_fee)} would."
        )
    if told.fee_worth is not None:
        sentences.append(
            f"A dedicated session is expected to earn more than the first deal up to a fee of "
            f"{amount(told.fee_worth)} {told.currency}."
        )
    return sentences


def suggestion_words(option: DealOption, currency: str) -> str | None:
    """The suggested commission as a sentence; None where there is none."""
    best = option.suggestion
    if best is None:
        return None
    seen = best.range
    end = f", the {best.at_end} that was offered" if best.at_end else ""
    return (
        f"{option.name[0].upper()}{option.name[1:]}: offer {best.commission_rate:.1%}{end} "
        f"({_sureness(best)}): P(yes) "
        f"{probability(best.p_accept)}, expected profit {amount(best.profit)}, together worth "
        f"{amount(best.value)} {currency}; {seen.whose} were offered {seen.commission_lo:.1%} to "
        f"{seen.commission_hi:.1%} ({seen.offers:,} offers)."
    )


def _sureness(best: Suggestion) -> str:
    """Between which ends the best commission lies, in as many digits as tell them apart."""
    if best.lo80 == best.hi80:
        why = (
            f"the range allows no {'lower' if best.at_end == 'lowest' else 'higher'} one"
            if best.at_end
            else f"it moves by less than the {STEP:.1%} that commissions are tried in"
        )
        return f"the same at both 80% ends of commission's effect: {why}"
    ends = (best.lo80, best.hi80)
    digits = 1 if f"{best.lo80:.1%}" != f"{best.hi80:.1%}" else 2
    low, high = (f"{end:.{digits}%}" for end in ends)
    return f"{low} to {high} as sure as commission's effect is"


def _notes(told: Deal) -> list[str]:
    notes = [f"{one.name}: {note}" for one in told.options for note in one.notes]
    notes += [
        f"{told.currency} of one session; profit and P(loss) as if accepted; worth: P(yes) x "
        "profit; 80%: of what is expected, not of one evening; P(loss): of one session",
        *told.notes,
    ]
    return notes


def _named(name: str | None, identity: str) -> str:
    return f"{name} ({identity})" if name else identity or UNKNOWN
