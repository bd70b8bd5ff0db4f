"""What every predictor shares: checks, recalibration, intervals, and saving to JSON."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

import numpy as np

from features.errors import NotReady, WrongInput
from models.links import Link, link_of, pooled_mean
from models.prediction import Floats, Forecast, PairRows, Target
from models.uncertainty.calibration import Recalibration
from models.uncertainty.intervals import Width, interval
from models.uncertainty.noise import Noise, repeat_noise
from models.uncertainty.repeats import pair_variance
from models.uncertainty.windows import Foretold, level_and_width

BY_FACTORS = (Target.CONVERSION, Target.BRAND_CONVERSION, Target.CLICK_THROUGH)
"""Rates whose logarithms add up (creator, product, session); those of returns add as logits."""

FILE = "predictor.json"
FORMAT = 4
"""Raised when files of an older version can no longer be read by this code."""


class CalibratedPredictor(ABC):
    """A subclass learns a mean on the link scale; its level, width and files are handled here.

    `random_state` and `num_threads` (a number of threads, never "all") are used by those that
    need them.
    """

    name: str
    settings: tuple[str, ...] = ()
    """Names of the constructor's arguments that a subclass adds."""

    def __init__(self, target: Target, random_state: int = 0, num_threads: int = 1) -> None:
        self.target = Target(target)
        self.random_state = random_state
        self.num_threads = num_threads

    @property
    def link(self) -> Link:
        return link_of(self.target)

    def fit(self, rows: PairRows) -> Self:
        """Learn from the rows that had a trial; none at all leaves the target's prior."""
        _check_outcome(rows)
        seen = rows.take(rows.outcome()[1] > 0)
        self.feature_names_ = rows.feature_names
        self.pooled_ = pooled_mean(seen, self.target)
        self.noise_ = repeat_noise(seen, self.link)
        self.line_noise_ = Noise.fit(seen, self.link, self.target in BY_FACTORS)
        # Of counts the usual beginning stays: it stands for the level of one month, which campaigns
        # move and no other part holds; without it intervals of impressions were too narrow.
        rate = self.link.is_rate
        self.of_pair_ = pair_variance(seen, self.link, self.line_noise_) if rate else None
        self.recalibration_ = Recalibration()
        self.earlier_: tuple[Foretold, ...] = ()
        self.width_ = Width.ignorance(self.link) if len(seen) == 0 else self._prior_width()
        self._learn(seen)
        return self

    def calibrate(self, rows: PairRows) -> Self:
        """Correct level and width on rows later than those learned from.

        Earlier windows that `fit` forecast from what lay before them (`earlier_`, which are not
        saved) tell beside these rows. Calibrating again starts from what `fit` learned. Without a
        trial nothing changes.
        """
        self._check_rows(rows)
        _check_outcome(rows)
        seen = rows.take(rows.outcome()[1] > 0)
        if len(seen) == 0:
            return self
        windows = (*self.earlier_, Foretold.of(seen, self._eta(seen)))
        self.recalibration_, self.width_ = level_and_width(
            windows, self.target, self.line_noise_, self._prior_width(), self.of_pair_
        )
        return self

    def _prior_width(self) -> Width:
        return Width.prior(self.link, self.line_noise_, self.of_pair_)

    def predict(self, rows: PairRows) -> Forecast:
        """One forecast per row, in row order; an empty table gives an empty forecast."""
        self._check_rows(rows)
        mean = self.link.inverse(self.recalibration_(self._eta(rows)))
        information = self.width_.information(mean, rows)
        spread, wild = self.width_.spread_of(mean, information), self.width_.wild
        low, high = interval(mean, spread, self.link, wild=wild)
        return Forecast(mean, low, high, spread, wild, self.width_.shared(information))

    def save(self, folder: Path) -> None:
        """Write `predictor.json` (and what a subclass adds) into the folder."""
        self._check_fitted()
        folder.mkdir(parents=True, exist_ok=True)
        written = {
            "format": FORMAT,
            "name": self.name,
            "target": self.target.value,
            "random_state": self.random_state,
            "num_threads": self.num_threads,
            "settings": {setting: getattr(self, setting) for setting in self.settings},
            "feature_names": list(self.feature_names_),
            "pooled": self.pooled_,
            "noise": self.noise_,
            "of_pair": self.of_pair_,
            "recalibration": asdict(self.recalibration_),
            "width": asdict(self.width_),
            "learned": self._learned(),
        }
        (folder / FILE).write_text(json.dumps(written, indent=1, sort_keys=True), encoding="utf-8")
        self._save_more(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; its forecasts are the same to the bit."""
        read = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if read.get("format") != FORMAT:
            raise NotReady(
                f"The model in {folder} was saved by another version of Alliance. "
                "Run 'alliance train' to make one that this version reads."
            )
        if read["name"] != cls.name:
            raise WrongInput(f"{folder} holds a '{read['name']}' predictor, not '{cls.name}'.")
        predictor = cls(
            Target(read["target"]), read["random_state"], read["num_threads"], **read["settings"]
        )
        predictor.feature_names_ = tuple(read["feature_names"])
        predictor.pooled_, predictor.noise_ = read["pooled"], read["noise"]
        predictor.of_pair_ = read["of_pair"]
        predictor.earlier_ = ()
        predictor.recalibration_ = Recalibration(**read["recalibration"])
        predictor.width_ = Width.from_json(read["width"])
        predictor.line_noise_ = predictor.width_.noise
        predictor._restore(read["learned"])
        predictor._load_more(folder, read["learned"])
        return predictor

    @abstractmethod
    def _learn(self, rows: PairRows) -> None:
        """Learn the mean from rows that all had a trial; there may be none."""

    @abstractmethod
    def _eta(self, rows: PairRows) -> Floats:
        """The mean on the link scale before recalibration, (n,)."""

    def _learned(self) -> dict[str, Any]:
        """What was learned, as JSON."""
        return {}

    def _restore(self, learned: Mapping[str, Any]) -> None:  # noqa: B027 (nothing is a fine answer)
        """Take back what `_learned` gave."""

    def _save_more(self, folder: Path) -> None:  # noqa: B027 (most have nothing more)
        """Write what does not go into JSON."""

    def _load_more(  # noqa: B027 (most have nothing more)
        self, folder: Path, learned: Mapping[str, Any]
    ) -> None:
        """Read what `_save_more` wrote; `learned` is what `_learned` gave."""

    def _check_fitted(self) -> None:
        if not hasattr(self, "feature_names_"):
            raise NotReady(
                f"The {self.name} predictor of {self.target.value} has learned nothing yet: "
                "call fit with past rows, or load a saved one."
            )

    def _check_rows(self, rows: PairRows) -> None:
        self._check_fitted()
        if rows.feature_names == self.feature_names_:
            return
        gone = [name for name in self.feature_names_ if name not in rows.feature_names]
        new = [name for name in rows.feature_names if name not in self.feature_names_]
        what = f"missing {gone[:5]}, unknown {new[:5]}" if gone or new else "in another order"
        raise WrongInput(
            f"The {self.name} predictor of {self.target.value} learned from "
            f"{len(self.feature_names_)} features, these rows have {len(rows.feature_names)}: "
            f"{what}. Build the rows with the features it was trained on, or train again."
        )


def _check_outcome(rows: PairRows) -> None:
    successes, trials = rows.outcome()
    sound = np.isfinite(successes) & np.isfinite(trials) & (successes >= 0) & (trials >= 0)
    if not sound.all():
        raise WrongInput(
            f"{int((~sound).sum())} of {len(rows)} rows have successes or trials that are "
            "negative or not a number; both must be counts."
        )
