"""Unit parsers: what foreign exports write ("1.2w", "46分38秒", "0.15%") as plain numbers.

Every parser takes one text and returns one number, or raises ValueError saying what was expected.
None of them guesses: a range ("1-5%", "1w-2.5w") is refused, because its midpoint is not a fact.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

MISSING_MARKS = frozenset({"", "-", "--", "---", "—", "——", "–", "/", "n/a", "N/A", "NA"})

_UNITS = {"": 1, "k": 10**3, "千": 10**3, "w": 10**4, "万": 10**4, "亿": 10**8}
_NUMBER = r"[+-]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?"
_PLAIN = re.compile(rf"[¥￥]?\s*({_NUMBER})\s*元?")
_WAN = re.compile(rf"[¥￥]?\s*({_NUMBER})\s*([kKwW千万亿]?)\s*元?")
_PERCENT = re.compile(rf"({_NUMBER})\s*[%％]")
_DURATION = re.compile(
    r"(?:(\d+)\s*天)?\s*(?:(\d+)\s*(?:小时|时))?\s*(?:(\d+)\s*(?:分钟|分))?\s*(?:(\d+)\s*秒)?"
)
_CLOCK = re.compile(r"(\d+):([0-5]\d):([0-5]\d)")
_RANGE = re.compile(
    r"\d\s*[kKwW千万亿%％]?\s*(?:[-~–—～至]|\bto\b)\s*[+]?\d|^\s*[<>≥≤]|\d\S*\+$|以上|以下"
)


def is_missing(text: object) -> bool:
    """Whether the cell holds no value: empty, null, or one of the marks exports write for that.

    >>> is_missing(" -- "), is_missing(None), is_missing("0")
    (True, True, False)
    """
    return text is None or bool(pd.isna(text)) or str(text).strip() in MISSING_MARKS  # type: ignore[call-overload]  # any scalar is meant


def number(text: str) -> float:
    """A plain number, with or without thousands separators and a yuan sign.

    >>> number("1,234.5"), number("¥99")
    (1234.5, 99.0)
    >>> number("12,34")
    Traceback (most recent call last):
    ValueError: '12,34' is not a number such as 1,234.5
    """
    match = _PLAIN.fullmatch(_one_value(text))
    if match is None:
        raise ValueError(f"'{text}' is not a number such as 1,234.5")
    return float(_digits(match[1]))


def wan(text: str) -> float:
    """A number with a Chinese unit: k and 千 (10^3), w and 万 (10^4), 亿 (10^8), or none.

    >>> wan("1.2w"), wan("1.2万"), wan("3亿"), wan("1,234")
    (12000.0, 12000.0, 300000000.0, 1234.0)
    """
    match = _WAN.fullmatch(_one_value(text))
    if match is None:
        raise ValueError(f"'{text}' is not a number such as 1.2w, 3.4万 or 1亿")
    digits, unit = match[1], match[2].lower()
    return round(float(_digits(digits)) * _UNITS[unit], 4)


def percent(text: str) -> float:
    """A percentage as a share.

    >>> percent("0.15%"), percent("120%")
    (0.0015, 1.2)
    """
    match = _PERCENT.fullmatch(_one_value(text))
    if match is None:
        raise ValueError(f"'{text}' is not a percentage such as 0.15%")
    return round(float(_digits(match[1])) / 100, 12)


def duration_seconds(text: str) -> int:
    """A duration in whole seconds, written in Chinese units or as hours:minutes:seconds.

    >>> duration_seconds("13小时46分钟38秒"), duration_seconds("58秒"), duration_seconds("01:02:03")
    (49598, 58, 3723)
    """
    written = text.strip()
    clock = _CLOCK.fullmatch(written)
    if clock is not None:
        hours, minutes, seconds = (int(part) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds
    match = _DURATION.fullmatch(written)
    if match is None or not any(match.groups()):
        raise ValueError(f"'{text}' is not a duration such as 13小时46分钟38秒")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return days * 86400 + hours * 3600 + minutes * 60 + seconds


PARSERS: Mapping[str, Callable[[str], float]] = {
    "number": number,
    "wan": wan,
    "percent": percent,
    "duration": duration_seconds,
}
"""What a mapping may name after `parse =`."""


@dataclass(frozen=True)
class Parsed:
    """A parsed column and the reason each refused cell was refused, both by row number."""

    values: pd.Series
    refused: Mapping[int, str]


def parse_column(column: pd.Series, parse: Callable[[str], float]) -> Parsed:
    """Every cell parsed, each distinct text once; missing marks and refused cells become NaN."""
    known: dict[object, float] = {}
    reasons: dict[object, str] = {}
    for text in column.unique():
        if is_missing(text):
            known[text] = float("nan")
            continue
        try:
            known[text] = parse(str(text))
        except ValueError as error:
            known[text] = float("nan")
            reasons[text] = str(error)
    values = pd.Series(
        [known[text] if text in known else float("nan") for text in column],
        index=column.index,
        dtype="float64",
    )
    refused = {row: reasons[text] for row, text in column.items() if text in reasons}
    return Parsed(values, refused)  # type: ignore[arg-type]  # rows are numbered by ints


def _one_value(text: str) -> str:
    written = text.strip()
    if _RANGE.search(written):
        raise ValueError(
            f"'{text}' is a range, not one value, and its midpoint would be a guess: "
            "export the exact figure or leave the column out"
        )
    return written


def _digits(text: str) -> str:
    return text.replace(",", "").replace("，", "")
