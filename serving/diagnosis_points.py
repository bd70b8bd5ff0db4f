"""Creators of a diagnosis as points: their ratios to the benchmarks, and what is told of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10, sqrt

from models.shortlists.rows import Estimate
from serving.diagnosis import Diagnosed
from serving.remedy_words import remedy_words
from serving.words import amount, percent, probability


@dataclass(frozen=True)
class Point:
    """One creator: log10 of its ratios to the benchmarks, with their 80 % intervals."""

    row: Diagnosed
    x: float
    y: float
    x_ends: tuple[float, float]
    y_ends: tuple[float, float]

    @property
    def sure(self) -> float:
        """0 where conversion may as well be above as below, 1 where it is certain."""
        p = self.row.diagnosis.p_above_benchmark
        return 0.0 if p is None else abs(2 * p - 1)


def points(rows: Sequence[Diagnosed]) -> list[Point]:
    """Of those whose conversion can be held against a benchmark; unknown traffic stands at 1."""
    found = []
    for row in rows:
        told = row.diagnosis
        y = _ratios(told.conversion, told.benchmark_rate)
        if y is None:
            continue
        x = _ratios(told.impressions, told.benchmark_impressions) or (0.0, 0.0, 0.0)
        found.append(Point(row, x[0], y[0], x[1:], y[1:]))
    return found


def _ratios(value: Estimate | None, benchmark: float | None) -> tuple[float, float, float] | None:
    """log10 of the middle of the interval, and of its ends, over the benchmark."""
    if value is None or not benchmark or value.mean <= 0:
        return None
    low, high = value.lo80 or value.mean, value.hi80 or value.mean
    return tuple(log10(part / benchmark) for part in (sqrt(low * high), low, high))  # type: ignore[return-value]  # three in, three out


def name_of(row: Diagnosed) -> str:
    return row.diagnosis.creator_name or row.diagnosis.creator_id


def tip(row: Diagnosed) -> str:
    """What is told of a creator when it is pointed at, line by line."""
    told, remedy = row.diagnosis, row.remedy
    name = f"{told.creator_name} ({told.creator_id})" if told.creator_name else told.creator_id
    lines = [
        f"{name}{'' if told.met else ', new'}: {told.quadrant.replace('_', ' ')}",
        f"conversion {_range(told.conversion, rate=True)}, benchmark "
        f"{percent(told.benchmark_rate)}, P(above) {probability(told.p_above_benchmark)}",
        f"peer creators {percent(told.peer_rate)} ({told.peer_level or 'none'}), P(above) "
        f"{probability(told.p_above_peers)}",
        f"impressions {_range(told.impressions)}, benchmark "
        f"{amount(told.benchmark_impressions)}, P(above) "
        f"{probability(told.p_impressions_above_benchmark)}",
        f"{told.evidence_sessions:,} sessions together",
        told.to_settle or told.action,
    ]
    if remedy.state is not None:
        lines.append(f"remedy: {remedy_words(remedy)}")
    return "\n".join(lines)


def _range(value: Estimate | None, *, rate: bool = False) -> str:
    if value is None:
        return "not known"
    told = percent if rate else amount
    if value.lo80 is None:
        return told(value.mean)
    return f"{told(value.mean)} ({told(value.lo80)} to {told(value.hi80)})"
