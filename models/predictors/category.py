"""The category's own rate, shrunk to the mean of everything."""

from models.predictors.shrunken import ShrunkenPredictor


class CategoryPredictor(ShrunkenPredictor):
    name = "category"
    levels = ("category",)
