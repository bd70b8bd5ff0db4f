"""The model card: what a manager reads first, what an engineer finds below, and no address."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from models.matrix.files import current_version
from pipelines.home import Home
from pipelines.score import score
from pipelines.tracking import Tracking
from pipelines.train import TrainReport, train
from tests.pipelines.worlds import QUICK, QUICK_SCORE, little_world, stored

VOID = {"meta", "link", "br", "circle", "path", "polyline"}


class Balanced(HTMLParser):
    """Raises where a tag is closed that was not opened last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        assert tag in VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, TrainReport]:
    tables = dict(little_world(returns=False).tables)
    tables["products"] = tables["products"].assign(category="美妆 & 个护")
    home = stored(tables, tmp_path_factory.mktemp("card"))
    return home, train(home, QUICK)


@pytest.fixture(scope="module")
def page(trained: tuple[Home, TrainReport]) -> str:
    return trained[1].card.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def words(trained: tuple[Home, TrainReport]) -> str:
    return trained[1].card.with_name("model-card.md").read_text(encoding="utf-8")


def first_screen(words: str) -> str:
    return words.partition("\n## ")[0]


def test_the_card_lies_beside_the_model_in_the_run(trained: tuple[Home, TrainReport]) -> None:
    home, report = trained
    champion = Tracking(home.mlflow_uri, home.artifacts).champion()
    assert report.card == champion.folder.parent / "model_card" / "model-card.html"
    assert report.as_dict()["model_card"] == str(report.card)


def test_the_first_screen_says_what_was_learned_from_how_good_it_is_and_what_lacks(
    words: str,
) -> None:
    first = first_screen(words)
    assert re.search(
        r"Learned from: [\d,]+ sessions, 2024-11-\d\d to 2025-02-\d\d, 5 brands", first
    )
    assert "Missing from the source: no returns: return rates and net GMV are not forecast" in first
    assert "Possible leaks: the vectors of" in first
    assert "| conversion of a product (orders / clicks) |" in first
    assert re.search(r"(better than|worse than|about as good as) ", first)
    assert "it had not learned from" in first


def test_every_part_that_a_reader_may_look_for_is_there(words: str) -> None:
    for part in (
        "What it is for",
        "What it learned from",
        "What the source lacks",
        "Possible leaks",
        "How good it is",
        "Calibration",
        "What the forecasts rest on",
        "Limits",
        "For engineers",
    ):
        assert f"\n## {part}\n" in words


def test_slices_baselines_settings_and_fingerprints_are_told(
    trained: tuple[Home, TrainReport], words: str
) -> None:
    for told in ("cold creators", "new pairs", "pair-rate", "random\\_state", "lightgbm"):
        assert told in words
    assert "| category 美妆 & 个护 |" in words
    assert "extrapolated" in words
    assert "Short history: it learned from 1 window(s)" in words
    assert trained[1].version in words


def test_the_page_is_whole_and_refers_to_nothing_outside_itself(page: str) -> None:
    reader = Balanced()
    reader.feed(page)
    assert reader.open == []
    assert not re.search(r"(src|href)=\"(?!#|data:,)", page)
    assert "http" not in page
    assert "美妆 &amp; 个护" in page
    assert page.count("<svg") == 3  # conversion, click-through, impressions
    assert "{" not in page.partition("</style>")[2], "no template is left unfilled"


def test_equal_facts_give_an_equal_card(trained: tuple[Home, TrainReport], tmp_path: Path) -> None:
    tables = dict(little_world(returns=False).tables)
    tables["products"] = tables["products"].assign(category="美妆 & 个护")
    again = train(stored(tables, tmp_path), QUICK)
    assert again.card.read_bytes() == trained[1].card.read_bytes()


def test_a_matrix_is_published_with_the_card_of_its_model(
    trained: tuple[Home, TrainReport], page: str
) -> None:
    home = trained[0]
    score(home, QUICK_SCORE)
    published = home.matrix / current_version(home.matrix) / "model-card.html"
    assert published.read_text(encoding="utf-8") == page


def test_a_source_without_sessions_has_a_card_that_says_so(tmp_path: Path) -> None:
    report = train(stored(little_world(products=False).tables, tmp_path), QUICK)
    words = report.card.with_name("model-card.md").read_text(encoding="utf-8")
    assert re.search(r"Learned from: [\d,]+ records of collaborations, 20\d\d-.*, 5 brands", words)
    assert "No lines of products per session" in words
    assert "Nothing that a session sells could be judged" in words
