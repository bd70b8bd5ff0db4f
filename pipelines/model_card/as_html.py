"""A page as one HTML file."""

from collections.abc import Sequence
from html import escape

from pipelines.model_card.page import (
    Block,
    Facts,
    Folded,
    Page,
    Paragraph,
    Picture,
    Pictures,
    Points,
    Table,
)

STYLE = """
:root{color-scheme:light dark;
--ink:#1d1d1f;--soft:#5d5d63;--line:#d9d9de;--paper:#fff;--box:#f5f5f2;
--mark:#2f5fb3;--good:#1b7340;--bad:#a8321e}
@media screen and (prefers-color-scheme:dark){:root{
--ink:#e8e8ea;--soft:#a5a5ad;--line:#3a3a40;--paper:#18181a;
--box:#232326;--mark:#8fb4f5;--good:#6fce97;--bad:#f29a88}}
body{font:1rem/1.5 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;
max-width:62rem;margin:1.5rem auto 4rem;padding:0 1rem;color:var(--ink);background:var(--paper)}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .2rem}h2{font-size:1.2rem;margin:2.2rem 0 .5rem;
border-top:1px solid var(--line);padding-top:1.2rem}p,ul{margin:.5rem 0}li{margin:.2rem 0}
ul{padding-left:1.3rem}
.under{color:var(--soft);margin:0 0 1rem}nav{font-size:.9rem;margin:.8rem 0}
nav a{margin-right:.9rem}
a{color:var(--mark)}.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.92rem;margin:.6rem 0;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;border-bottom:1px solid var(--line)}
th,td{padding:.25rem .9rem .25rem 0;vertical-align:top}td{border-bottom:1px solid var(--line)}
td.number,th.number{text-align:right}td.number{white-space:nowrap}caption{text-align:left;font-weight:600;
padding:.2rem 0}
.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}
.note{color:var(--soft);font-size:.9rem}details{margin:.6rem 0}summary{cursor:pointer;
color:var(--mark)}
.pictures{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:.4rem 0;max-width:100%}
figcaption{font-size:.9rem;font-weight:600}svg{max-width:100%;height:auto;display:block}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.5rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
@media (max-width:40rem){td:not(.number){min-width:7.5rem}
dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}
@media print{html{font-size:10.5px}body{max-width:none;margin:0}nav,summary{display:none}
h2,figure,tr{break-inside:avoid}h2{break-after:avoid}
details::details-content{content-visibility:visible;block-size:auto;display:block}}
"""

GOOD, BAD = "better", "worse"
"""A cell that begins with one of these is coloured; the word itself says it too."""


def html(page: Page) -> str:
    """One file that refers to nothing outside itself."""
    links = "".join(f'<a href="#{part.anchor}">{escape(part.title)}</a>' for part in page.parts)
    parts = "".join(
        f'<section><h2 id="{part.anchor}">{escape(part.title)}</h2>'
        f"{_html_of(part.blocks)}</section>"
        for part in page.parts
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{escape(page.title)}</title><link rel="icon" href="data:,">'
        f"<style>{STYLE}</style></head><body><h1>{escape(page.title)}</h1>"
        f'<p class="under">{escape(page.under)}</p>{_html_of(page.opening)}'
        f"<nav>{links}</nav>{parts}</body></html>\n"
    )


def _html_of(blocks: Sequence[Block]) -> str:
    return "".join(_html(block) for block in blocks)


def _html(block: Block) -> str:
    match block:
        case Paragraph(text, soft):
            return f'<p class="note">{escape(text)}</p>' if soft else f"<p>{escape(text)}</p>"
        case Points(points):
            return f"<ul>{''.join(f'<li>{_led(escape(point))}</li>' for point in points)}</ul>"
        case Facts(pairs):
            told = "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in pairs)
            return f"<dl>{told}</dl>"
        case Pictures(pictures):
            return f'<div class="pictures">{"".join(map(_figure, pictures))}</div>'
        case Folded(title, blocks):
            return f"<details><summary>{escape(title)}</summary>{_html_of(blocks)}</details>"
        case Table():
            return _html_table(block)


def _figure(picture: Picture) -> str:
    title = escape(picture.title)
    return f"<figure><figcaption>{title}</figcaption>{picture.svg}</figure>"


def _html_table(table: Table) -> str:
    def cells(row: Sequence[str], tag: str) -> str:
        told = []
        for i, cell in enumerate(row):
            kind = "number" if i in table.numbers else ""
            if tag == "td" and cell.split(" ")[0].rstrip(":,") in (GOOD, BAD):
                kind = "good" if cell.startswith(GOOD) else "bad"
            told.append(f'<{tag} class="{kind}">' if kind else f"<{tag}>")
            told.append(f"{escape(cell)}</{tag}>")
        return f"<tr>{''.join(told)}</tr>"

    caption = f"<caption>{escape(table.title)}</caption>" if table.title else ""
    body = "".join(cells(row, "td") for row in table.rows)
    head = cells(table.header, "th")
    inside = f"{caption}<thead>{head}</thead><tbody>{body}</tbody>"
    return f'<div class="scroll"><table>{inside}</table></div>'


def _led(point: str) -> str:
    first, colon, rest = point.partition(": ")
    return f"<b>{first}:</b> {rest}" if colon and len(first) < 40 else point
