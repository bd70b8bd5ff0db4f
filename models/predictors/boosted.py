"""Gradient-boosted trees (LightGBM): what all features together say beyond shrunken rates."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import lightgbm
import numpy as np
import pandas as pd

from models.prediction import Floats, PairRows, Target
from models.predictors.beyond import Beyond
from models.predictors.calibrated import CalibratedPredictor
from models.predictors.known import never_sold
from models.predictors.line import Line
from models.predictors.newcomers import Newcomers
from models.predictors.spread import pair_variance
from models.predictors.starts import Start, add_start, start_from_json, start_of_share
from models.predictors.steepness import Steepness
from models.predictors.together import ErrTogether, Grouping
from models.predictors.told import feature_of_level
from models.predictors.trees import Examples, boosted_trees
from models.predictors.unproven import Unproven
from models.predictors.volume import VolumeStart
from models.uncertainty.windows import Foretold

FEWEST_ROWS: Final = 20
WINDOWS_FORETOLD: Final = 3
FEWEST_FORETOLD: Final = 100
"""Of the windows learned from, the last ones tell beside the calibration window how far forecasts
lie from what happens; of fewer rows a window's level would be luck."""
LARGEST_STEP: Final = 3.0
"""Of a leaf, in logits before the learning rate: where rates are tiny, a leaf of good pairs would
overshoot by far (its Newton step grows as the rate it meets over the rate expected)."""
SHOWN_TO_A_TREE: Final = {"feature_fraction": 0.3}
SHOWN_AT_A_NODE: Final = {"feature_fraction": 1.0, "feature_fraction_bynode": 0.4}
"""Share of the features that a tree is grown from, or that each of its nodes chooses from. Of
brands, where a pair without a sale is a line without one, the latter ranks new pairs better (four
splits of Complete Journey's weeks before those reported)."""
COARSER: Final = 40.0
"""Of brands, trees are grown of leaves of `min_leaf_rows` and of leaves so many times as large:
what fine leaves take for a fact and is chance, coarse ones do not see, and the mean of both ranks
all pairs better and forecasts all of them closer than either (five splits of those weeks)."""
HELD_OUT_ROWS_AT_MOST: Final = 300_000
"""Read to choose how many trees to grow; all rows are read to grow them."""
PAIR_VARIANCE: Final = {True: 0.2, False: 0.5}
"""Spread of true rates around the trees, assumed until an earlier window has told it."""


class BoostedPredictor(CalibratedPredictor):
    """Small trees on logits (shares) or logs (counts), a row weighing what it tells.

    Trees of shares start from the forecast of the effects where the rows know them
    (`EffectsStart`), else from the pair's shrunken rate (`Chain`), and learn what the features
    say beyond it. Those of counts start from a line through the logs of what tells a session's
    size (`VolumeStart`).

    A row weighs one over (variance of its observed rate + pair variance): pairs differ for
    reasons that no feature shows, so a thousand clicks on one pair do not tell a thousand times
    what one click does. Nor do all pairs of an item tell its features' worth: those of one
    window err together (`ErrTogether`), and where only sales of brands are known, those of a
    creator too. There creators never tried are forecast by what trees met of such (`Newcomers`).
    With several as-of dates the last one, held out, tells the pair variance and how many trees to
    grow (at most `rounds`); then all rows are learned. With one date a third of `rounds` is
    grown. Each tree (of brands each node) is shown some of the features: small steps that differ
    do what a mean of many models does, at the price of one. Of brands two kinds of trees are grown,
    of fine leaves and of coarse ones, and a line beside them (`Beyond`). Where windows overlap,
    shares are then made as steep as the rows learned from say (`Steepness`). Brands that a creator
    hardly known never sold are put above their usual rate only so far (`Unproven`).
    The last windows are also forecast from those before them alone, for `calibrate` to learn from
    several months how far forecasts lie from what happens.
    """

    name = "lightgbm"
    settings = ("leaves", "learning_rate", "rounds", "min_leaf_rows", "stops_early")

    def __init__(
        self,
        target: Target,
        random_state: int = 0,
        num_threads: int = 1,
        leaves: int = 15,
        learning_rate: float = 0.03,
        rounds: int = 400,
        min_leaf_rows: float = 40.0,
        stops_early: bool = True,
    ) -> None:
        """`min_leaf_rows`: a leaf holds as much certainty as so many average rows.

        `stops_early` False grows all `rounds`: where windows overlap, the last as-of date is no
        later data and cannot tell when to stop.
        """
        super().__init__(target, random_state, num_threads)
        self.leaves = leaves
        self.learning_rate = learning_rate
        self.rounds = rounds
        self.min_leaf_rows = min_leaf_rows
        self.stops_early = stops_early

    @property
    def _of_brands(self) -> bool:
        return self.target is Target.BRAND_CONVERSION

    def _learn(self, rows: PairRows) -> None:
        self.beyond_: Beyond | None = None
        self.smear_ = 0.0
        self.pair_variance_ = PAIR_VARIANCE[self.target.is_rate]
        self.grown_ = 0
        self.start_: Start | None = None
        self.newcomers_ = Newcomers()
        self.steepness_ = Steepness()
        if len(rows) < FEWEST_ROWS or float(np.sum(rows.outcome()[0])) <= 0:
            return
        self.start_ = self._start(rows)
        self.newcomers_ = self._newcomers(rows)
        grown = self.rounds
        if self.stops_early:
            grown = self._grown_on_earlier_windows(rows) or max(self.rounds // 3, 1)
        self.beyond_ = self._learn_beyond(rows, grown)
        self.grown_ = grown
        if not self.target.is_rate:
            self.smear_ = self._smear(rows)
        elif not self.stops_early:
            labels, weights = self._labels_and_weights(rows)
            raw = self._raw(rows)
            added = raw - self._start_of(rows)
            self.steepness_ = Steepness.fit(raw, added, never_sold(rows), labels, weights)
        if self.stops_early:
            self.earlier_ = tuple(self._foretold(rows))

    def _foretold(self, rows: PairRows) -> Iterator[Foretold]:
        """The last windows, each forecast by as many trees that learned from those before it."""
        for day in np.unique(rows.as_of)[-WINDOWS_FORETOLD:]:
            earlier, later = rows.take(rows.as_of < day), rows.take(rows.as_of == day)
            if min(len(earlier), len(later)) < FEWEST_FORETOLD or not earlier.outcome()[0].any():
                continue
            past = copy(self)
            past.start_ = past._start(earlier)
            past.newcomers_ = past._newcomers(earlier)
            past.beyond_ = past._learn_beyond(earlier, self.grown_)
            if not self.target.is_rate:
                past.smear_ = past._smear(earlier)
            yield Foretold.of(later, past._eta(later))

    def _start(self, rows: PairRows) -> Start | None:
        if not self.target.is_rate:
            return VolumeStart.fit(rows, *self._labels_and_weights(rows))
        return start_of_share(rows, self.target, self.noise_, self.pooled_)

    def _newcomers(self, rows: PairRows) -> Newcomers:
        return Newcomers.met(rows) if self._of_brands else Newcomers()

    def _smear(self, rows: PairRows) -> float:
        """What turns exp(mean of logs) into the mean: log of observed over forecast totals."""
        successes, trials = rows.outcome()
        expected = rows.weight @ (trials * self.link.inverse(self._raw(rows)))
        return float(np.log(rows.weight @ successes / expected))

    def _grown_on_earlier_windows(self, rows: PairRows) -> int | None:
        """Trees that forecast the last as-of date best; None without enough rows before it."""
        rows = rows.take(np.arange(0, len(rows), -(-len(rows) // HELD_OUT_ROWS_AT_MOST)))
        held_out = rows.as_of == rows.as_of.max()
        earlier, later = rows.take(~held_out), rows.take(held_out)
        if min(len(earlier), len(later)) < FEWEST_ROWS or earlier.outcome()[0].sum() <= 0:
            return None
        trees = self._grow(earlier, self.rounds, later=later)
        mean = self.link.inverse(self._forecast_by(self._beside(trees, earlier), later))
        self.pair_variance_ = pair_variance(mean, later, self.link, self.noise_)
        return max(int(trees.num_trees()), 1)

    def _learn_beyond(self, rows: PairRows, rounds: int) -> Beyond:
        return self._beside(self._grow(rows, rounds), rows)

    def _beside(self, fine: lightgbm.Booster, rows: PairRows) -> Beyond:
        """The trees, and of brands as many coarser ones and a line, learned from the same rows."""
        if not self._of_brands:
            return Beyond((fine,))
        coarse = self._grow(rows, max(int(fine.num_trees()), 1), COARSER)
        labels, weights = self._labels_and_weights(rows)
        line = Line.fit(rows.features, self._start_of(rows), labels, weights)
        return Beyond((fine, coarse), line)

    def _grow(
        self, rows: PairRows, rounds: int, coarser: float = 1.0, later: PairRows | None = None
    ) -> lightgbm.Booster:
        per_row = float(self._told(rows).sum() / rows.weight.sum())
        return boosted_trees(
            self._examples(rows),
            rounds=rounds,
            validation=None if later is None else self._examples(later),
            objective=self._objective(rows),
            params={
                "num_leaves": self.leaves,
                "learning_rate": self.learning_rate,
                "max_delta_step": LARGEST_STEP if self.target.is_rate else 0.0,
                "min_sum_hessian_in_leaf": coarser * self.min_leaf_rows * per_row,
                **(SHOWN_AT_A_NODE if self._of_brands else SHOWN_TO_A_TREE),
                "seed": self.random_state,
                "num_threads": self.num_threads,
            },
        )

    def _objective(self, rows: PairRows) -> ErrTogether | str:
        if not self.target.is_rate:
            return "l2"
        items = Grouping.items(rows)
        return ErrTogether([items, Grouping.creators(rows)] if self._of_brands else [items])

    def _examples(self, rows: PairRows) -> Examples:
        start = None if self.start_ is None else self._start_of(rows)
        return Examples(rows.features, *self._labels_and_weights(rows), start)

    def _told(self, rows: PairRows) -> Floats:
        """What each row tells: one over the variance of its rate, spread of pairs included."""
        mean = np.full(len(rows), self.pooled_)
        certainty = np.maximum(self.link.certainty(rows.outcome()[1], mean), 1e-12)
        return rows.weight / (self.noise_ / certainty + self.pair_variance_)

    def _labels_and_weights(self, rows: PairRows) -> tuple[Floats, Floats]:
        """For LightGBM, which multiplies a share's weight by p (1 - p) to get what it tells."""
        k, n = rows.outcome()
        if self.target.is_rate:
            return np.clip(k / n, 0, 1), self._told(rows) / (self.pooled_ * (1 - self.pooled_))
        return np.log((k + 0.5) / n), self._told(rows)

    def _raw(self, rows: PairRows) -> Floats:
        if self.beyond_ is None or len(rows) == 0:
            return np.full(len(rows), self.link.forward(np.array(self.pooled_)))
        return self._forecast_by(self.beyond_, rows)

    def _forecast_by(self, beyond: Beyond, rows: PairRows) -> Floats:
        """On the link scale: the start, and what is said beyond it."""
        added = beyond.say(rows, self.num_threads) * self.newcomers_.share(rows)
        return added if self.start_ is None else added + self.start_.eta(rows)

    def _start_of(self, rows: PairRows) -> Floats:
        """Where trees start; without a start that is 0, and the level is theirs."""
        return np.zeros(len(rows)) if self.start_ is None else self.start_.eta(rows)

    def _eta(self, rows: PairRows) -> Floats:
        raw = self._raw(rows)
        if self.steepness_ != Steepness():
            raw = self.steepness_(raw, raw - self._start_of(rows), never_sold(rows))
        if self._of_brands and self.beyond_ is not None:
            raw = Unproven.of(rows, raw, self.pooled_)(raw)
        return raw + self.smear_

    def contributions(self, rows: PairRows) -> Floats:
        """What each feature adds to the calibrated forecast on the link scale.

        (n, features + 1); the last column is the base, a row's sum is the link of its mean. What
        the counts of a level add stands with the feature that shows their rate, and with the
        base where no feature does.
        """
        self._check_rows(rows)
        if self.beyond_ is None or len(rows) == 0:
            added = np.zeros((len(rows), len(self.feature_names_) + 1))
            added[:, -1] = self.recalibration_(self._eta(rows))
            return added
        added = self.beyond_.contributions(rows, self.num_threads)
        added *= self.newcomers_.share(rows)[:, None]
        steep = self.steepness_ != Steepness()
        beyond = added.copy() if steep else added
        if self.start_ is not None:
            add_start(added, self.start_, rows, self.target, self.feature_names_)
        if steep:
            added = self.steepness_.of_parts(added, beyond, never_sold(rows))
        if self._of_brands:
            at = feature_of_level("item", self.target, self.feature_names_)
            drawn = Unproven.of(rows, added.sum(axis=1), self.pooled_)
            added = drawn.of_parts(added, -1 if at is None else self.feature_names_.index(at))
        base = added[:, -1].copy()
        added[:, :-1] *= self.recalibration_.slope
        added[:, -1] = self.recalibration_(base + self.smear_)
        return added

    def importance(self) -> pd.DataFrame:
        """Columns feature, gain (share of all loss the trees removed), splits; largest first.

        Of trees alone: what a line beside them follows is not counted.
        """
        self._check_fitted()
        nothing = np.zeros(len(self.feature_names_))
        gain = nothing if self.beyond_ is None else self.beyond_.importance("gain")
        splits = nothing if self.beyond_ is None else self.beyond_.importance("split")
        table = pd.DataFrame(
            {
                "feature": list(self.feature_names_),
                "gain": gain / (gain.sum() or 1.0),
                "splits": splits.astype(int),
            }
        )
        return table.sort_values(["gain", "feature"], ascending=[False, True], ignore_index=True)

    def _learned(self) -> dict[str, Any]:
        return {
            "smear": self.smear_,
            "pair_variance": self.pair_variance_,
            "grown": self.grown_,
            "beyond": None if self.beyond_ is None else self.beyond_.as_json(),
            "newcomers": self.newcomers_.believed,
            "steepness": asdict(self.steepness_),
            "start": None if self.start_ is None else self.start_.as_json(),
        }

    def _restore(self, learned: Mapping[str, Any]) -> None:
        self.smear_ = learned["smear"]
        self.pair_variance_ = learned["pair_variance"]
        self.grown_ = learned["grown"]
        self.newcomers_ = Newcomers(learned["newcomers"])
        self.steepness_ = Steepness(**learned["steepness"])
        start = learned["start"]
        self.start_ = None if start is None else start_from_json(start)

    def _save_more(self, folder: Path) -> None:
        for older in folder.glob("trees*.txt"):
            older.unlink()
        if self.beyond_ is not None:
            self.beyond_.save(folder)

    def _load_more(self, folder: Path, learned: Mapping[str, Any]) -> None:
        told = learned["beyond"]
        self.beyond_ = None if told is None else Beyond.load(folder, told)
