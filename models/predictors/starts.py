"""The start that a target's rows allow, and what each of its parts adds to a forecast."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.links import link_of
from models.prediction import Floats, PairRows, Target
from models.predictors.chain import PARENTS, Chain
from models.predictors.start import EffectsStart
from models.predictors.told import feature_of_level
from models.predictors.volume import VolumeStart

Start = Chain | EffectsStart | VolumeStart
"""What trees start from."""


def start_of_share(rows: PairRows, target: Target, noise: float, pooled: float) -> Start:
    """The forecast of the effects where the rows know them, else the pair's shrunken rate."""
    effects = EffectsStart.fit(rows, target, noise, pooled)
    return effects or Chain.fit(tuple(PARENTS), rows, link_of(target), noise, pooled)


def start_from_json(read: Mapping[str, Any]) -> Start:
    """The start whose JSON this is, told by a key that no other has."""
    if "strengths" in read:
        return Chain.from_json(read)
    return VolumeStart.from_json(read) if "intercept" in read else EffectsStart.from_json(read)


def add_start(
    added: Floats, start: Start, rows: PairRows, target: Target, feature_names: Sequence[str]
) -> None:
    """Put what the start adds to each row into `added`, (n, features + 1), the base last.

    What the counts of a level add goes to the feature that shows their rate, and to the base
    where no feature does.
    """
    added[:, -1] += start.base()
    for told, part in start.parts(rows).items():
        feature: str | None = told
        if isinstance(start, Chain):
            feature = feature_of_level(told, target, feature_names)
        added[:, -1 if feature is None else feature_names.index(feature)] += part
