"""Reasons for a forecast: the model's additive contributions, by group, in a manager's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from re import sub

import numpy as np
import numpy.typing as npt

from models.matrix.manifest import FeatureWords

ROWS_AT_A_TIME = 100_000


@dataclass(frozen=True)
class Reason:
    """One reason: what was seen, and by what it multiplied the odds of an order."""

    feature: str
    group: str
    words: str
    value: float | None
    """As the model saw it; None when unknown."""
    odds_factor: float
    """1.24 = this group of facts makes the odds of an order 24 % higher than those of the brand's
    usual candidate; where no sale is forecast, the odds of being chosen by the brand."""


def top_reasons(
    contributions: npt.NDArray[np.floating],
    features: npt.NDArray[np.floating],
    feature_names: Sequence[str],
    groups: Sequence[str],
    top: int = 3,
    against: bool = False,
) -> dict[str, npt.NDArray[np.object_] | npt.NDArray[np.float32]]:
    """Columns `reason<i>_feature`, `_value`, `_effect` for i = 1..top, (n,) each.

    `contributions` (n, f + 1) are additive on the link scale, the base in the last column;
    `features` (n, f) are what the model saw; `groups` names the group of each feature. A
    group's effect is the sum over its features; the groups with the largest absolute effects
    are kept, so a reason may speak against the pair. Ties keep the order of the groups' first
    features. The feature named is the strongest of its group in the direction of the effect.
    Where fewer groups than `top` have an effect, the rest is None and nan. With `against` the
    groups that lower the forecast most, in columns named `counter<i>_...`.
    """
    n, f = features.shape
    if contributions.shape != (n, f + 1) or len(feature_names) != f or len(groups) != f:
        raise ValueError(
            f"{contributions.shape} contributions, {features.shape} features, "
            f"{len(feature_names)} names and {len(groups)} groups do not belong together"
        )
    names = np.array([*feature_names, None], dtype=object)
    columns: dict[str, npt.NDArray[np.object_] | npt.NDArray[np.float32]] = {}
    chosen = np.full((n, top), f)
    values, effects = np.full((n, top), np.nan, np.float32), np.full((n, top), np.nan, np.float32)
    for start in range(0, n, ROWS_AT_A_TIME):
        rows = slice(start, start + ROWS_AT_A_TIME)
        chosen[rows], effects[rows] = _strongest(contributions[rows, :f], groups, top, against)
    prefix = "counter" if against else "reason"
    for i in range(top):
        found = chosen[:, i] < f
        values[found, i] = features[np.flatnonzero(found), chosen[found, i]]
        columns[f"{prefix}{i + 1}_feature"] = names[chosen[:, i]]
        columns[f"{prefix}{i + 1}_value"] = values[:, i]
        columns[f"{prefix}{i + 1}_effect"] = effects[:, i]
    return columns


def _strongest(
    contributions: npt.NDArray[np.floating], groups: Sequence[str], top: int, against: bool
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    """For each row the representative features and the effects of the `top` groups, of all or of
    those that lower the forecast.
    """
    n, f = contributions.shape
    order = list(dict.fromkeys(groups))
    member = np.array([[group == g for g in order] for group in groups]).reshape(f, len(order))
    sums = contributions @ member.astype(contributions.dtype)
    if against:
        sums = np.minimum(sums, 0)
    ranked = np.argsort(-np.abs(sums), axis=1, kind="stable")[:, :top]
    features = np.full((n, top), f)
    effects = np.full((n, top), np.nan, np.float32)
    for i in range(ranked.shape[1]):
        group = ranked[:, i]
        effect = np.take_along_axis(sums, group[:, None], axis=1)[:, 0]
        towards = contributions * np.sign(effect)[:, None]
        towards = np.where(member.T[group], towards, -np.inf)
        some = effect != 0
        features[some, i] = towards[some].argmax(axis=1)
        effects[some, i] = effect[some]
    return features, effects


def reason(
    feature: str, value: float | None, effect: float, known: Mapping[str, FeatureWords]
) -> Reason:
    """The reason with its words (value None = unknown); without words it is shown by its name."""
    words = known.get(feature)
    group = feature if words is None else words.group
    return Reason(feature, group, reason_words(feature, value, words), value, round(exp(effect), 4))


def reason_words(feature: str, value: float | None, words: FeatureWords | None) -> str:
    """The sentence of a reason, e.g. 'sells 5.3 % of clicks over 90 days'.

    >>> words = FeatureWords(group="fit", words="sells {value} of clicks", unit="share")
    >>> reason_words("rate", 0.053, words)
    'sells 5.3 % of clicks'
    >>> reason_words("rate", None, words)
    'nothing known yet: fit'

    What is as usual is not told as "1 times".

    >>> words = FeatureWords(group="fit", words="sells {value} times as often", unit="log")
    >>> [reason_words("lift", log, words) for log in (0.0, 0.0392, 1.7)]
    ['sells as often', 'sells 1.04 times as often', 'sells 5.5 times as often']
    """
    if words is None:
        plain = feature.replace("_", " ")
        return f"{plain} unknown" if value is None else f"{plain} {number_words(value, 'score')}"
    if value is None:
        return f"nothing known yet: {words.group}"
    told = words.words.replace("{value}", number_words(value, words.unit))
    return sub(r"(?<![\d.,])1 times\b", "once", sub(r"(?<![\d.,])1 times as", "as", told))


def number_words(value: float, unit: str) -> str:
    """A number as a person would say it; a logarithm is told as the number (or ratio) itself.

    >>> [number_words(v, u) for v, u in [(0.053, "share"), (37, "days"), (1234.5, "money")]]
    ['5.3 %', '37 days', '1,234']
    >>> [number_words(v, u) for v, u in [(1, "days"), (12.4, "count"), (1.5, "ratio")]]
    ['1 day', '12', 'x1.50']
    >>> number_words(14.2209757, "log"), number_words(-0.0036, "log")
    ('1,500,000', '0.996')
    """
    if unit == "share":
        return f"{100 * value:.{2 if abs(value) < 0.1 else 3}g} %"
    if unit == "days":
        return f"{value:,.0f} day" + ("" if round(value) == 1 else "s")
    if unit in ("count", "money"):
        return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.2g}"
    if unit == "ratio":
        return f"x{value:.2f}"
    if unit == "log":
        ratio = exp(min(value, 700.0))
        return _near_one(ratio) or number_words(float(f"{ratio:.3g}"), "count")
    return f"{value:.2g}"


def effect_words(odds_factor: float) -> str:
    """The effect as it stands beside a reason.

    >>> effect_words(1.24), effect_words(0.8), effect_words(1.0013)
    ('x1.24', 'x0.80', 'x1.001')
    """
    return f"x{_near_one(odds_factor) or f'{odds_factor:.2f}'}"


def _near_one(ratio: float) -> str | None:
    """The ratio with as many digits as tell it from 1, at most four; None further off.

    >>> _near_one(1.04), _near_one(0.9964), _near_one(1.000001), _near_one(1.4)
    ('1.04', '0.996', '1', None)
    """
    if not 0.9 < ratio < 1.2:
        return None
    return next((f"{ratio:.{d}f}" for d in (2, 3, 4) if round(ratio, d) != 1), "1")
