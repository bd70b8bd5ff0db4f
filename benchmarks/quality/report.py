"""The quality report: sections put together into one Markdown page and its pictures."""

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from benchmarks.quality.section import Section

HEAD = """# How good the forecasts are

Written by `make quality`; every figure below comes from that command. Intervals are 95 %, by
bootstrap, paired where two forecasts are compared. "Better" and "worse" are said only where the
interval excludes zero; "level" means that these data cannot tell. What was tuned was tuned on
earlier windows, other folds or worlds of other seeds than those reported; each section says how
often what it reports was looked at.

"""
BLOCK = re.compile(r"<!-- section: (?P<name>[\w-]+) -->\n(?P<text>.*?)<!-- end -->\n", re.DOTALL)
SUMMARY = re.compile(r"(?P<text>- .*) <!-- summary: (?P<name>[\w-]+) -->\n")


def table(frame: pd.DataFrame, digits: int = 4) -> str:
    """A Markdown table; numbers with so many digits after the point, nan as a dash.

    >>> print(table(pd.DataFrame({"peer": ["ALS"], "nDCG": [0.27149]}), digits=3))
    | peer | nDCG |
    |---|---:|
    | ALS | 0.271 |
    """
    numeric = [pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes]
    lines = [
        "| " + " | ".join(str(column) for column in frame.columns) + " |",
        "|" + "|".join("---:" if number else "---" for number in numeric) + "|",
    ]
    rows = frame.itertuples(index=False)
    lines += ["| " + " | ".join(_cell(value, digits) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object, digits: int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value != value:
        return "–"
    if isinstance(value, float):
        return f"{value:,.{digits}f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def save_svg(figure: Figure, path: Path) -> Path:
    """Write the figure as SVG whose bytes depend on what is drawn alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with rc_context({"svg.hashsalt": "alliance", "svg.fonttype": "none"}):
        FigureCanvasSVG(figure).print_svg(path, metadata={"Date": None})
    return path


def write_report(sections: Sequence[Section], page: Path, code: str) -> None:
    """Write the page, its pictures into the folder of the same name beside it.

    Each section says with which `code` it was made. Sections of an earlier page that are not
    given again keep their place and text.
    """
    page.parent.mkdir(parents=True, exist_ok=True)
    old = page.read_text(encoding="utf-8") if page.exists() else ""
    blocks = {m["name"]: m["text"] for m in BLOCK.finditer(old)}
    summaries = {m["name"]: m["text"] for m in SUMMARY.finditer(old)}
    for section in sections:
        blocks[section.name] = (
            f"## {section.title}\n\n{_with_figures(section, page)}\n*Made with code {code}.*\n"
        )
        summaries[section.name] = f"- **{section.title}**: {section.summary}"
    told = "".join(f"{text} <!-- summary: {name} -->\n" for name, text in summaries.items())
    text = "".join(f"<!-- section: {name} -->\n{b}<!-- end -->\n" for name, b in blocks.items())
    new = page.with_suffix(".tmp")
    new.write_text(f"{HEAD}{told}\n{text}", encoding="utf-8")
    new.replace(page)


def _with_figures(section: Section, page: Path) -> str:
    """The text with its pictures, copied beside the page. ValueError when one is not given."""
    folder = page.with_suffix("")
    text = section.text.strip() + "\n"
    for name, drawn in sorted(section.figures.items()):
        target = folder / f"{section.name}-{name}{drawn.suffix}"
        folder.mkdir(parents=True, exist_ok=True)
        target.write_bytes(drawn.read_bytes())
        shown = f"![{name.replace('-', ' ')}]({folder.name}/{target.name})"
        text = text.replace(f"{{figure:{name}}}", shown)
    if missing := re.findall(r"\{figure:([\w-]+)\}", text):
        raise ValueError(f"Section {section.name} shows pictures it did not draw: {missing}")
    return text
