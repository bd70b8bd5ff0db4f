"""The quadrant chart of a diagnosis: impressions against conversion, as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import log10
from typing import Final

from models.matrix.diagnosis import CORE_CONTRIBUTOR, MEND, NOT_ENOUGH_DATA, QUADRANTS, RISING_STAR
from serving.diagnosis import BrandDiagnosis
from serving.diagnosis_points import Point, name_of, points, tip
from serving.picture import HALO

WIDTH, HEIGHT = 980, 700
LEFT, RIGHT, TOP, BOTTOM = 70, 26, 92, 92
FURTHEST: Final = 1.6
"""log10 of the largest ratio drawn among many; what lies beyond stands at the edge."""
FEW: Final = 5
"""So few are drawn with room for each, however far, and for their intervals."""
NEAREST: Final = 0.35
LABELLED: Final = 24
FONT: Final = (
    "system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei','Source Han Sans SC',sans-serif"
)
COLOURS: Final = {
    CORE_CONTRIBUTOR: "#00795c",
    RISING_STAR: "#0063a8",
    MEND: "#c44e00",
    NOT_ENOUGH_DATA: "#6f6f6f",
}
"""Dark tones of Okabe and Ito's colours, which the colour-blind tell apart; shapes differ too."""
READING: Final = (
    "Filled: worked together, with 80 % intervals. Hollow: new. Fainter: less sure on which side.",
    "A quadrant is decided by probability: high from .8, low to .2; place shows the likeliest.",
)
REGIONS: Final = (
    (1, 1, CORE_CONTRIBUTOR, "strengthen the tie"),
    (0, 1, RISING_STAR, "more sessions; deepen if impressions grow"),
    (0, 0, MEND, "product, then pitch, then live offer"),
    (1, 0, MEND, "product, then pitch, then live offer"),
)
TICKS: Final = (0.001, 0.01, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 100, 1000)
FINE_TICKS: Final = (0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.6, 2, 2.5, 3)
"""Where nothing lies further than four times from the benchmark."""


@dataclass(frozen=True)
class _Scale:
    """From ratios to the drawing."""

    x_most: float
    y_most: float

    @classmethod
    def of(cls, drawn: Sequence[Point]) -> "_Scale":
        few = len(drawn) <= FEW

        def most(middles: list[float], ends: list[tuple[float, float]]) -> float:
            values = [*middles, *(end for two in ends for end in two)] if few else middles
            furthest = max([NEAREST, *(abs(value) * 1.12 for value in values)])
            return furthest if few else min(furthest, FURTHEST)

        return cls(
            most([p.x for p in drawn], [p.x_ends for p in drawn]),
            most([p.y for p in drawn], [p.y_ends for p in drawn]),
        )

    def x(self, value: float) -> float:
        inside = max(-self.x_most, min(self.x_most, value))
        return LEFT + (inside / self.x_most + 1) / 2 * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        inside = max(-self.y_most, min(self.y_most, value))
        return HEIGHT - BOTTOM - (inside / self.y_most + 1) / 2 * (HEIGHT - TOP - BOTTOM)


def chart_svg(told: BrandDiagnosis) -> str:
    """The chart as one SVG that refers to nothing else."""
    drawn = points(told.rows)
    scale = _Scale.of(drawn)
    ordered = sorted(drawn, key=lambda p: (p.row.diagnosis.met, p.sure))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title" '
        f'font-family="{escape(FONT)}">',
        f'<title id="title">{escape(heading(told))}</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_frame(scale),
        *(_mark(point, scale) for point in ordered),
        *_regions(),
        *_labels(ordered[::-1], scale),
        *_captions(told, drawn),
        "</svg>",
    ]
    return "\n".join(parts)


def heading(told: BrandDiagnosis) -> str:
    brand = f"{told.brand_name} ({told.brand_id})" if told.brand_name else told.brand_id
    if told.product_id is None:
        return f"Diagnosis of {brand}"
    return f"Diagnosis of {brand}, {told.product_title or told.product_id}"


def _frame(scale: _Scale) -> list[str]:
    right, low = WIDTH - RIGHT, HEIGHT - BOTTOM
    middle_x, middle_y = scale.x(0), scale.y(0)
    parts = []
    for at_right, at_top, name, _ in REGIONS:
        x, y = (middle_x if at_right else LEFT), (TOP if at_top else middle_y)
        width = (right - middle_x) if at_right else (middle_x - LEFT)
        height = (middle_y - TOP) if at_top else (low - middle_y)
        colour = COLOURS[name]
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'fill="{colour}" fill-opacity="0.05"/>'
        )
    for ratio in _ticks(scale.x_most):
        x = scale.x(log10(ratio))
        parts.append(f'<path d="M{x:.1f} {TOP}V{low}"{_weight(ratio)}/>')
        parts.append(_text(x, low + 17, f"×{ratio:g}", 11.5, "middle", "#444"))
    for ratio in _ticks(scale.y_most):
        y = scale.y(log10(ratio))
        parts.append(f'<path d="M{LEFT} {y:.1f}H{right}"{_weight(ratio)}/>')
        parts.append(_text(LEFT - 7, y + 4, f"×{ratio:g}", 11.5, "end", "#444"))
    return parts


def _ticks(most: float) -> list[float]:
    ticks = FINE_TICKS if most < log10(4) else TICKS
    return [ratio for ratio in ticks if abs(log10(ratio)) <= most]


def _weight(ratio: float) -> str:
    return ' stroke="#444" stroke-width="1.2"' if ratio == 1 else ' stroke="#e3e3e0"'


def _regions() -> list[str]:
    """The names of the quadrants, in their corners."""
    parts = []
    for at_right, at_top, name, rule in REGIONS:
        anchor, x = ("end", WIDTH - RIGHT - 8) if at_right else ("start", LEFT + 8)
        y = TOP + 20 if at_top else HEIGHT - BOTTOM - 24
        parts.append(
            f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{COLOURS[name]}" {HALO}>'
            f'<tspan font-size="14" font-weight="600">{name}</tspan>'
            f'<tspan x="{x}" dy="16" font-size="11.5">{escape(rule)}</tspan></text>'
        )
    return parts


def _text(x: float, y: float, words: str, size: float, anchor: str, colour: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{colour}" {HALO}>{escape(words)}</text>'
    )


def _mark(point: Point, scale: _Scale) -> str:
    told = point.row.diagnosis
    x, y, colour = scale.x(point.x), scale.y(point.y), COLOURS[told.quadrant]
    size = 6.5 if told.met else 4.5
    opacity = 0.3 + 0.6 * point.sure
    fill = f'fill="{colour}"' if told.met else 'fill="#fff"'
    bars = ""
    if told.met:
        bars = (
            f'<path d="M{scale.x(point.x_ends[0]):.1f} {y:.1f}H{scale.x(point.x_ends[1]):.1f}'
            f'M{x:.1f} {scale.y(point.y_ends[0]):.1f}V{scale.y(point.y_ends[1]):.1f}" '
            f'stroke="{colour}" stroke-width="0.8" stroke-opacity="{opacity * 0.4:.2f}"/>'
        )
    quadrant = QUADRANTS.index(told.quadrant)
    return (
        f'<g class="point" data-q="{quadrant}" data-name="{escape(name_of(point.row))}">'
        f"<title>{escape(tip(point.row))}</title>{bars}"
        f'<path d="{_shape(told.quadrant, x, y, size)}" {fill} stroke="{colour}" '
        f'stroke-width="1.3" fill-opacity="{opacity:.2f}" stroke-opacity="{opacity:.2f}"/></g>'
    )


def _shape(quadrant: str, x: float, y: float, r: float) -> str:
    """A circle, a triangle, a square or a diamond."""
    if quadrant == CORE_CONTRIBUTOR:
        return f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
    if quadrant == RISING_STAR:
        return f"M{x:.1f} {y - 1.2 * r:.1f}l{1.1 * r:.1f} {2 * r:.1f}h{-2.2 * r:.1f}z"
    if quadrant == MEND:
        s = 0.9 * r
        return f"M{x - s:.1f} {y - s:.1f}h{2 * s:.1f}v{2 * s:.1f}h{-2 * s:.1f}z"
    d = 1.1 * r
    return f"M{x:.1f} {y - d:.1f}l{d:.1f} {d:.1f}l{-d:.1f} {d:.1f}l{-d:.1f} {-d:.1f}z"


def _labels(ordered: Sequence[Point], scale: _Scale) -> list[str]:
    """Names beside the first points that have room for one."""
    marks = [(scale.x(p.x), scale.y(p.y)) for p in ordered]
    taken: list[tuple[float, float, float, float]] = []
    parts: list[str] = []
    lift = 12 if len(ordered) <= FEW else 0  # above the intervals, where there is room
    for point, (x, y) in zip(ordered, marks, strict=True):
        if len(parts) == LABELLED:
            break
        name = name_of(point.row)
        wide = sum(12.0 if ord(letter) > 0x2E80 else 6.4 for letter in name)
        for left, anchor, at in ((x + 9, "start", x + 9), (x - 9 - wide, "end", x - 9)):
            box = (left, y - lift - 7, left + wide, y - lift + 7)
            inside = left > LEFT and left + wide < WIDTH - RIGHT
            free = all(_apart(box, other) for other in taken)
            clear = not any(
                box[0] - 5 < u < box[2] + 5 and box[1] - 3 < v < box[3] + 3
                for u, v in marks
                if (u, v) != (x, y)
            )
            corner = y < TOP + 44 or y > HEIGHT - BOTTOM - 44
            if inside and free and clear and not corner:
                taken.append(box)
                parts.append(_text(at, y - lift + 4, name, 12, anchor, "#222"))
                break
    return parts


def _apart(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]


def _captions(told: BrandDiagnosis, drawn: Sequence[Point]) -> list[str]:
    low = HEIGHT - BOTTOM
    named = sorted({p.row.diagnosis.benchmark_level or "" for p in drawn} - {""})
    against = f"benchmark: {', '.join(named) or 'none'}"
    under = (
        f"{len(drawn):,} of {told.candidates:,} creators · {against} · matrix "
        f"{told.matrix_version}, sessions before {told.as_of}"
    )
    parts = [
        _text(LEFT, 26, heading(told), 18, "start", "#111"),
        _text(LEFT, 45, under, 12, "start", "#555"),
        _text(
            (LEFT + WIDTH - RIGHT) / 2,
            low + 38,
            "impressions of a product in one session, against the benchmark",
            12.5,
            "middle",
            "#222",
        ),
        f'<text transform="translate(22 {(TOP + low) / 2:.0f}) rotate(-90)" font-size="12.5" '
        'text-anchor="middle" fill="#222">conversion, against the benchmark</text>',
        *(
            _text(LEFT, HEIGHT - 28 + 16 * line, words, 11.5, "start", "#555")
            for line, words in enumerate(READING)
        ),
    ]
    x = float(LEFT)
    for count in told.counts:
        name = count.quadrant.replace("_", " ")
        words = f"{name}: {count.met:,} met, {count.new:,} new"
        colour = COLOURS[count.quadrant]
        parts.append(
            f'<path d="{_shape(count.quadrant, x + 6, 66, 6)}" fill="{colour}" stroke="{colour}"/>'
        )
        parts.append(_text(x + 18, 70, words, 12, "start", "#222"))
        x += 36 + 6.7 * len(words)
    if not drawn:
        why = next(iter(told.null_columns.values()), "no creator was scored for this brand")
        middle = (LEFT + WIDTH - RIGHT) / 2
        words = f"Nothing can be held against a benchmark: {why}."
        parts.append(_text(middle, (TOP + low) / 2 - 14, words, 14, "middle", "#222"))
    return parts
