"""The page of the contract says what the contract says."""

from pathlib import Path

from features.contract import TABLES
from features.contract_page import page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_in_docs_is_the_contract_of_this_code() -> None:
    assert (DOCS / "contract.md").read_text(encoding="utf-8") == page()


def test_every_table_and_column_is_on_the_page() -> None:
    text = page()
    for table in TABLES.values():
        assert f"## {table.name}\n" in text
        assert all(column.name in text for column in table.columns)
