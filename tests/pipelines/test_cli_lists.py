"""`alliance shortlist` and `alliance export`."""

from pathlib import Path

import pandas as pd
import pytest

from pipelines.cli import DONE
from tests.pipelines.alliance import Alliance


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
