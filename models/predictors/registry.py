"""Every predictor by the name under which leaderboards and bundles know it."""

from collections.abc import Mapping
from typing import Final

from models.predictors.boosted import BoostedPredictor
from models.predictors.calibrated import CalibratedPredictor
from models.predictors.category import CategoryPredictor
from models.predictors.creator import CreatorPredictor
from models.predictors.logistic import LogisticPredictor
from models.predictors.overall import OverallPredictor
from models.predictors.pair_rate import PairRatePredictor

PREDICTORS: Final[Mapping[str, type[CalibratedPredictor]]] = {
    predictor.name: predictor
    for predictor in (
        OverallPredictor,
        CategoryPredictor,
        CreatorPredictor,
        PairRatePredictor,
        LogisticPredictor,
        BoostedPredictor,
    )
}
"""In order of how much they can learn."""
