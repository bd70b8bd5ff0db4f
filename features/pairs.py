"""Pair features: any (creator, item) pairs as rows of numbers, taken from arrays, never merged."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from features.known import FeatureTables
from features.pair import PAIR_FEATURES, Pairs
from features.registry import FEATURES
from features.sparse import Positions, Values

TARGETS: Mapping[str, tuple[str, str]] = {
    "conversion": ("converted_decayed", "trials_decayed"),
    "click_through": ("clicks_decayed", "clicked_impressions_decayed"),
    "return": ("returned_mature", "orders_mature"),
    "exposure": ("impressions_decayed", "exposed_decayed"),
    "traffic": ("trials_decayed", "offered_decayed"),
}
"""Successes and trials per target, as the levels name them."""


CHUNK = 1 << 15
"""Pairs worked on at once: few enough for their numbers to stay in the processor's cache."""


def pair_feature_names() -> tuple[str, ...]:
    """The columns of `pair_features`, in the order of the registry."""
    return tuple(feature.name for feature in FEATURES)


def pair_features(
    tables: FeatureTables, creator_positions: Positions, item_positions: Positions
) -> npt.NDArray[np.float32]:
    """One row per pair, (n, len(pair_feature_names())); nan = unknown.

    Positions are row numbers of `tables.creators` and `tables.items`, one of each per pair.
    """
    names = pair_feature_names()
    rows = np.empty((len(item_positions), len(names)), dtype=np.float32)
    for start in range(0, len(rows), CHUNK):
        part = slice(start, start + CHUNK)
        _fill(rows[part], Pairs(tables, creator_positions[part], item_positions[part]), names)
    return rows


def _fill(rows: npt.NDArray[np.float32], pairs: Pairs, names: tuple[str, ...]) -> None:
    look = pairs.lookup
    of_creators = [place for place, name in enumerate(names) if name in look.creator_columns]
    of_items = [place for place, name in enumerate(names) if name in look.item_columns]
    for places, matrix, at in (
        (of_creators, look.creator_matrix, pairs.creators),
        (of_items, look.item_matrix, pairs.items),
    ):
        rows[:, places[0] : places[-1] + 1] = matrix[at]
    for place, name in enumerate(names):
        if name in PAIR_FEATURES:
            rows[:, place] = PAIR_FEATURES[name](pairs)
        elif name in pairs.tables.overall:
            rows[:, place] = pairs.tables.overall[name]


def level_counts(
    tables: FeatureTables, target: str, creator_positions: Positions, item_positions: Positions
) -> dict[str, tuple[Values, Values]]:
    """Successes and trials of each pair on every level, widest first; zeros without history.

    All-time sums decayed by the settings' half-life, so that every level is on one scale. For
    "return" only orders old enough for their returns to be known. Where an absent line means
    zero, each session counts as a line of every item of the level that was ever sold, so that a
    level's rate is that of its average item.
    """
    pairs = Pairs(tables, creator_positions, item_positions)
    successes, trials = TARGETS[target]

    def everywhere(name: str) -> Values:
        return np.full(len(pairs), np.nan_to_num(tables.overall[name]))

    counts = {"overall": (everywhere(successes), everywhere(trials))}
    for level in ("category", "brand", "creator", "item"):
        counts[level] = pairs.count(level, successes), pairs.count(level, trials)
    for level in ("creator_category", "creator_brand", "pair"):
        counts[level] = _sparse(pairs, level, successes), _sparse(pairs, level, trials)
    return counts


def level_lines(
    tables: FeatureTables, creator_positions: Positions, item_positions: Positions
) -> dict[str, Values]:
    """Over how many lines the trials of creator, item and pair fell, decayed like the trials.

    `session`: in how many sessions the creator's did; where an absent line means zero, all are
    there and it is not told.
    """
    pairs = Pairs(tables, creator_positions, item_positions)
    name = TARGETS["traffic"][1]
    told = {} if tables.absent_is_zero else {"session": pairs.count("creator", "sessions_decayed")}
    return {
        **told,
        "creator": pairs.count("creator", name),
        "item": pairs.count("item", name),
        "pair": _sparse(pairs, "pair", name),
    }


def _sparse(pairs: Pairs, level: str, name: str) -> Values:
    if name == "trials_decayed":
        return pairs.trials(level, "decayed")
    if name in ("offered_decayed", "exposed_decayed"):
        if pairs.tables.absent_is_zero:
            return pairs.count("creator", "session_counted_decayed") * pairs.offered(level)
        return pairs.sum(level, "counted_decayed" if name[0] == "o" else "shown_decayed")
    return pairs.sum(level, name)
