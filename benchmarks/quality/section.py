"""A section of the quality report: what it is told, and what it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.progress import Progress


@dataclass(frozen=True)
class QualitySettings:
    """What every section is told. The same settings on the same data give the same bytes."""

    datasets: Path
    """Folder that holds `brand_influencer_instagram/` and `douyin_live_export/`."""
    scratch: Path
    """A folder to write into; what one section left there another may read."""
    random_state: int = 0
    small: bool = False
    """A run of a minute that shows the plumbing works: few seeds, few rows, no claims."""


@dataclass(frozen=True)
class Section:
    """One part of the report: Markdown, its pictures, and the numbers that are tracked.

    `{figure:NAME}` in `text` stands for the picture of that name. `summary` is one sentence for
    the head of the report. Headings in `text` begin at level three.
    """

    name: str
    title: str
    text: str
    summary: str = ""
    figures: Mapping[str, Path] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)


MakeSection = Callable[[QualitySettings, Progress], Section]


def absent(name: str, title: str, what: str) -> Section:
    """The section of data that are not here: says so, claims nothing."""
    sentence = f"Not run: {what}"
    return Section(name, title, sentence, summary=sentence)
