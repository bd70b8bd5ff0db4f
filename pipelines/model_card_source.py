"""A training, by the name that training knows it by: see `pipelines.model_card`."""

from pipelines.model_card import Training

__all__ = ["Training"]
