"""The quadrant chart: whole without anything from elsewhere, whatever names there are."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from models.diagnoses.remedies import Remedy
from models.matrix.matrix import build_matrix
from models.versions import history
from pipelines.publish import publish
from serving.diagnosis import BrandDiagnosis, diagnosed, tried
from serving.diagnosis_chart import chart_svg
from serving.diagnosis_page import chart_html
from serving.diagnosis_points import points
from serving.diagnosis_table import diagnosis_table, history_table
from serving.state.database import open_state
from serving.state.remedies import RemedyLog
from tests.matrices import BRANDS, CREATORS, manifest, rows, small_matrix

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[RemedyLog]:
    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    yield RemedyLog(engine)
    engine.dispose()


def printed(what: object, width: int = 120) -> str:
    console = Console(width=width, highlight=False)
    with console.capture() as caught:
        console.print(what)
    return caught.get()


def test_every_creator_with_a_benchmark_is_a_point(log: RemedyLog) -> None:
    told = diagnosed(small_matrix(), log, "acme")
    drawing = ElementTree.fromstring(chart_svg(told))
    marks = [g for g in drawing.iter(f"{SVG}g") if g.get("class") == "point"]
    assert {mark.get("data-name") for mark in marks} == {"李佳", "王芳芳", "Wei", "c4"}
    words = "".join(drawing.itertext())
    for name in ("core contributor", "rising star", "mend", "product, then pitch"):
        assert name in words
    assert "core contributor: 1 met, 0 new" in words


def test_a_point_stands_where_its_ratios_are(log: RemedyLog) -> None:
    told = diagnosed(small_matrix(), log, "acme")
    first = points(told.rows)[0]
    # conversion .03 to .12 against .04: middle .06; impressions 5,000 to 20,000 against 2,000
    assert (first.x, first.y) == pytest.approx((np.log10(5), np.log10(1.5)), abs=1e-6)
    assert first.y_ends == pytest.approx((np.log10(0.75), np.log10(3)), abs=1e-6)


def test_a_creator_alone_stands_inside_with_both_its_intervals(log: RemedyLog) -> None:
    times = np.array([20, 1, 1, 1, 1])  # 100 times the benchmark: beyond the edge of many
    shown = ("impressions", "impressions_lo80", "impressions_hi80")
    far = rows().assign(**{name: rows()[name].to_numpy(float) * times for name in shown})
    told = diagnosed(small_matrix(far), log, "acme", creator_id="c1")
    (mark,) = (g for g in ElementTree.fromstring(chart_svg(told)).iter(f"{SVG}g"))
    bars = mark.findall(f"{SVG}path")[0].get("d") or ""
    left, y, right, x, low, top = (float(number) for number in re.findall(r"[\d.]+", bars))
    assert 512 < left < x < right < 954  # the benchmark stands at 512, the edge at 954
    assert 92 < top < y < low < 608


def test_neither_file_loads_anything(log: RemedyLog) -> None:
    told = diagnosed(small_matrix(), log, "acme")
    for text in (chart_svg(told), chart_html(told)):
        addresses = re.findall(r"(?:https?:)?//[^\s\"'<>]+", text)
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}


def test_names_cannot_break_out_of_the_page(log: RemedyLog) -> None:
    creators = CREATORS.assign(name='</title><script>alert("x")</script>')
    matrix = build_matrix(rows(), BRANDS, creators, manifest())
    told = diagnosed(matrix, log, "acme")
    ElementTree.fromstring(chart_svg(told))
    assert chart_html(told).count("<script>") == 1


def test_without_a_benchmark_the_chart_says_why(log: RemedyLog) -> None:
    frame = rows().assign(benchmark_rate=np.nan, p_above_benchmark=np.nan)
    why = {"benchmark_rate": "no sessions of other merchants to take a benchmark from"}
    told = diagnosed(small_matrix(frame, null_columns=why), log, "acme")
    assert points(told.rows) == []
    assert "no sessions of other merchants" in chart_svg(told)


def test_unknown_traffic_still_shows_conversion(log: RemedyLog) -> None:
    frame = rows().assign(benchmark_impressions=np.nan)
    told = diagnosed(small_matrix(frame), log, "acme")
    assert {point.x for point in points(told.rows)} == {0.0}


def test_a_brand_without_creators_has_an_empty_chart(log: RemedyLog) -> None:
    told = diagnosed(small_matrix(), log, "quiet")
    ElementTree.fromstring(chart_svg(told))
    assert "No creator was scored" in printed(diagnosis_table(told))


def test_the_table_tells_both_benchmarks_and_what_to_do(log: RemedyLog) -> None:
    matrix = small_matrix()
    tried(matrix, log, "acme", "c3", "product", who="li")
    told: BrandDiagnosis = diagnosed(matrix, log, "acme")
    text = printed(diagnosis_table(told))
    assert "core contributor 1 met, 0 new" in text
    assert re.search(r"c1 李佳 +core contributor +6% +3-12% +4% +90% +5% +75%", text)
    text = " ".join(text.split())
    assert "waiting; tried product; look again from 2026-05-22; next pitch" in text
    assert "field sessions of merchants of the same industry and tier" in text
    assert "there is no benchmark to compare conversion with" in text


def test_the_table_says_that_a_rising_star_is_a_quadrant_and_not_growth(log: RemedyLog) -> None:
    text = " ".join(printed(diagnosis_table(diagnosed(small_matrix(), log, "acme"))).split())
    assert "rising star: the quadrant of high conversion and few impressions" in text
    assert "'alliance rising' tells" in text


def test_the_history_of_a_pair_has_every_version_and_move(tmp_path: Path, log: RemedyLog) -> None:
    publish(small_matrix(), tmp_path / "matrix")
    matrix = small_matrix()
    remedy = tried(matrix, log, "acme", "c3", "product", who="li", note="换成面膜")
    text = printed(history_table(history(tmp_path / "matrix", "acme", "c3"), remedy))
    assert re.search(r"2026-05-02 2026-05-02-\w+ mend +2%", text)
    assert "2026-05-02 tried product (li): look again in 20 days" in text
    assert "换成面膜" in text
    assert "remedy" not in printed(history_table([], Remedy()))


def test_many_creators_stay_a_small_file(log: RemedyLog) -> None:
    n = 400
    one = rows().iloc[[0]]
    frame = pd.concat([one] * n, ignore_index=True).assign(
        creator_id=[f"c{i:03d}" for i in range(n)]
    )
    creators = CREATORS.iloc[[0]].loc[[0] * n].assign(creator_id=frame["creator_id"].to_numpy())
    matrix = build_matrix(frame, BRANDS, creators, manifest())
    assert len(chart_svg(diagnosed(matrix, log, "acme"))) < 500_000
