"""Creators of whom nothing was sold before: how far trees that met few of them are believed."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from models.prediction import Floats, PairRows
from models.predictors.known import of_newcomers
from models.predictors.together import CLUMP

LEVEL_VARIANCE: Final = 0.1
"""On logits, of newcomers' own levels around what is expected of them."""
START_VARIANCE: Final = 0.005
"""Of what all newcomers together may lie off the start: 7 % are one standard deviation. Chosen on
five splits of Complete Journey's weeks before those reported, where up to 90 stores without a
basket were seen to sell, most of them one or two."""


@dataclass(frozen=True)
class Newcomers:
    """What trees add to the start of a creator without a trial counts `believed` times.

    Trees find newcomers by their missing past and give all of them one level. Few that hardly sold
    tell nothing of it: their window was a handful of buyers. With newcomers' levels spread by
    LEVEL_VARIANCE and a window of n trials off by CLUMP / n, each tells

        LEVEL_VARIANCE / (LEVEL_VARIANCE + CLUMP / n)

    of what a newcomer tried without end would, and the posterior mean of their common level is
    believed = told / (told + LEVEL_VARIANCE / START_VARIANCE).

    It scales all that is added to the start of a newcomer's pair, not that level alone: what the
    features of its brands say of newcomers was learned from the same few buyers.
    """

    believed: float = 1.0

    @classmethod
    def met(cls, rows: PairRows) -> "Newcomers":
        """As far as the newcomers among the rows learned from, which all had a trial, allow."""
        new = of_newcomers(rows)
        trials = pd.Series(rows.outcome()[1][new]).groupby(rows.creator_id[new]).max().to_numpy()
        told = float(np.sum(LEVEL_VARIANCE / (LEVEL_VARIANCE + CLUMP / trials)))
        return cls(told / (told + LEVEL_VARIANCE / START_VARIANCE))

    def share(self, rows: PairRows) -> Floats:
        """Of what trees add to each row, how much counts: 1 where the creator was tried, (n,)."""
        return np.where(of_newcomers(rows), self.believed, 1.0)
