"""Where a brand would place a creator among all it could ask."""

import numpy as np

from models.matrix.matrix import AllianceMatrix
from models.prediction import Floats


def place(matrix: AllianceMatrix, brand: int, row: int) -> float:
    """Share of the brand's candidates whom it would not ask before the one of this row: by benefit
    x acceptance, or by `p_collaboration` where only collaborations are known (scored alike: half of
    them, as a rule scores many alike).
    """
    rows = slice(int(matrix.brand_offsets[brand]), int(matrix.brand_offsets[brand + 1]))
    worth: Floats = np.ones(rows.stop - rows.start)
    if only_collaborations(matrix):
        worth = np.nan_to_num(matrix.columns["p_collaboration"][rows], nan=-np.inf)
        own = worth[row - rows.start]
        alike = int((worth == own).sum()) - 1
        return float(((worth < own).sum() + 1 + alike / 2) / len(worth))
    for name in ("net_gmv", "p_accept"):
        values = matrix.columns[name][rows].astype(np.float64)
        if not np.isnan(values).all():
            worth = worth * np.nan_to_num(values)
    return float(np.mean(worth <= worth[row - rows.start]))


def tenths(place: float) -> float:
    """Upwards, so that nobody's figure can be told from it."""
    return float(np.ceil(10 * place) / 10)


def only_collaborations(matrix: AllianceMatrix) -> bool:
    """Whether whom brands choose is all that the matrix says."""
    absent = matrix.manifest.null_columns
    return "conversion_rate" in absent and "p_collaboration" not in absent


def likeness(matrix: AllianceMatrix, brand: int, creator: int) -> float | None:
    """Cosine of the creator's audience and the brand's buyers; None where either is unknown."""
    a = np.asarray(matrix.audience[creator], dtype=np.float64)
    b = np.asarray(matrix.buyers[brand], dtype=np.float64)
    length = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / length if length > 0 else None
