"""Several past windows as one: what each showed beside what had been forecast before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.links import Link, link_of
from models.prediction import Floats, Lines, PairRows, Target, concatenate
from models.uncertainty.calibration import Recalibration
from models.uncertainty.intervals import PRIOR_SD, Width
from models.uncertainty.noise import Noise

SURE_SD: Final = 0.25
"""Of the logarithm of each number of a width whose usual size is known."""
CHANGED: Final = 0.4
"""On the link scale: further than that from earlier windows, a level has changed to stay."""


@dataclass(frozen=True)
class Usual:
    """What a width's numbers usually are (see `Width`), where a target is known that well."""

    unseen: tuple[float, ...]
    trust: tuple[float, ...]
    lasting: float


OF_CONVERSION: Final = Usual((0.15, 0.5, 0.15), (0.6, 0.6, 0.5), 0.025)
USUAL: Final[Mapping[Target, Usual]] = {
    Target.CONVERSION: OF_CONVERSION,
    Target.BRAND_CONVERSION: OF_CONVERSION,
    Target.CLICK_THROUGH: Usual((0.025, 0.22, 0.15), (1.0, 1.0, 0.5), 0.003),
    Target.EXPOSURE: Usual((0.4, 0.2, 0.02), (1.0, 1.0, 0.3), 0.03),
}
"""Under which the errors of forecasts against the truth of simulated worlds, none of them reported,
are about most likely; of conversion between that and what is expected before any calibration."""


@dataclass(frozen=True)
class Foretold:
    """A window's outcomes, and the raw forecasts of one who had learned from before it alone."""

    rows: PairRows
    """Every one with a trial."""
    eta: Floats
    """On the link scale, (n,)."""

    @classmethod
    def of(cls, rows: PairRows, eta: Floats) -> "Foretold":
        """Without the features, which nothing here reads."""
        return cls(replace(rows, features=rows.features[:, :0], feature_names=()), eta)


def level_and_width(
    windows: Sequence[Foretold], target: Target, noise: Noise, prior: Width, of_pair: float | None
) -> tuple[Recalibration, Width]:
    """Correction of the next window's forecasts and how far its true rates may lie from them.

    `windows` are in order of time, the last one the calibration window: its slope is taken. Its
    level too where it stands alone; else the next level is `expected_level` of all. The width is
    that of all windows, each one's own level taken out; with several, the search begins at what
    is `USUAL` of the target and does not go far.
    """
    link = link_of(target)
    prior_sd = PRIOR_SD
    if len(windows) > 1 and target in USUAL:
        prior, prior_sd = _usual(prior, USUAL[target], of_pair), SURE_SD
    width = prior
    levels: list[Recalibration] = []
    for _ in range(2):
        levels = [_level(window, link, noise, width) for window in windows]
        means = [link.inverse(level(w.eta)) for level, w in zip(levels, windows, strict=True)]
        told = with_later([w.rows for w in windows], means, link)
        width = prior.fit(np.concatenate(means), concatenate(told), prior_sd)
    last = levels[-1]
    if len(levels) > 1:
        last = replace(last, offset=expected_level([level.offset for level in levels]))
    return last, width


def _usual(prior: Width, usual: Usual, of_pair: float | None) -> Width:
    *sides, pair = usual.unseen
    unseen = (*sides, pair if of_pair is None else of_pair)
    return replace(prior, unseen=unseen, trust=usual.trust, lasting=usual.lasting)


def _level(window: Foretold, link: Link, noise: Noise, width: Width) -> Recalibration:
    spread = width.spread(link.inverse(window.eta), window.rows)
    return Recalibration.fit(window.eta, window.rows, link, noise, spread**2)


def expected_level(offsets: Sequence[float]) -> float:
    """Of the next window, given those of all windows in order of time.

    sum / (n + 1), the mean drawn to 0: what all windows are off by has as much variance as what
    single ones add, so of the mean of n windows n / (n + 1) is expected again. Where that lies
    further from the last window's (d) than windows differ, the level has changed to stay: the
    last one's counts for (d / .4)^4 times as much as the mean.
    """
    last = float(offsets[-1])
    apart = float(np.sum(offsets) / (len(offsets) + 1)) - last
    return last + apart / (1 + (apart / CHANGED) ** 4)


def with_later(windows: Sequence[PairRows], means: Sequence[Floats], link: Link) -> list[PairRows]:
    """Each window's rows with what the same pairs showed in later windows added to its outcome.

    The forecast stays that of the first: over more evenings luck is smaller and what is left is
    the forecast's error. `means` are the forecasts of each window at its own level; by what those
    of two windows differ on these pairs (mean of logs) months differ, and that is taken out of
    what the later one adds. Where rows are a weighted sample nothing is added: who is seen again
    would then be chosen by what it sold. Nor where a pair stands in a window twice.
    """
    pairs = [pd.MultiIndex.from_arrays([rows.creator_id, rows.item_id]) for rows in windows]
    sampled = any((rows.weight != 1).any() for rows in windows)
    if sampled or not all(of_window.is_unique for of_window in pairs):
        return list(windows)
    made = []
    for first, rows in enumerate(windows):
        k, n = (np.array(x, dtype=np.float64) for x in rows.outcome())
        lines = rows.lines
        for later in range(first + 1, len(windows)):
            place = pairs[later].get_indexer(pairs[first])
            again = place >= 0
            if not again.any():
                continue
            place = place[again]
            more, of_n = (x[place] for x in windows[later].outcome())
            moved = np.mean(np.log(means[later][place] / means[first][again]))
            lines = _joined(lines, n, windows[later].lines, of_n, again, place)
            k[again] += more * np.exp(-moved)
            n[again] += of_n
        shown = np.minimum(k, n) if link.is_rate else k
        made.append(replace(rows, successes=shown, trials=n, lines=lines))
    return made


def _joined(
    lines: Lines | None,
    n: Floats,
    added: Lines | None,
    of_n: Floats,
    again: npt.NDArray[np.bool_],
    place: npt.NDArray[Any],
) -> Lines | None:
    """Lines of both, for the rows that were seen `again`; scatter is that of the first."""
    if lines is None or added is None:
        return None
    effective, count = lines.effective.copy(), lines.count.copy()
    squared = n[again] ** 2 / np.maximum(effective[again], 1e-9)
    squared += of_n**2 / np.maximum(added.effective[place], 1e-9)
    effective[again] = (n[again] + of_n) ** 2 / np.maximum(squared, 1e-9)
    count[again] += added.count[place]
    return replace(lines, effective=effective, count=count)
