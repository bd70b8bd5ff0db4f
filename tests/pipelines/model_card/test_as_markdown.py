"""A page as Markdown: text as it is written, and the same as HTML."""

from pipelines.model_card.as_html import html
from pipelines.model_card.as_markdown import markdown
from pipelines.model_card.page import Page, Paragraph, Part, Points, Table


def test_markdown_shows_text_as_it_is_written() -> None:
    table = Table(("a|b", "n"), [("x_y", "1")], numbers=frozenset({1}))
    page = Page("Card", "under", [Points(["one: *two*"])], [Part("P", [Paragraph("<b>"), table])])
    told = markdown(page)
    assert "- one: \\*two\\*" in told
    assert "| a\\|b | n |\n| --- | ---: |\n| x\\_y | 1 |" in told
    assert "&lt;b>" in told
    assert "<p>&lt;b&gt;</p>" in html(page)
