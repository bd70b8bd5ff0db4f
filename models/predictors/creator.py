"""The creator's own rate whatever is sold, shrunk to the mean of everything."""

from models.predictors.shrunken import ShrunkenPredictor


class CreatorPredictor(ShrunkenPredictor):
    name = "creator"
    levels = ("creator",)
