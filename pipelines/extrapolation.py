"""Where a forecast leaves what was learned from: which pairs, and in which way."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from features.registry import PEERS
from models.bundle import AllianceModel
from models.prediction import Floats, PairRows, Target
from models.predictors.boosted import BoostedPredictor
from models.shortlists.reasons import number_words
from pipelines.feature_words import FEATURE, plain_words

ALWAYS: Final = ("item_price", "creator_followers")
"""Checked however little the model looks at them: what a reader knows a pair by."""
MATTERS: Final = 0.01
"""Share of the loss that a feature must have removed for its range to be checked."""
MARGIN: Final = 0.1
"""How far beyond the learned range is still near, as a share of the range."""
RARE: Final = 30
"""Fewer learned rows than this of a kind teach too little about it."""
BEYOND: Final = " beyond the "
TOLD: Final = 2
"""Ways named at most."""
SEASON: Final = "calendar_"
"""Features of the date; `date_words` stands for them."""

Mask = npt.NDArray[np.bool_]


def extrapolation(
    rows: Mapping[Target, PairRows], model: AllianceModel, denominator: str
) -> npt.NDArray[np.object_]:
    """In which way each pair lies outside of what was learned from, as words; None where inside.

    `rows` has what each target is forecast from, one row per pair, in the same order.
    """
    found: dict[str, Mask] = {}
    for target, of_target in rows.items():
        for way, mask in _ways(target, of_target, model, denominator):
            found[way] = found[way] | mask if way in found else mask
    size = len(next(iter(rows.values()))) if rows else 0
    words = np.full(size, None, dtype=object)
    if not found:
        return words
    table = np.column_stack(list(found.values()))
    some = np.flatnonzero(table.any(axis=1))
    kinds, kind = np.unique(table[some], axis=0, return_inverse=True)
    told = [_told([way for way, on in zip(found, row, strict=True) if on]) for row in kinds]
    words[some] = np.array(told, dtype=object)[kind.ravel()]
    return words


def extrapolated(rows: Mapping[Target, PairRows], model: AllianceModel) -> Mask:
    """Whether each pair lies outside in any way; `rows` as in `extrapolation`."""
    outside = np.zeros(len(next(iter(rows.values()))) if rows else 0, dtype=bool)
    for target, of_target in rows.items():
        for _, mask in _ways(target, of_target, model, ""):
            outside |= mask
    return outside


def _told(ways: Sequence[str]) -> str:
    """The first ways; of one fact, whose range differs by target, the first only."""
    once = {way.partition(BEYOND)[0]: way for way in reversed(ways)}
    return "; ".join([way for way in ways if way in once.values()][:TOLD])


def _ways(
    target: Target, rows: PairRows, model: AllianceModel, denominator: str
) -> Iterator[tuple[str, Mask]]:
    told = model.manifest["seen"].get(target.value)
    if told is None or not len(rows):
        return
    if words := date_words(rows.as_of.min().astype(date), target, model.manifest):
        yield words, np.ones(len(rows), dtype=bool)
    known = np.unique(model.manifest["categories"])
    yield "a category never learned from", ~np.isin(rows.category, known)
    hardly = model.manifest.get("cold_rows", {}).get(target.value, RARE) < RARE
    if hardly and "creator" in rows.counts:
        words = "a creator without history, of whom hardly any were learned from"
        yield words, rows.counts["creator"][1] <= 0
    for name in checked(target, model):
        if name in told and name in rows.feature_names:
            learned = Learned(*told[name])
            values = rows.features[:, rows.feature_names.index(name)].astype(np.float64)
            unit = FEATURE[name].unit if name in FEATURE else "score"
            low, high = number_words(learned.low, unit), number_words(learned.high, unit)
            words = f"{plain_words(name, denominator)}{BEYOND}{low} to {high} learned from"
            yield words, learned.is_beyond(values, SCALES.get(unit))


def checked(target: Target, model: AllianceModel) -> tuple[str, ...]:
    """The features whose range matters to the target, the most important first.

    Not the benchmarks: the level of a market moves from month to month for all pairs alike.
    """
    predictor = model.predictors.get(target)
    if not isinstance(predictor, BoostedPredictor):
        return ALWAYS
    table = predictor.importance()
    used = table.loc[table["gain"] >= MATTERS, "feature"].tolist()
    return tuple(dict.fromkeys((*ALWAYS, *(name for name in used if not _of_the_market(name)))))


def _of_the_market(name: str) -> bool:
    return name.startswith(SEASON) or (name in FEATURE and FEATURE[name].group == PEERS)


SCALES: Final[Mapping[str, Callable[[Floats], Floats]]] = {
    "count": lambda values: np.sign(values) * np.log1p(np.abs(values)),
    "money": lambda values: np.sign(values) * np.log1p(np.abs(values)),
    "days": lambda values: np.sign(values) * np.log1p(np.abs(values)),
}
"""Numbers that are skewed are compared by their logarithms."""


@dataclass(frozen=True)
class Learned:
    """The smallest and the largest value learned from."""

    low: float
    high: float

    def is_beyond(self, values: Floats, scale: Callable[[Floats], Floats] | None = None) -> Mask:
        """Whether values lie outside by more than the margin; an unknown value does not."""
        ends = np.array([self.low, self.high], dtype=np.float32).astype(np.float64)
        seen = np.asarray(values, dtype=np.float64)
        if scale is not None:
            ends, seen = scale(ends), scale(seen)
        margin = MARGIN * (ends[1] - ends[0]) + 1e-9 * np.abs(ends).max()
        return np.asarray((seen < ends[0] - margin) | (seen > ends[1] + margin))


def date_words(as_of: date, target: Target, manifest: Mapping[str, Any]) -> str | None:
    """Says that a forecast's date lies far from the weeks the target was learned from.

    Days after are counted from the newest weeks that any target was learned from: labels that
    take long to be known (returns) end earlier, whenever a model is trained.
    """
    windows = manifest.get("windows", {})
    if target.value not in windows:
        return None
    near = timedelta(days=2 * manifest["settings"]["horizon_days"])
    first = date.fromisoformat(windows[target.value]["learn"][0][0])
    last = max(date.fromisoformat(window["evaluate"][1]) for window in windows.values())
    if as_of > last + near:
        return f"its date lies {(as_of - last).days} days after what was learned from"
    if as_of < first - near:
        return f"its date lies {(first - as_of).days} days before what was learned from"
    return None
