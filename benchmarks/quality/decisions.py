"""Decisions: diagnosis, portfolio, deal, rising creators and floors against worlds' truth."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from benchmarks.quality import decisions_rising
from benchmarks.quality.decisions_journey import journey_in_words
from benchmarks.quality.decisions_portfolio import BY_PROFIT, FOLLOWERS, PORTFOLIO, gap_table
from benchmarks.quality.decisions_regrets import Regrets
from benchmarks.quality.decisions_rules import BRAND, PRODUCT, RAW
from benchmarks.quality.decisions_scores import BRANDS_CHOSEN, LISTED, WorldDecisions, judged
from benchmarks.quality.decisions_tables import (
    MORE,
    Drawn,
    acceptance_table,
    all_chances,
    diagnosis_table,
    drawn_reliability,
    floors_table,
    loss_table,
    reliability,
    rules_table,
    verdict,
)
from benchmarks.quality.report import save_svg, table
from benchmarks.quality.section import QualitySettings, Section
from benchmarks.quality.world_runs import PROCESSES, WorldPlan, each_run
from benchmarks.quality.worlds import PLANS, looked_at_worlds
from pipelines.progress import Progress, silent

NAME: Final = "decisions"
TITLE: Final = "Decisions: diagnosis, portfolio, deal, rising creators"
SMALL_PLANS: Final = (WorldPlan("tiny", 0),)
RATE: Final = 0.1
"""The false-discovery rate that is told in words."""

HEAD: Final = """
{worlds} worlds ({sizes}), the same as above: each one's matrix as of its end is scored as
`alliance score` scores it, decisions are made from it alone, and they are judged by what is truly
so on the next day. Numbers are means of the worlds; intervals draw worlds anew (for portfolios
worlds and, in each, brands). Better and worse are said where the interval of the paired difference
excludes zero.
"""
DIAGNOSIS: Final = """High is said from a probability of .8 on, low up to .2, and nothing between
("not enough data"); so accuracy is read together with the share decided. Log score: mean of -log
of the probability given to what is so; less is better. A rule of thumb says high or low of whoever
has a click (those of late count more), with no probability: for its log score it is given, in
hindsight, the shares that turned out right. In the second table ours must decide every pair that
the rule decides (high above .5)."""
PORTFOLIO_TEXT: Final = """{brands} brands of each world choose up to k creators of all, with at
most two of an agency and half of what k creators ask on average as budget; every rule may choose
the same sets. Worth is the true expected profit of the set (true acceptance, rates and returns;
overlap and crowding as assumed, on both sides), as a share of what the best set of the truth is
worth; a brand's loss counts as nothing gained. *Regret* is what is missing to 1."""
GAP_TEXT: Final = """How far the search itself is from the exact optimum, on cases of 14
candidates with limits that bind, by forecasts (no truth in it):"""
LOSS_TEXT: Final = """P(loss) is said of one mixed session on the matrix's terms; it is judged by
the share of 400 simulated sessions of the pair that lose. Log-loss is its expectation, so no luck
is in it. In the bins one session of each pair is drawn; a bin holds when said and happened lie
within two points and two standard errors, creators counted as independent."""
ACCEPT_TEXT: Final = """*Every pair*: expected log-loss against the true chance, on the terms of
the matrix. *Later invitations*: learned from those of the first three quarters, judged by the
answers to the last, on the terms that were offered."""
RISING_TEXT: Final = """Small worlds of 200 creators: without any riser, somebody may be named in a
share q of them and two standard errors more; then with a tenth of the creators planted to rise."""
FLOOR_TEXT: Final = """Lists of {k} for every brand by forecast net GMV, with and without a least
share of the expected impressions for smaller tiers. Cost is a share of the net GMV of all lists:
what the forecast says, and what is truly lost."""


def section(settings: QualitySettings, progress: Progress = silent) -> Section:
    """Decide in every world of the section on known truth, trained once for all sections."""
    worlds = each_run(
        judged,
        SMALL_PLANS if settings.small else PLANS,
        settings.scratch,
        progress,
        stage="decisions in worlds",
        processes=1 if settings.small else PROCESSES,
    )
    rising = decisions_rising.judged(progress, small=settings.small)
    seed = settings.random_state
    drawn, regrets = Drawn(worlds, seed), Regrets(worlds, seed)
    bins = {
        "P(loss)": reliability(all_chances([world.loss for world in worlds]), seed),
        "P(yes)": reliability(all_chances([world.accept for world in worlds]), seed),
    }
    small_cases = pd.concat([world.gaps for world in worlds], ignore_index=True)
    gaps = gap_table(small_cases).reset_index()
    text = [
        HEAD.format(worlds=len(worlds), sizes=sizes_of(worlds)),
        *([] if settings.small else [looked_at_worlds()]),
        "### What it means for a manager",
        in_words(drawn, regrets, rising, gaps),
        "### Diagnosis",
        DIAGNOSIS,
        table(diagnosis_table(drawn), 3),
        table(rules_table(drawn), 3),
        "### Portfolio",
        PORTFOLIO_TEXT.format(brands=BRANDS_CHOSEN),
        f"k = {LISTED}:",
        table(regrets.table(LISTED), 3),
        "{figure:regret}",
        GAP_TEXT,
        table(gaps, 4),
        "### Deals: P(loss) and P(yes)",
        LOSS_TEXT,
        table(loss_table(drawn), 3),
        table(bins["P(loss)"], 3),
        ACCEPT_TEXT,
        table(acceptance_table(drawn), 3),
        table(bins["P(yes)"], 3),
        "{figure:reliability}",
        "### Rising creators",
        RISING_TEXT,
        table(rising.null, 3),
        table(rising.power, 3),
        posterior_in_words(rising.posterior),
        "### Concentration",
        FLOOR_TEXT.format(k=LISTED),
        table(floors_table(drawn), 3),
        "### A source without money",
        journey_in_words(settings, progress),
    ]
    folder = settings.scratch / NAME
    figures = {
        "regret": save_svg(regrets.drawn(), folder / "regret.svg"),
        "reliability": save_svg(drawn_reliability(bins), folder / "reliability.svg"),
    }
    summary = "A small run that claims nothing." if settings.small else summed(drawn, regrets)
    return Section(
        NAME,
        TITLE,
        "\n\n".join(text),
        summary,
        figures,
        metrics_of(drawn, regrets, rising, gaps),
    )


def sizes_of(worlds: Sequence[WorldDecisions]) -> str:
    """`5 small, 5 medium`"""
    many = pd.Series([world.plan.size for world in worlds]).value_counts(sort=False)
    return ", ".join(f"{n} {size}" for size, n in many.items())


def in_words(
    drawn: Drawn, regrets: Regrets, rising: decisions_rising.Judged, gaps: pd.DataFrame
) -> str:
    """One sentence or two for each decision, from the numbers below."""
    mean = drawn.mean
    ours, raw = f"diagnosis/{BRAND}/ours", f"diagnosis/{BRAND}/{RAW}"
    product = f"diagnosis/{PRODUCT}/ours"
    by = {rule: share_of(regrets, rule) for rule in (PORTFOLIO, BY_PROFIT, FOLLOWERS)}
    against = {
        rule: verdict(
            regrets.of_brands(PORTFOLIO, LISTED) - regrets.of_brands(rule, LISTED),
            MORE,
            regrets.worlds,
        )
        for rule in (BY_PROFIT, FOLLOWERS)
    }
    null = rising.null.set_index("q").loc[RATE]
    power = rising.power.set_index("q").loc[RATE]
    searched = gaps.iloc[0]
    lines = [
        f"**Diagnosis.** {mean(f'{ours}/decided'):.0%} of the pairs get a verdict, and "
        f"{mean(f'{ours}/accuracy'):.0%} of those verdicts are right (creator x product: "
        f"{mean(f'{product}/decided'):.0%} and {mean(f'{product}/accuracy'):.0%}). Who compares "
        f"two raw numbers can speak of {mean(f'{raw}/decided'):.0%} of the pairs and is right in "
        f"{mean(f'{raw}/accuracy'):.0%}; on those same pairs ours would be right in "
        f"{mean(f'{raw}/forced'):.0%}.",
        f"**Portfolio.** {LISTED} creators chosen together bring {by[PORTFOLIO]:.0%} of what the "
        f"best set would, the {LISTED} with the highest forecast profit {by[BY_PROFIT]:.0%} "
        f"(portfolio: {against[BY_PROFIT]}), those with most followers {by[FOLLOWERS]:.0%} "
        f"(portfolio: {against[FOLLOWERS]}). What is missing is lost by forecasts that err, not "
        f"by the search, which finds the exact best set of small cases in {searched['exact']:.0%}.",
        f"**Deals.** Said to lose: {mean('loss/said'):.0%} of sessions, truly "
        f"{mean('loss/true'):.0%}. Said to accept: {mean('accept/said'):.0%} of offers, truly "
        f"{mean('accept/true'):.0%}. Bins marked **no** below are where a probability should be "
        f"taken with care; 80 % intervals of a yes hold {mean('accept/held80'):.0%} of the true "
        "chances.",
        f"**Rising creators.** At q = {RATE:g} somebody is named in {null['anybody named']:.1%} "
        f"of the worlds in which nobody rises (at most {null['limit']:.1%} are allowed); of the "
        f"named {power['share wrong']:.1%} are wrong, and {power['power']:.0%} of the risers who "
        f"can be tested are found ({power['of all']:.0%} of all).",
        f"**Exposure floors.** Giving the waist a fifth and the tail a tenth of the exposure is "
        f"forecast to cost {mean('floor/1/said'):.0%} of the lists' net GMV and truly costs "
        f"{mean('floor/1/true'):.0%}; those tiers then truly get "
        f"{mean('floor/1/exposure'):.0%} of it together.",
    ]
    return "\n".join(f"- {line}" for line in lines)


def share_of(regrets: Regrets, rule: str) -> float:
    return float(regrets.of_brands(rule, LISTED)[0])


def posterior_in_words(posterior: dict[str, float]) -> str:
    return (
        f"Growth of the {posterior['tested']:,.0f} tested: 80 % intervals hold "
        f"{posterior['covered']:.3f} of the true growths ({posterior['covered, of the named']:.3f} "
        f"of the named, whose log growth is said to be {posterior['said of the named']:.2f} and is "
        f"{posterior['true of the named']:.2f}); log score of P(growth) "
        f"{posterior['log score']:.3f}, of the share of all "
        f"{posterior['log score of the share']:.3f}."
    )


def metrics_of(
    drawn: Drawn, regrets: Regrets, rising: decisions_rising.Judged, gaps: pd.DataFrame
) -> dict[str, float]:
    """Every mean over worlds, regret by rule and k, gaps, and rising by q."""
    found = {name: drawn.mean(name) for name in drawn.frame.columns}
    for k in regrets.ks:
        for rule in regrets.rules:
            key = rule.replace(" ", "_").replace("(", "").replace(")", "")
            found[f"regret/{key}/{k}"] = 1 - float(regrets.of_brands(rule, k)[0])
    for row in gaps.to_dict("records"):
        found[f"gap/{str(row['method']).replace(' ', '_')}"] = float(row["mean gap"])
    for row in rising.null.to_dict("records"):
        found[f"rising/{row['q']}/null_named"] = float(row["anybody named"])
    for row in rising.power.to_dict("records"):
        found[f"rising/{row['q']}/power"] = float(row["power"])
        found[f"rising/{row['q']}/wrong"] = float(row["share wrong"])
    return {name: value for name, value in found.items() if value == value}


def summed(drawn: Drawn, regrets: Regrets) -> str:
    """One sentence."""
    mean, ours = drawn.mean, f"diagnosis/{BRAND}/ours"
    return (
        f"{mean(f'{ours}/accuracy'):.0%} of the {mean(f'{ours}/decided'):.0%} of pairs that are "
        f"decided are right; {LISTED} creators chosen from forecasts bring "
        f"{share_of(regrets, PORTFOLIO):.0%} of the best set's profit (by forecast profit alone "
        f"{share_of(regrets, BY_PROFIT):.0%}, by followers {share_of(regrets, FOLLOWERS):.0%}); "
        f"P(loss) {mean('loss/said'):.2f} said, {mean('loss/true'):.2f} true; P(yes) log-loss "
        f"{mean('accept/log_loss'):.3f} (without terms {mean('accept/without_terms'):.3f})."
    )
