"""The card's files, by the name that training knows them by: see `pipelines.model_card`."""

from pipelines.model_card import CARD_FOLDER, CARD_HTML, write_card

__all__ = ["CARD_FOLDER", "CARD_HTML", "write_card"]
