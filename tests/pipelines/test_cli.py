"""The command line's exit codes and sentences, and where they are printed."""

from collections.abc import Sequence

import pytest

from pipelines.cli import BUG, NOT_READY, WRONG_INPUT
from tests.pipelines.alliance import Alliance


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
        (("train", "--as-of", "yesterday"), "'yesterday' is no day: write it as YYYY-MM-DD"),
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

    monkeypatch.setattr("models.matrix.files.current", broken)
    told = alliance("shortlist", "acme", "--json")
    assert told.code == BUG
    assert "ZeroDivisionError" in told.err
    assert told.err.endswith("This is a fault of alliance itself, not of your input.\n")
    assert told.document["error"] == "ZeroDivisionError"
