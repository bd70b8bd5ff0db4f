"""A page as Markdown, for readers without a browser."""

from collections.abc import Sequence

from pipelines.model_card.page import (
    Block,
    Facts,
    Folded,
    Page,
    Paragraph,
    Pictures,
    Points,
    Table,
)


def markdown(page: Page) -> str:
    """The same in Markdown; pictures become their tables."""
    told = [f"# {page.title}", page.under, *_markdown_of(page.opening)]
    for part in page.parts:
        told += [f"## {part.title}", *_markdown_of(part.blocks)]
    return "\n\n".join(told) + "\n"


def _markdown_of(blocks: Sequence[Block]) -> list[str]:
    return [_markdown(block) for block in blocks]


def _markdown(block: Block) -> str:
    match block:
        case Paragraph(text):
            return _plain(text)
        case Points(points):
            return "\n".join(f"- {_plain(point)}" for point in points)
        case Facts(pairs):
            return "\n".join(f"- {_plain(a)}: {_plain(b)}" for a, b in pairs)
        case Pictures(pictures):
            tables = [
                Table(p.table.header, p.table.rows, p.title, p.table.numbers) for p in pictures
            ]
            return "\n\n".join(map(_markdown, tables))
        case Folded(title, blocks):
            return "\n\n".join([f"### {title}", *_markdown_of(blocks)])
        case Table():
            return _markdown_table(block)


def _markdown_table(table: Table) -> str:
    rules = ["---:" if i in table.numbers else "---" for i in range(len(table.header))]
    lines = [f"| {' | '.join(map(_cell, row))} |" for row in (table.header, rules, *table.rows)]
    return "\n".join([*([f"**{_plain(table.title)}**\n"] if table.title else []), *lines])


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _plain(text: str) -> str:
    """Text that Markdown shows as it is written."""
    return text.replace("_", "\\_").replace("*", "\\*").replace("<", "&lt;")
