"""Rising creators, judged by worlds: how often luck is named, and how many of the planted are."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context

import numpy as np
import pandas as pd

from benchmarks.quality.world_runs import PROCESSES
from experiments.world.brands import brands, products
from experiments.world.creators import Creators, creators, creators_table
from experiments.world.seasons import calendar
from experiments.world.sessions import Sessions, sessions
from experiments.world.settings import WorldSettings
from features.facts import facts_from_frames
from models.prediction import Floats
from models.rising import LEAST_GROWTH, named
from models.rising.contrasts import PAST_DAYS
from pipelines.progress import Progress
from pipelines.rising import growth_columns

STAGE = "rising creators"
NULL_WORLDS = 200
PLANTED_WORLDS = 40
PLANTED_SHARE = 0.1
RATES = (0.05, 0.1, 0.2)
"""The false-discovery rates that are tried on the same worlds."""
CREATORS, BRANDS, LINES = 200, 8, 45_000
"""A small market: as many sessions a creator as the usual world has."""


@dataclass(frozen=True)
class RisingWorld:
    """What one world shows of its creators, and what is true of them."""

    told: pd.DataFrame
    """As `growth_columns` gives it, indexed by creator."""
    rose: Floats
    """True log growth of each creator's views from the first day to the date."""
    true_growth: Floats
    """True log growth between the very sessions that `growth_days` tells apart; nan untested."""


def rising_world(
    seed: int, rising_share: float, days_before_end: int = 0, size: int = CREATORS
) -> RisingWorld:
    """One small world, only of it what is needed: creators, sessions and campaigns."""
    settings = WorldSettings(
        seed=seed,
        brands=BRANDS,
        creators=size,
        lines=LINES * size // CREATORS,
        rising_share=rising_share,
    )
    people, merchants = creators(settings), brands(settings)
    season = calendar(settings)
    drawn = sessions(settings, people, merchants, products(settings, merchants), season)
    facts = facts_from_frames(
        {
            "creators": creators_table(people, settings),
            "sessions": drawn.table,
            "campaigns": season.campaigns,
        }
    )
    day = settings.days - days_before_end
    told = growth_columns(facts, pd.Index(people.ids), settings.start + timedelta(days=day))
    facts.connection.disconnect()
    everyone = np.arange(size)
    rose = people.grown(everyone, np.full(size, float(day)))
    return RisingWorld(told, rose, _true_growth(people, drawn, told, day))


def _true_growth(people: Creators, drawn: Sessions, told: pd.DataFrame, day: int) -> Floats:
    """Mean true level of the recent sessions less that of the past ones."""
    ended = drawn.day + drawn.hours / 24
    mine = (drawn.seller < len(people.ids)) & (ended < day)
    seller = drawn.seller[mine]
    ago = day - np.floor(ended[mine])
    recent_days = told["growth_days"].to_numpy()[seller]
    grown = people.grown(seller, drawn.day[mine])

    def mean(chosen: np.ndarray) -> Floats:
        many = np.bincount(seller, weights=chosen, minlength=len(people.ids))
        total = np.bincount(seller, weights=chosen * grown, minlength=len(people.ids))
        with np.errstate(invalid="ignore"):
            return np.asarray(total / many)

    recent = ago <= recent_days
    return mean(recent) - mean(~recent & (ago <= recent_days + PAST_DAYS))


@dataclass(frozen=True)
class Judged:
    """What a run over worlds says: of luck, of the planted, of the posterior."""

    null: pd.DataFrame
    power: pd.DataFrame
    posterior: dict[str, float]


def judged(progress: Progress, *, small: bool = False) -> Judged:
    """Seeds from 0 on, 200 worlds without risers and 40 with; a few, in this process, when `small`.

    What comes out does not depend on the processes that share the worlds.
    """
    null, planted = (4, 2) if small else (NULL_WORLDS, PLANTED_WORLDS)
    seeds = [*range(null), *range(planted)]
    shares = [0.0] * null + [PLANTED_SHARE] * planted
    worlds: list[RisingWorld] = []
    progress(STAGE, 0, len(seeds))
    with ExitStack() as stack:
        made: Iterator[RisingWorld] = map(rising_world, seeds, shares)
        if not small:
            pool = ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"))
            made = stack.enter_context(pool).map(rising_world, seeds, shares)
        for world in made:
            worlds.append(world)
            progress(STAGE, len(worlds), len(seeds))
    return Judged(
        null_table(worlds[:null]),
        power_table(worlds[null:]),
        posterior_measures(worlds[null:]),
    )


def null_table(worlds: Iterable[RisingWorld]) -> pd.DataFrame:
    """For each rate q: worlds without a riser, the share in which anybody is named, its limit.

    The limit is q and two standard errors of a share q of so many worlds.
    """
    p = [world.told["growth_p"].to_numpy() for world in worlds]
    rows = []
    for q in RATES:
        anybody = float(np.mean([named(of_world, q).any() for of_world in p]))
        limit = q + 2 * np.sqrt(q * (1 - q) / len(p))
        rows.append({"q": q, "worlds": len(p), "anybody named": anybody, "limit": limit})
    return pd.DataFrame(rows)


def power_table(worlds: Iterable[RisingWorld]) -> pd.DataFrame:
    """For each rate q: how many were named, the realised share of wrong ones, and the power.

    Wrong is who rose by no more than LEAST_GROWTH by the date. `share wrong` is of all the named
    of all worlds, `mean share wrong` the mean over worlds of each world's (0 where nobody is
    named), which is what q bounds. `power` is of the risers that could be tested, `of all` of
    those that could not as well.
    """
    kept = list(worlds)
    rows = []
    for q in RATES:
        wrong, right, testable, risers = [], [], 0, 0
        for world in kept:
            picked = named(world.told["growth_p"].to_numpy(), q)
            rose = world.rose > LEAST_GROWTH
            wrong.append(int((picked & ~rose).sum()))
            right.append(int((picked & rose).sum()))
            testable += int((rose & world.told["growth_p"].notna().to_numpy()).sum())
            risers += int(rose.sum())
        each = np.array(wrong) / np.maximum(np.array(wrong) + right, 1)
        total = sum(wrong) + sum(right)
        rows.append(
            {
                "q": q,
                "worlds": len(kept),
                "risers": risers,
                "could be tested": testable,
                "named": total,
                "share wrong": sum(wrong) / total if total else 0.0,
                "mean share wrong": float(each.mean()),
                "power": sum(right) / max(testable, 1),
                "of all": sum(right) / max(risers, 1),
            }
        )
    return pd.DataFrame(rows)


def posterior_measures(worlds: Iterable[RisingWorld]) -> dict[str, float]:
    """How well the posterior of growth holds: its intervals, its probabilities, its ranking.

    `covered` is the share of true growths within the 80 % interval, of all that were tested and
    of the named, whose mean log growth as said and in truth stands beside it; `log score` of
    P(growth above the least) beside that of the share that grew; `rank correlation` of expected
    with true growth among those who grew or were named.
    """
    kept = list(worlds)
    told = pd.concat([world.told for world in kept])
    truth = np.concatenate([world.true_growth for world in kept])
    tested = told["growth_p"].notna().to_numpy() & ~np.isnan(truth)
    told, truth = told[tested], truth[tested]
    low, high = np.log(told["growth_lo80"]), np.log(told["growth_hi80"])
    inside = ((truth >= low - 1e-9) & (truth <= high + 1e-9)).to_numpy()
    grew = truth > LEAST_GROWTH
    said = np.clip(told["growth_probability"].to_numpy(), 1e-4, 1 - 1e-4)
    base = float(np.clip(grew.mean(), 1e-4, 1 - 1e-4))
    picked = (told["rising"] == 1).to_numpy()
    shown = grew | picked
    ranked = pd.DataFrame({"said": told["growth"].to_numpy()[shown], "true": truth[shown]})
    return {
        "tested": float(len(truth)),
        "grew": float(grew.sum()),
        "covered": float(inside.mean()),
        "covered, of the named": _mean(inside[picked]),
        "said of the named": _mean(np.log(told["growth"].to_numpy())[picked]),
        "true of the named": _mean(truth[picked]),
        "log score": float(-np.mean(np.log(np.where(grew, said, 1 - said)))),
        "log score of the share": float(-np.mean(np.log(np.where(grew, base, 1 - base)))),
        "mean probability": float(said.mean()),
        "share that grew": float(grew.mean()),
        "rank correlation": float(ranked["said"].corr(ranked["true"], "spearman")),
    }


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")
