"""Kinds of rows by what was known of them as of their date."""

import numpy as np
import numpy.typing as npt

from models.prediction import PairRows

Marks = npt.NDArray[np.bool_]


def never_sold(rows: PairRows) -> Marks:
    """Pairs without a success; none where rows carry no counts of pairs, (n,)."""
    if "pair" not in rows.counts:
        return np.zeros(len(rows), dtype=bool)
    return np.asarray(rows.counts["pair"][0] == 0)


def of_newcomers(rows: PairRows) -> Marks:
    """Pairs of creators without a trial; none where rows carry no counts of creators, (n,)."""
    if "creator" not in rows.counts:
        return np.zeros(len(rows), dtype=bool)
    return np.asarray(rows.counts["creator"][1] == 0)
