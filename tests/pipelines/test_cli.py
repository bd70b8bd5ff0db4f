"""The command line: its help, its exit codes, what it prints and where."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pipelines.demo
import pipelines.train
from experiments.world.settings import WorldSettings
from pipelines import publish as publishing
from pipelines import store
from pipelines.cli import BUG, DONE, INTERRUPTED, NOT_READY, VERBS, WRONG_INPUT, run
from pipelines.demo import Demo
from pipelines.home import Home
from pipelines.publish import publish
from pipelines.settings import ScoreSettings, TrainSettings
from tests.matrices import small_matrix
from tests.pipelines.small_source import small_tables, with_cell, write_csv
from tests.test_layout import HEAVY, ROOT

TINY = WorldSettings(brands=3, creators=12, days=70, lines=600)
QUICK = TrainSettings(horizon_days=14, windows=1, return_days=14, embedding_size=4, num_threads=1)
EVERY = [[verb] for verb in VERBS] + [["export", "matrix"], ["export", "shortlist"]]


@dataclass(frozen=True)
class Said:
    """What a command line gave: its exit code and what it wrote to the two outputs."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        answer = json.loads(self.out)
        assert isinstance(answer, dict)
        return answer


class Alliance:
    """Runs `alliance` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str | Path) -> Said:
        self.capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        told = self.capsys.readouterr()
        return Said(code, told.out, told.err)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("ALLIANCE_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


@pytest.fixture
def alliance(capsys: pytest.CaptureFixture[str], home: Home) -> Alliance:
    return Alliance(capsys)


@pytest.fixture
def published(home: Home) -> str:
    """A home in which the small matrix is published; its version."""
    return publish(small_matrix(), home.matrix)


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    return write_csv(small_tables(), tmp_path / "sales")


# Help


def test_help_of_every_verb_teaches_without_importing_anything_heavy() -> None:
    program = (
        "import sys\nfrom pipelines.cli import run\n"
        f"codes = [run([*verb, '--help']) for verb in {EVERY!r}]\n"
        f"print(codes, [name for name in {HEAVY!r} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert told.stdout.splitlines()[-1] == f"{[DONE] * len(EVERY)} []"
    assert told.stderr == ""


@pytest.mark.parametrize("verb", EVERY, ids=" ".join)
def test_every_verb_says_in_a_sentence_what_it_does(
    verb: Sequence[str], alliance: Alliance
) -> None:
    told = alliance(*verb, "--help")
    assert told.code == DONE
    assert told.out.startswith(f"Usage: alliance {' '.join(verb)}")
    assert told.out.split("\n\n")[1].strip().endswith((".", "ending."))


@pytest.mark.parametrize(
    ("verb", "example"),
    [
        ("world", "alliance world small-world"),
        ("ingest", "alliance ingest exports/2026 --mapping ours.toml --quarantine"),
        ("shortlist", "alliance shortlist b0001 -k 10 --objective conversion"),
        ("serve", "/v1/brands/b0001/shortlist?k=5"),
    ],
)
def test_verbs_with_many_options_show_an_example(
    verb: str, example: str, alliance: Alliance
) -> None:
    assert example in alliance(verb, "--help").out


def test_commands_are_listed_in_the_order_they_are_used(alliance: Alliance) -> None:
    listed = alliance("--help").out.split("in the order they are used:")[1]
    found = [line.split()[0] for line in listed.splitlines() if line[2:3].strip()]
    assert found == list(VERBS)


def test_without_a_command_the_help_is_shown(alliance: Alliance) -> None:
    told = alliance()
    assert told.code == WRONG_INPUT
    assert "A first run:" in told.out + told.err


# Exit codes and sentences


def test_an_unknown_command_suggests_the_one_that_was_meant(alliance: Alliance) -> None:
    told = alliance("shortlits", "b0001")
    assert told.code == WRONG_INPUT
    assert "No such command 'shortlits'. Did you mean 'shortlist'?" in told.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("train",), "NoFacts: There are no facts yet: run 'alliance ingest SOURCE' first"),
        (("score",), "NoFacts: There are no facts yet: run 'alliance ingest SOURCE' first"),
        (("evaluate",), "NoFacts: There are no facts yet: run 'alliance ingest SOURCE' first"),
        (("shortlist", "b1"), "NoMatrix: No matrix was published"),
        (("export", "matrix", "m.csv"), "Run 'alliance score' (after 'alliance ingest' and"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_step_too_early_names_the_step_before_it(
    arguments: Sequence[str], sentence: str, alliance: Alliance
) -> None:
    told = alliance(*arguments)
    assert told.code == NOT_READY
    assert sentence in told.err
    assert told.out == ""
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ingest", "nowhere"), "no folder 'nowhere': name a folder of CSV, Parquet or XLSX"),
        (("shortlist", "acme", "-k", "0"), "Invalid value for '-k': 0 is not in the range x>=1"),
        (
            ("shortlist", "acme", "--objective", "fame"),
            "no objective 'fame'. This matrix can rank by net_gmv",
        ),
        (("shortlist", "acme", "--objective", "profit"), "no product has a margin_rate"),
        (("train", "--as-of", "yesterday"), "'yesterday' does not match the format '%Y-%m-%d'"),
        (("train", "--horizon", "3"), "Invalid value for '--horizon': 3 is not in the range x>=7"),
        (("train", "--windows", "0"), "Invalid value for '--windows'"),
        (("world", "w", "--brands", "0"), "Invalid value for '--brands'"),
        (("world", "w", "--days", "1"), "Invalid value for '--days'"),
        (("export", "matrix", "m.foo"), "one of .parquet, .csv, .xlsx"),
        (("export", "shortlist", "acme", "list.doc"), "one of .parquet, .csv, .xlsx"),
        (("export", "matrix", "nowhere/m.csv"), "there is no folder 'nowhere'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
@pytest.mark.parametrize("as_json", [False, True], ids=["", "json"])
@pytest.mark.usefixtures("published")
def test_wrong_input_gets_a_plain_sentence(
    arguments: Sequence[str], sentence: str, as_json: bool, alliance: Alliance
) -> None:
    told = alliance(*arguments, *(["--json"] if as_json else []))
    assert told.code == WRONG_INPUT
    assert sentence in told.err
    assert "Traceback" not in told.err
    if not as_json:
        assert told.out == ""
        return
    assert sentence in told.document["message"]
    assert told.document["rows"] == []


@pytest.mark.usefixtures("home")
def test_an_export_to_another_ending_is_refused_before_anything_is_read(
    alliance: Alliance,
) -> None:
    told = alliance("export", "matrix", "x.foo")
    assert told.code == WRONG_INPUT
    assert "Cannot export to 'x.foo': the ending says the format" in told.err


@pytest.mark.usefixtures("published")
def test_an_unknown_brand_lists_those_whose_id_or_name_is_close(alliance: Alliance) -> None:
    told = alliance("shortlist", "acme-eu")
    assert told.code == WRONG_INPUT
    assert "UnknownBrand: no brand 'acme-eu' in the matrix of 2026-05-02 (4 brands)." in told.err
    assert "Close: 'acme' (Acme), 'acme-us' (Acme US)" in told.err


@pytest.mark.usefixtures("published")
def test_a_brand_like_none_gets_some_to_start_from(alliance: Alliance) -> None:
    told = alliance("shortlist", "zzzzzz")
    assert "None is close; some: 'acme' (Acme), 'acme-us' (Acme US), 'lan' (雅诗兰黛)." in told.err


@pytest.mark.usefixtures("published")
def test_a_fault_of_ours_is_said_to_be_ours(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("models.matrix_files.current", broken)
    told = alliance("shortlist", "acme", "--json")
    assert told.code == BUG
    assert "ZeroDivisionError" in told.err
    assert told.err.endswith("This is a fault of alliance itself, not of your input.\n")
    assert told.document["error"] == "ZeroDivisionError"


# Interrupted


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_an_interrupted_ingest_leaves_the_facts_as_they_were(
    alliance: Alliance, home: Home, sales: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert alliance("ingest", sales).code == DONE
    before = store.current_version(home).fingerprint
    more = write_csv(with_cell(small_tables(), "products", 2, "price", "80"), sales)
    with monkeypatch.context() as patched:
        patched.setattr(store, "_switch", interrupt)
        told = alliance("ingest", more)
    assert told.code == INTERRUPTED
    assert "Interrupted; nothing half-written is left behind." in told.err
    assert store.current_version(home).fingerprint == before
    assert alliance("ingest", more).code == DONE
    assert store.current_version(home).fingerprint != before
    assert not (home.facts / ".building").exists()


def test_an_interrupted_publication_leaves_the_matrix_as_it_was(
    alliance: Alliance, home: Home, published: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "_put", interrupt)
        with pytest.raises(KeyboardInterrupt):
            publish(small_matrix(currency="USD"), home.matrix)
    assert alliance("shortlist", "acme", "--json").document["matrix_version"] == published
    second = publish(small_matrix(currency="USD"), home.matrix)
    left = {path.name for path in home.matrix.iterdir()}
    assert left == {published, second, "CURRENT", ".lock"}


def test_an_interrupted_world_leaves_no_folder(
    alliance: Alliance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.sources.write._write", interrupt)
    assert alliance("world", tmp_path / "w", *sizes(TINY)).code == INTERRUPTED
    assert not (tmp_path / "w").exists()


def test_a_world_interrupted_after_its_truth_can_be_made_again(
    alliance: Alliance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(frame: object, path: Path, *rest: object) -> None:
        if "truth" in path.parent.name:
            path.touch()
        else:
            interrupt()

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.sources.write._write", write)
        assert alliance("world", tmp_path / "w", *sizes(TINY)).code == INTERRUPTED
    assert not (tmp_path / "w-truth").exists()
    assert alliance("world", tmp_path / "w", *sizes(TINY)).code == DONE


# World and ingest


def sizes(world: WorldSettings) -> list[str]:
    asked = {"--brands": world.brands, "--creators": world.creators}
    asked |= {"--days": world.days, "--lines": world.lines}
    return [str(word) for pair in asked.items() for word in pair]


def test_a_world_says_what_it_wrote_and_what_comes_next(alliance: Alliance, tmp_path: Path) -> None:
    folder = tmp_path / "my w"
    told = alliance("world", folder, *sizes(TINY))
    assert told.code == DONE
    assert "3 brands" in told.out
    assert told.out.endswith(f"Next: alliance ingest '{folder}'\n")
    assert "simulating the world" in told.err
    assert (tmp_path / "my w-truth").is_dir()


def test_a_world_never_overwrites_a_folder(alliance: Alliance, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    told = alliance("world", tmp_path / "mine", *sizes(TINY))
    assert told.code == WRONG_INPUT
    assert "is not empty: name a new folder." in told.err
    assert [path.name for path in tmp_path.rglob("*.*")] == ["notes.txt"]
    assert not (tmp_path / "mine-truth").exists()


def test_a_world_as_json_has_a_row_per_table(alliance: Alliance, tmp_path: Path) -> None:
    told = alliance("world", tmp_path / "w", *sizes(TINY), "--json")
    assert told.err == ""
    assert {"table": "brands", "rows": 3} in told.document["rows"]
    assert told.document["truth"] == str(tmp_path / "w-truth")


def test_an_ingest_as_json_has_a_row_per_table(alliance: Alliance, sales: Path) -> None:
    told = alliance("ingest", sales, "--json")
    assert told.err == ""
    assert {"table": "sessions", "rows": 3} in told.document["rows"]


def test_a_bad_folder_as_json_lists_every_problem(alliance: Alliance, tmp_path: Path) -> None:
    tables = with_cell(small_tables(), "session_products", 2, "gmv", "-995")
    tables = with_cell(tables, "products", 3, "price", "ninety")
    told = alliance("ingest", write_csv(tables, tmp_path / "bad"), "--json")
    assert told.code == WRONG_INPUT
    assert told.document["error"] == "BadSource"
    found = {(row["file"], row["row"], row["column"]) for row in told.document["rows"]}
    assert found == {("session_products.csv", 2, "gmv"), ("products.csv", 3, "price")}
    assert all(row["expected"] for row in told.document["rows"])


# Shortlist and export


@pytest.mark.usefixtures("published")
def test_a_shortlist_is_a_table_or_one_object(alliance: Alliance) -> None:
    assert "李佳" in alliance("shortlist", "acme").out
    told = alliance("shortlist", "acme", "-k", "1", "--json")
    assert told.err == ""
    assert len(told.document["rows"]) == 1


def test_an_export_says_how_many_rows_of_which_matrix(
    alliance: Alliance, published: str, tmp_path: Path
) -> None:
    told = alliance("export", "matrix", tmp_path / "m.csv")
    assert told.out == f"{tmp_path / 'm.csv'}: 5 rows of matrix {published}.\n"
    listed = alliance("export", "shortlist", "acme", tmp_path / "l.xlsx", "--json")
    assert listed.document["matrix_version"] == published
    assert listed.document["rows"][0]["file"] == str(tmp_path / "l.xlsx")


@pytest.mark.usefixtures("published")
def test_an_exported_shortlist_has_the_filters_of_a_printed_one(
    alliance: Alliance, tmp_path: Path
) -> None:
    filters = ("--tier", "tail", "--exclude", "c1", "--objective", "conversion")
    printed = alliance("shortlist", "acme", *filters, "--json").document["rows"]
    assert alliance("export", "shortlist", "acme", tmp_path / "l.csv", *filters).code == DONE
    listed = pd.read_csv(tmp_path / "l.csv")["creator_id"].tolist()
    assert listed == [row["creator_id"] for row in printed]
    assert 0 < len(listed) < 4
    none = alliance("export", "shortlist", "acme", tmp_path / "l.csv", "--tier", "huge")
    assert "0 rows" in none.out
    assert "No creator has tier 'huge'" in none.out


# The whole main job


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, told: list[str]) -> Demo:
    """The demo on a world of three brands."""
    return pipelines.demo.demo(
        "world",
        tmp_path_factory.mktemp("demo"),
        TINY,
        k=3,
        learning=QUICK,
        scoring=ScoreSettings(num_threads=1),
        tell=told.append,
    )


def test_the_demo_tells_its_steps(ran: Demo, told: list[str]) -> None:
    steps = [line[:2] for line in told if line[:1].isdigit()]
    assert steps == ["1.", "2.", "3.", "4."]
    assert "Published matrix" in told[-1]
    assert ran.shortlist.brand_id == ran.scored.example_brand
    assert len(ran.shortlist.rows) == 3
    assert all(row.reasons for row in ran.shortlist.rows)


def test_the_demo_ends_with_three_commands_to_try(
    ran: Demo, alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines.demo, "demo", lambda *_, **__: ran)
    told = alliance("demo", "--folder", ran.home.path.parent)
    assert told.code == DONE
    ending = told.out.split("Try next:\n")[1].splitlines()
    assert f"ALLIANCE_HOME={ran.home.path}" in ending[0]
    assert [line.split()[1] for line in ending[1:]] == ["shortlist", "export", "serve"]
    assert len(alliance("demo", "--json").document["rows"]) == 3


@pytest.fixture
def demo_home(ran: Demo, alliance: Alliance, monkeypatch: pytest.MonkeyPatch) -> Alliance:
    """The command line in the demo's home."""
    monkeypatch.setenv("ALLIANCE_HOME", str(ran.home.path))
    return alliance


def test_training_prints_a_leaderboard_or_one_object(
    ran: Demo, demo_home: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines.train, "train", lambda *_: ran.trained)
    shown = demo_home("train")
    assert "conversion" in shown.out
    assert shown.out.endswith("Next: alliance score\n")
    told = demo_home("train", "--json")
    assert told.err == ""
    assert told.document["promoted"] is True
    assert {row["target"] for row in told.document["rows"]} >= {"conversion", "exposure"}


def test_an_evaluation_is_one_object_with_its_leaderboard(demo_home: Alliance) -> None:
    told = demo_home("evaluate", "--json")
    assert told.err == ""
    assert "champion 1" in {row["predictor"] for row in told.document["rows"]}


def test_a_scoring_says_what_it_published_and_what_comes_next(
    ran: Demo, demo_home: Alliance
) -> None:
    shown = demo_home("score")
    assert shown.out.startswith(f"Published matrix {ran.scored.version}: 36 pairs of 3 brands")
    assert shown.out.endswith(f"Next: alliance shortlist {ran.scored.example_brand} -k 20\n")
    assert "scoring the grid" in shown.err
    told = demo_home("score", "--json")
    assert told.err == ""
    assert [row["pairs"] for row in told.document["rows"]] == [12, 12, 12]


def test_a_matrix_of_a_date_after_the_facts_says_so(ran: Demo, demo_home: Alliance) -> None:
    before = (ran.home.matrix / "CURRENT").read_text()
    a_year_later = ran.scored.as_of + timedelta(days=365)
    told = demo_home("score", "--as-of", str(a_year_later))
    (ran.home.matrix / "CURRENT").write_text(before)
    assert f"the facts end 365 days before {a_year_later}: nothing is known" in told.out


def test_an_interrupted_scoring_keeps_the_published_matrix(
    ran: Demo, demo_home: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (ran.home.matrix / "CURRENT").read_text()
    monkeypatch.setattr("pipelines.scored_matrix.build_matrix", interrupt)
    told = demo_home("score")
    assert told.code == INTERRUPTED
    assert (ran.home.matrix / "CURRENT").read_text() == before
