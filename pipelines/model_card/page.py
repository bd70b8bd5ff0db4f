"""A page of headings, sentences, tables and pictures, as data: what it shows, not how."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Paragraph:
    text: str
    soft: bool = False


@dataclass(frozen=True)
class Points:
    """A list; where a point has a colon after its first words, those stand out."""

    points: Sequence[str]


@dataclass(frozen=True)
class Table:
    """Rows of text under a header; columns named in `numbers` are set to the right."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    numbers: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Facts:
    """Names and values, one below the other."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Picture:
    """An SVG drawing; the table that says the same stands in for it in Markdown."""

    title: str
    svg: str
    table: Table


@dataclass(frozen=True)
class Pictures:
    pictures: Sequence[Picture]


@dataclass(frozen=True)
class Folded:
    """What an engineer looks up: closed on the screen, open in print."""

    title: str
    blocks: Sequence["Block"]


Block = Paragraph | Points | Table | Facts | Pictures | Folded


@dataclass(frozen=True)
class Part:
    title: str
    blocks: Sequence[Block]

    @property
    def anchor(self) -> str:
        return "-".join("".join(c if c.isalnum() else " " for c in self.title.lower()).split())


@dataclass(frozen=True)
class Page:
    """The first screen (`opening`), then the parts."""

    title: str
    under: str
    opening: Sequence[Block]
    parts: Sequence[Part]
