"""The table of a shortlist fits the terminal, and the JSON is the service's answer."""

from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from models.matrix.matrix import build_matrix
from models.shortlists.shortlist import Shortlist, shortlist
from serving.table import shortlist_json, shortlist_table
from tests.matrices import BRANDS, CREATORS, PRODUCTS, manifest, rows, small_matrix


def printed(told: Shortlist, width: int) -> list[str]:
    console = Console(width=width, highlight=False, color_system=None)
    with console.capture() as capture:
        console.print(shortlist_table(told))
    return [line.rstrip() for line in capture.get().splitlines()]


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal_and_no_number_is_cut(width: int) -> None:
    creators = CREATORS.assign(name=["一个名字特别特别特别长的带货主播", "Wei", "王芳芳", ""])
    matrix = build_matrix(rows(), BRANDS, creators, manifest(), PRODUCTS)
    told = shortlist(matrix, "acme")
    told = replace(told, rows=tuple(replace(row, p_accept=0.3) for row in told.rows))
    lines = printed(replace(told, null_columns={}), width)
    assert max(cell_len(line) for line in lines) <= width
    ranked = next(line for line in lines if line.startswith("1 c1"))
    for number in ("6%", "3-12%", "+50%", "4.5k", "2.2k..9k", "3 / 410"):
        assert number in ranked


def test_columns_leave_as_the_terminal_narrows_and_the_essential_stay() -> None:
    headers = {
        width: next(
            line for line in printed(shortlist(small_matrix(), "acme"), width) if line[:1] == "#"
        )
        for width in (120, 80, 50)
    }
    every = "# creator tier conv. 80% lift P(>b) shown net gmv 80% GPM product seen"
    assert " ".join(headers[120].split()) == every
    assert "GPM" not in headers[80]
    assert " ".join(headers[50].split()) == "# creator conv. 80% lift net gmv 80%"


def test_reasons_and_the_action_stand_below() -> None:
    lines = printed(shortlist(small_matrix(), "acme"), 120)
    assert (
        "1 sells 5.3 % of clicks over 90 days x1.25 | core contributor: strengthen the tie" in lines
    )
    assert "not known: profit (no product has a margin_rate)" in lines
    assert "lift: against field sessions of merchants of the same industry and tier" in lines


def test_an_extrapolated_forecast_says_so_and_in_which_way() -> None:
    told = shortlist(small_matrix(), "acme")
    whole = " ".join(printed(told, 120))
    assert whole.count("extrapolated: followers beyond those learned from") == 1
    marked = [(row["creator_id"], row["extrapolated_why"]) for row in shortlist_json(told)["rows"]]
    assert marked.count(("c2", "followers beyond those learned from")) == 1
    assert sum(why is None for _, why in marked) == 3


def test_every_column_is_explained_and_none_that_is_not_there() -> None:
    told = shortlist(small_matrix(), "acme")
    legend = " ".join(printed(told, 400)[-4:])
    for words in ("conv.: orders / clicks", "P(>b): ", "GPM: 1000 x GMV", "money: CNY"):
        assert words in legend
    assert "P(yes)" not in legend
    poor = replace(told, null_columns={**told.null_columns, "gmv": "no impressions"})
    assert "money" not in " ".join(printed(poor, 400)[-4:])


def test_an_empty_list_says_why_instead_of_a_table() -> None:
    lines = printed(shortlist(small_matrix(), "quiet"), 80)
    assert not any(line.startswith("#") for line in lines)
    assert any(line.startswith("No creator was scored for 'quiet'") for line in lines)


def test_ranked_by_conversion_money_is_still_shown() -> None:
    header = printed(shortlist(small_matrix(), "acme", objective="conversion"), 120)[2]
    assert "net gmv" in header


def test_a_matrix_of_collaborations_alone_shows_their_score() -> None:
    pairs = rows()[["brand_id", "creator_id"]].assign(p_collaboration=[0.1, 0.4, 0.2, 0.3, 0.9])
    lines = printed(shortlist(small_matrix(pairs), "acme"), 80)
    header = next(line for line in lines if line.startswith("#"))
    assert header.split() == ["#", "creator", "tier", "score", "seen"]
    assert next(line for line in lines if line.startswith("1")).split() == [
        "1",
        "c2",
        "Wei",
        "tail",
        "0.4",
        "-",
    ]


def test_names_are_text_and_never_markup() -> None:
    told = shortlist(small_matrix(), "acme", k=1)
    told = replace(told, rows=(replace(told.rows[0], creator_name="[bold]x[/]"),))
    assert any("[bold]x[/]" in line for line in printed(told, 120))


def test_json_is_one_object_with_rows() -> None:
    document = shortlist_json(shortlist(small_matrix(), "acme", k=2))
    assert [row["creator_id"] for row in document["rows"]] == ["c1", "c2"]
    assert document["as_of"] == "2026-05-02"
    assert document["rows"][0]["net_gmv"] == {"mean": 4500.0, "lo80": 2250.0, "hi80": 9000.0}
    assert document["rows"][0]["profit"] is None


def test_a_source_without_sessions_is_not_told_of_a_denominator() -> None:
    nothing = {"conversion_rate": "no sessions", "p_above_benchmark": "no sessions"}
    told = replace(
        shortlist(small_matrix(), "acme"), conversion_denominator=None, null_columns=nothing
    )
    whole = " ".join(printed(told, 120))
    assert "seen: sessions of creator and brand so far" in whole
    assert "None" not in whole


def test_a_list_by_new_followers_or_by_repurchase_shows_them() -> None:
    told = rows().assign(new_followers=[900.0, 20.0, 300.0, 4.0, 5.0], repurchase_rate=0.18)
    for name in ("new_followers", "repurchase_rate"):
        told = told.assign(**{f"{name}_lo80": told[name] / 2, f"{name}_hi80": told[name] * 2})
    matrix = build_matrix(told, BRANDS, CREATORS, manifest(), PRODUCTS)
    listed = shortlist(matrix, "acme", objective="new_followers")
    assert [row.creator_id for row in listed.rows] == ["c1", "c3", "c2", "c4"]
    lines = printed(listed, 160)
    assert "new followers" in lines[2]
    assert "900" in lines[3]
    assert "450" in lines[3]
    assert "new followers: of the creator, in a session" in "\n".join(lines)
    again = printed(shortlist(matrix, "acme", objective="repurchase"), 160)
    assert "again" in again[2]
    assert "18" in again[3]
    assert "new followers" not in again[2]
