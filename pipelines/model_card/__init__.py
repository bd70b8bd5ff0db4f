"""Model card: what the forecasts of one training can be trusted for, as a page."""

from pipelines.model_card.card import model_card
from pipelines.model_card.files import write_card
from pipelines.model_card.promises import promises_of
from pipelines.model_card.training import Training

__all__ = ["Training", "model_card", "promises_of", "write_card"]
