"""The pair's own past rate, shrunk to what its creator, brand, category and item make likely."""

from models.predictors.chain import PARENTS
from models.predictors.shrunken import ShrunkenPredictor


class PairRatePredictor(ShrunkenPredictor):
    name = "pair-rate"
    levels = tuple(PARENTS)
