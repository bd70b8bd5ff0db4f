"""How good a P(yes) is on later invitations: losses beside baselines, and said against happened."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.leaderboard import leaderboard
from experiments.metrics import calibration_table
from models.prediction import Floats, Forecast, PairRows

BASELINES = ("overall", "hierarchical")
BINS = 5


def acceptance_board(
    said: Mapping[str, Floats],
    accepted: Floats,
    creator_id: npt.NDArray[np.str_],
    brand_id: npt.NDArray[np.str_],
    slices: Mapping[str, npt.NDArray[np.bool_]],
    random_state: int = 0,
) -> pd.DataFrame:
    """The leaderboard of P(yes), (n,) each by predictor: log-loss an answer, drawn over brands."""
    n = len(accepted)
    rows = PairRows(
        features=np.empty((n, 0), dtype=np.float32),
        feature_names=(),
        creator_id=creator_id,
        item_id=brand_id,
        brand_id=brand_id,
        category=np.full(n, "", dtype=np.str_),
        as_of=np.full(n, "NaT", dtype="datetime64[D]"),
        counts={},
        successes=accepted,
        trials=np.ones(n),
    )
    forecasts = {name: Forecast(p, p, p, np.zeros(n)) for name, p in said.items()}
    board = leaderboard(
        forecasts, rows, slices=slices, baselines=BASELINES, random_state=random_state
    )
    board.insert(0, "target", "acceptance")
    return board


def reliability(said: Floats, accepted: Floats, bins: int = BINS) -> pd.DataFrame:
    """Said beside happened in bins of equally many answers, with the 95 % interval of chance.

    Columns forecast, observed, trials, lo95, hi95 (Wilson's interval of the observed share).
    """
    table = calibration_table(accepted, np.ones(len(accepted)), said, bins=bins)
    low, high = wilson(table["observed"].to_numpy(float), table["trials"].to_numpy(float))
    return table.assign(lo95=low, hi95=high)


def wilson(share: Floats, n: Floats, z: float = 1.959964) -> tuple[Floats, Floats]:
    """Wilson's interval of a share seen in n trials.

    >>> [round(float(end), 3) for end in wilson(np.array(0.5), np.array(10.0))]
    [0.237, 0.763]
    """
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.asarray(middle - half), np.asarray(middle + half)
