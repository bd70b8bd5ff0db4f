"""The files of a card: their names, and how they are written."""

from pathlib import Path
from typing import Final

from pipelines.model_card.as_html import html
from pipelines.model_card.as_markdown import markdown
from pipelines.model_card.page import Page
from pipelines.tracking import CARD_HTML

CARD_MARKDOWN: Final = "model-card.md"


def write_card(page: Page, folder: Path) -> None:
    """The page in both forms, under the names that a run keeps it by."""
    (folder / CARD_HTML).write_text(html(page), encoding="utf-8")
    (folder / CARD_MARKDOWN).write_text(markdown(page), encoding="utf-8")
