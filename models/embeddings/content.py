"""Vectors for the unknown: what a creator or product without history would look like.

A ridge regression from content (category, price, title; category, followers, region, audience,
given vectors) to the vectors of those with history, applied to those without.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

Vectors = npt.NDArray[np.float32]
Known = npt.NDArray[np.bool_]

MOST_GROUPS = 40
"""With the 109 of Complete Journey, stores without history were ranked worse."""


def item_content(items: pd.DataFrame, titles: Vectors, known: Known) -> Vectors:
    """Content of the items: category, brand, log price, title. (n, width), no nan."""
    return _joined(
        [
            _one_hot(items, "category", known),
            _one_hot(items, "brand_id", known),
            scaled(_log(items, "price"), known),
            np.nan_to_num(titles),
        ],
        len(items),
    )


def creator_content(creators: pd.DataFrame, given: Mapping[str, Vectors], known: Known) -> Vectors:
    """Content of the creators: category, region, log followers, audience, given vectors.

    An audience of more than 40 groups is left out: so many numbers say who a creator is.
    """
    audience = [name for name in creators.columns if str(name).startswith("audience_")]
    if len(audience) > MOST_GROUPS:
        audience = []
    shares = [
        pd.to_numeric(creators[name], errors="coerce").to_numpy(float) for name in sorted(audience)
    ]
    return _joined(
        [
            _one_hot(creators, "main_category", known),
            _one_hot(creators, "region", known),
            scaled(_log(creators, "followers"), known),
            *(scaled(share, known) for share in shares),
            *(np.nan_to_num(vectors) for vectors in given.values()),
        ],
        len(creators),
    )


def with_content_vectors(
    vectors: Vectors,
    content: Vectors,
    evidence: npt.NDArray[np.float64],
    penalty: float,
    half_evidence: float,
) -> Vectors:
    """The vectors, drawn to what their content suggests; wholly where there is no evidence.

    A row with `half_evidence` is half its own, half its content's.
    """
    if not (evidence > 0).any():
        return vectors
    own = (evidence / (evidence + half_evidence))[:, None]
    return np.asarray(own * vectors + (1 - own) * ridge(vectors, content, evidence, penalty), "f4")


def ridge(
    outcome: npt.NDArray[np.floating],
    content: Vectors,
    evidence: npt.NDArray[np.float64],
    penalty: float,
) -> npt.NDArray[np.float64]:
    """What content suggests for every row, learned from rows with evidence, (n, outcomes).

    The mean is not penalised; rows weigh log(1 + evidence).
    """
    known = evidence > 0
    weight = np.log1p(evidence[known])[:, None]
    x, y = content[known].astype(np.float64), outcome[known].astype(np.float64)
    x_mean = (weight * x).sum(0) / weight.sum()
    y_mean = (weight * y).sum(0) / weight.sum()
    x, y = x - x_mean, y - y_mean
    gram = x.T @ (weight * x) + penalty * np.eye(x.shape[1])
    slopes = np.linalg.solve(gram, x.T @ (weight * y))
    return np.asarray(y_mean + (content - x_mean) @ slopes)


def _one_hot(table: pd.DataFrame, column: str, known: Known, at_most: int = 100) -> Vectors:
    """One column for each of the values seen in known rows, the most frequent first."""
    if column not in table.columns:
        return np.empty((len(table), 0), np.float32)
    values = table[column].astype("string")
    counts = values[known].value_counts()
    frequent = sorted(counts.index, key=lambda value: (-counts[value], value))[:at_most]
    position = pd.Index(frequent).get_indexer(pd.Index(values))
    hot = np.zeros((len(table), len(frequent)), np.float32)
    seen = np.flatnonzero(position >= 0)
    hot[seen, position[seen]] = 1
    return hot


def _log(table: pd.DataFrame, column: str) -> npt.NDArray[np.float64]:
    if column not in table.columns:
        return np.full(len(table), np.nan)
    values = pd.to_numeric(table[column], errors="coerce").to_numpy(float, na_value=np.nan)
    return np.log1p(np.where(values >= 0, values, np.nan))


def scaled(values: npt.NDArray[np.float64], known: Known) -> Vectors:
    """Mean 0 and spread 1 over the known rows; unknown values sit at the mean."""
    seen = values[known & np.isfinite(values)]
    if seen.size == 0:
        return np.empty((len(values), 0), np.float32)
    scaled = (values - seen.mean()) / (seen.std() or 1.0)
    return np.clip(np.nan_to_num(scaled), -5, 5).astype(np.float32)[:, None]


def _joined(blocks: list[Vectors], rows: int) -> Vectors:
    return np.hstack([np.empty((rows, 0), np.float32), *blocks]).astype(np.float32)
