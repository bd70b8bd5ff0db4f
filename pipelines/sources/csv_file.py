"""CSV files: every cell as text, and every row that cannot be read by number.

The usual clean file goes through Arrow. One with a row too long, a blank line or a second encoding
is read again row by row, to say where.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from features.errors import Problem
from pipelines.sources.frames import FIRST_ROW, arrow_frame

UTF8, GB18030 = "utf-8", "gb18030"
_ACCEPT = 'put `encoding = "gb18030"` in the mapping'


@dataclass(frozen=True)
class Read:
    """What one file gave: its rows by number, and what could not be read."""

    frame: pd.DataFrame
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def unreadable(file: str, found: str, expected: str) -> Read:
    """A whole file that cannot be read."""
    return Read(pd.DataFrame(), (Problem(file, None, None, found, expected),))


def read_csv(content: bytes, file: str, encoding: str = UTF8) -> Read:
    """The rows of a CSV file as text. `encoding` is the one the mapping names."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return unreadable(file, "looks like UTF-16", "CSV in UTF-8: save it again as 'CSV UTF-8'")
    content = content.removeprefix(b"\xef\xbb\xbf")
    clean = _as_utf8(content, encoding)
    if clean is not None:
        try:
            return Read(_all_at_once(clean))
        except pa.ArrowInvalid:
            pass  # read again, row by row, to say which row is wrong
    return _row_by_row(content, file, encoding)


def _as_utf8(content: bytes, encoding: str) -> bytes | None:
    """The content in UTF-8, None when any line is not in the encoding it should be in."""
    if content.isascii():
        return content
    if encoding == UTF8:
        try:
            content.decode(UTF8)
        except UnicodeDecodeError:
            return None
        return content
    if encoding == GB18030 and any(_is_chinese_utf8(line) for line in content.split(b"\n")):
        return None
    try:
        return content.decode(encoding).encode(UTF8)
    except UnicodeDecodeError:
        return None


def _all_at_once(content: bytes) -> pd.DataFrame:
    header = next(csv.reader(io.StringIO(content.partition(b"\n")[0].decode(UTF8))), [])
    if content.count(b'"', 0, content.find(b"\n")) % 2 or not header:
        raise pa.ArrowInvalid("no header in one line")
    names = [name.strip() for name in header]
    table = pa_csv.read_csv(
        io.BytesIO(content),
        pa_csv.ReadOptions(column_names=[str(i) for i in range(len(names))], skip_rows=1),
        pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        pa_csv.ConvertOptions(
            column_types={str(i): pa.string() for i in range(len(names))},
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    frame = arrow_frame(table.rename_columns(names))
    blank = frame.iloc[:, 0].isna()
    if blank.any():
        blank &= frame.isna().all(axis=1)
    return frame[~blank] if blank.any() else frame


@dataclass(frozen=True)
class _Line:
    """A line of a file, decoded as well as it can be, and the encoding that did it."""

    text: str
    encoding: str


def _line(content: bytes, encoding: str) -> _Line:
    if content.isascii():
        return _Line(content.decode("ascii"), "ascii")
    guesses = [encoding, UTF8, GB18030]
    if encoding == GB18030 and _is_chinese_utf8(content):
        guesses = [UTF8]
    for guess in guesses:
        try:
            return _Line(content.decode(guess), guess)
        except UnicodeDecodeError:
            continue
    return _Line(content.decode(encoding, "replace"), "unknown")


def _is_chinese_utf8(line: bytes) -> bool:
    """Whether a line is Chinese in UTF-8; GB18030 text almost never passes for that."""
    if line.isascii():
        return False
    try:
        return any("\u3000" <= letter <= "\u9fff" for letter in line.decode(UTF8))
    except UnicodeDecodeError:
        return False


def _row_by_row(content: bytes, file: str, encoding: str) -> Read:
    lines = [_line(line, encoding) for line in content.split(b"\n")]
    used = {line.encoding for line in lines} - {"ascii"}
    reader = csv.reader(io.StringIO("\n".join(line.text for line in lines), newline=""))
    problems: list[Problem] = []
    numbers: list[int] = []
    rows: list[list[str | None]] = []
    header: list[str] = []
    begin = 0
    try:
        for number, cells in enumerate(reader, start=1):
            foreign = {line.encoding for line in lines[begin : reader.line_num]}
            foreign -= {"ascii", encoding}
            begin = reader.line_num
            if number < FIRST_ROW:
                header = [name.strip() for name in cells]
                if foreign:
                    return unreadable(
                        file, f"header {_looks_like(foreign)}", _advice(used, encoding)
                    )
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if foreign:
                found, expected = _looks_like(foreign), _advice(used, encoding)
                problems.append(Problem(file, number, None, found, expected))
            if len(cells) != len(header):
                found, expected = f"{len(cells)} values", f"{len(header)}, as the header has"
                problems.append(Problem(file, number, None, found, expected))
            numbers.append(number)
            rows.append(_fitted(cells, len(header)))
    except csv.Error as error:
        return unreadable(file, f"row {len(numbers) + FIRST_ROW}: {error}", "a CSV file")
    if not header:
        return unreadable(file, "no header", "a first row with the column names")
    frame = pd.DataFrame(rows, columns=header, dtype="str")
    frame.index = pd.Index(numbers, dtype="int64")
    return Read(frame, tuple(problems))


def _fitted(cells: Sequence[str], width: int) -> list[str | None]:
    return [cell or None for cell in [*cells, *[""] * width][:width]]


def _looks_like(encodings: set[str]) -> str:
    if encodings == {GB18030}:
        return "not in UTF-8, it looks like GB18030"
    if encodings == {UTF8}:
        return "in UTF-8, in a file read as GB18030"
    return "in no encoding we know"


def _advice(used: set[str], encoding: str) -> str:
    if used == {GB18030} and encoding == UTF8:
        return f"UTF-8; if the whole file is GB18030, {_ACCEPT}"
    if UTF8 in used and GB18030 in used:
        return "one encoding in the whole file: this one mixes UTF-8 and GB18030, save it as UTF-8"
    return f"text in {encoding}"
