"""Simulated worlds, each stored, learned from and forecast once for every section that asks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from shutil import rmtree
from typing import Final, TypeVar

import numpy as np
import pandas as pd

from experiments.world.settings import WorldSettings
from experiments.world.simulate import simulate, truth_on
from features.facts import Facts
from features.missing import missing_inputs
from models.bundle import AllianceModel
from models.prediction import Floats, Forecast, PairRows, Target
from models.predictors.registry import PREDICTORS
from pipelines.candidates import whole_grid
from pipelines.evaluate import evaluation_rows
from pipelines.fitting import fit_predictors, target_rows
from pipelines.grid import Block, Known, block, blocks
from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.model_manifest import manifest_of
from pipelines.plans import window_plans
from pipelines.progress import Progress, silent
from pipelines.scored_matrix import known_as_of
from pipelines.settings import LEARNED, TrainSettings
from pipelines.sources.write import write_source
from pipelines.store import read_facts
from pipelines.worlds import ZONE

T = TypeVar("T")

SIZES: Final = {
    "tiny": WorldSettings(brands=6, creators=60, days=240, lines=6_000),
    "small": WorldSettings(brands=12, creators=200, lines=30_000),
    "medium": WorldSettings(brands=30, creators=500, lines=100_000),
    "large": WorldSettings(brands=60, creators=1_000, lines=220_000),
    "newcomers": WorldSettings(brands=20, creators=250, lines=60_000, newcomer_share=0.4),
}
"""Three sizes to judge by; `tiny` shows that the plumbing works; in `newcomers` creators join all
the time, so that some of whom nothing is known are seen to sell."""

TRAINING: Final = TrainSettings(num_threads=1)
PROCESSES: Final = 2


@dataclass(frozen=True)
class WorldPlan:
    """Which world, and how many days before its end the model is trained."""

    size: str
    seed: int
    days_before_end: int = 0

    @property
    def settings(self) -> WorldSettings:
        return replace(SIZES[self.size], seed=self.seed)


@dataclass(frozen=True)
class WorldRun:
    """A world's facts, the models trained as of a date of it, and what was true on that date.

    Every model learned from windows that end 30 days or more before `as_of`, was calibrated on
    later ones and has never seen the last 30 days: `held_out` are its rows of those. `forecasts`
    are of the exact grid as of `as_of`; `truth` is of the day before.
    """

    plan: WorldPlan
    home: Home
    facts: Facts
    as_of: date
    models: Mapping[str, AllianceModel]
    """Ours (`LEARNED`) and every baseline of the leaderboard, by name."""

    @property
    def model(self) -> AllianceModel:
        return self.models[LEARNED]

    @cached_property
    def truth(self) -> Mapping[str, pd.DataFrame]:
        """`experiments.world.truth.truth_of_sides` on the day before `as_of`."""
        settings = self.plan.settings
        return truth_on(settings, settings.days - 1 - self.plan.days_before_end)

    @cached_property
    def coming(self) -> Mapping[str, pd.DataFrame]:
        """The same on `as_of` itself, the first day of the month that forecasts are of."""
        settings = self.plan.settings
        return truth_on(settings, settings.days - self.plan.days_before_end)

    @cached_property
    def known(self) -> Known:
        """The snapshot as of the date, and the terms."""
        return known_as_of(self.facts, self.model, self.as_of, silent)

    @cached_property
    def grid(self) -> Block:
        """Every active product of every brand with every creator, as positions in `known`."""
        return block(whole_grid(self.known.products.tables))

    @cached_property
    def held_out(self) -> Mapping[Target, PairRows]:
        """Rows of the last window before `as_of`, which no model has learned from."""
        return evaluation_rows(self.facts, self.as_of, TRAINING)

    def forecasts(self, names: Iterable[str] = (LEARNED,)) -> dict[str, dict[Target, Forecast]]:
        """Of every row of the grid, by model and target; features are made once for all."""
        known = self.known.products
        made: dict[str, dict[Target, list[Forecast]]] = {name: {} for name in names}
        for part in blocks(whole_grid(known.tables)):
            features = known.features(part.creators, part.items)
            for name, of_name in made.items():
                for target, predictor in self.models[name].predictors.items():
                    rows = known.rows(target, part.creators, part.items, features)
                    of_name.setdefault(target, []).append(predictor.predict(rows))
        return {
            name: {target: joined(pieces) for target, pieces in of_name.items()}
            for name, of_name in made.items()
        }


def joined(pieces: Sequence[Forecast]) -> Forecast:
    """Forecasts of one predictor, of rows one after the other."""
    return Forecast(
        mean=np.concatenate([piece.mean for piece in pieces]),
        lo80=np.concatenate([piece.lo80 for piece in pieces]),
        hi80=np.concatenate([piece.hi80 for piece in pieces]),
        spread=np.concatenate([piece.spread for piece in pieces]),
        wild=pieces[0].wild,
        shared=_joined_shares(pieces),
    )


def _joined_shares(pieces: Sequence[Forecast]) -> Floats | None:
    shares = [piece.shared for piece in pieces if piece.shared is not None]
    return np.concatenate(shares) if len(shares) == len(pieces) else None


def world_run(plan: WorldPlan, scratch: Path) -> WorldRun:
    """The run of this plan, made below `scratch` unless it is there already."""
    folder = scratch / "worlds" / f"{plan.size}-{plan.seed}"
    home = Home(folder / "home")
    if not (home.facts / "CURRENT").exists():
        _store(plan.settings, folder, home)
    facts = read_facts(home)
    as_of = facts.as_of - timedelta(days=plan.days_before_end)
    trained = folder / "models" / as_of.isoformat()
    if not trained.exists():
        _train(facts, as_of, trained)
    models = {name: AllianceModel.load(trained / name) for name in PREDICTORS}
    return WorldRun(plan, home, facts, as_of, models)


def each_run(
    work: Callable[[WorldRun], T],
    plans: Sequence[WorldPlan],
    scratch: Path,
    progress: Progress = silent,
    stage: str = "worlds",
    processes: int = PROCESSES,
) -> list[T]:
    """What `work` (a function of a module) makes of every run, in the order of the plans.

    Runs are shared out over processes, largest worlds first; each fits with one thread, so the
    numbers do not depend on how many processes there are.
    """
    order = sorted(range(len(plans)), key=lambda i: -plans[i].settings.lines)
    made: dict[int, T] = {}
    progress(stage, 0, len(plans))
    if processes == 1:
        for i in order:
            made[i] = _work(work, plans[i], scratch)
            progress(stage, len(made), len(plans))
        return [made[i] for i in range(len(plans))]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = {i: pool.submit(_work, work, plans[i], scratch) for i in order}
        for i in order:
            made[i] = waiting[i].result()
            progress(stage, len(made), len(plans))
    return [made[i] for i in range(len(plans))]


def _work(work: Callable[[WorldRun], T], plan: WorldPlan, scratch: Path) -> T:
    return work(world_run(plan, scratch))


def _store(settings: WorldSettings, folder: Path, home: Home) -> None:
    source = folder / "source"
    write_source(simulate(settings).tables, source, format="parquet", zone=ZONE)
    ingest(str(source), home)
    rmtree(source)


def _train(facts: Facts, as_of: date, folder: Path) -> None:
    """Fit every predictor of every target and save one model a name, all or nothing."""
    plans = window_plans(facts, as_of, TRAINING)
    rows = target_rows(facts, as_of, plans, TRAINING)
    fitted = fit_predictors(rows, TRAINING)
    manifest = manifest_of(facts, as_of, plans, rows, TRAINING, tuple(missing_inputs(facts)))
    unfinished = folder.with_suffix(".part")
    for name in PREDICTORS:
        of_name = {target: fitted[target][name] for target in fitted}
        told = {**manifest, "targets": {target.value: name for target in of_name}}
        AllianceModel(told, of_name).save(unfinished / name)
    unfinished.rename(folder)
