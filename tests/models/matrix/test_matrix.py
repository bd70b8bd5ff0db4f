"""The matrix: the same rows give the same bytes, and a broken file is refused by name."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.errors import BrokenMatrix, NoMatrix, UnknownBrand
from models.matrix.columns import COLUMNS
from models.matrix.files import CURRENT, FILES, current, load, save
from models.matrix.matrix import build_matrix
from models.shortlists.shortlist import shortlist
from tests.matrices import BRANDS, CREATORS, manifest, rows, small_matrix


def test_a_brand_is_one_slice_in_the_order_of_creator_ids() -> None:
    matrix = small_matrix(rows().sample(frac=1, random_state=4))
    assert matrix.brand_rows("acme") == slice(0, 4)
    assert matrix.brand_rows("acme-us") == slice(4, 4)
    assert matrix.brand_rows("lan") == slice(4, 5)
    assert matrix.frame()["creator_id"].tolist() == ["c1", "c2", "c3", "c4", "c1"]


def test_the_table_has_every_column_by_its_name() -> None:
    frame = small_matrix().frame()
    assert tuple(frame.columns) == COLUMNS
    first = frame.iloc[0]
    assert (first["brand_id"], first["best_product_id"]) == ("acme", "p1")
    assert first["conversion_rate"] == pytest.approx(0.06)
    assert first["quadrant"] == "core contributor"
    assert pd.isna(frame["best_product_id"].iloc[3])


def test_the_denominator_of_the_manifest_fills_its_column() -> None:
    frame = small_matrix(rows().drop(columns="conversion_denominator")).frame()
    assert frame["conversion_denominator"].tolist() == ["clicks"] * 5


def test_null_columns_are_named_with_their_reason() -> None:
    told = small_matrix().manifest.null_columns
    assert told["profit_lo80"] == "no product has a margin_rate"
    assert told["reason3_feature"] == "no pair of this run has a value"
    assert "gmv" not in told


def test_categoricals_and_strings_give_the_same_matrix(tmp_path: Path) -> None:
    coded = rows().astype({"brand_id": "category", "creator_id": "category", "action": "category"})
    assert save(small_matrix(), tmp_path / "a") == save(small_matrix(coded), tmp_path / "b")


def test_frames_may_carry_their_ids_as_the_index() -> None:
    matrix = build_matrix(
        rows(), BRANDS.set_index("brand_id"), CREATORS.set_index("creator_id"), manifest()
    )
    assert matrix.brands["brand_id"].tolist() == BRANDS["brand_id"].tolist()
    assert matrix.products["product_id"].tolist() == ["p1", "p2"]


def test_a_creator_without_a_frame_row_is_refused() -> None:
    with pytest.raises(ValueError, match="creator_id 'c4' is not among"):
        build_matrix(rows(), BRANDS, CREATORS[:3], manifest())


def test_a_pair_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="1 pair"):
        small_matrix(pd.concat([rows(), rows()[:1]]))


def test_a_row_without_a_creator_is_refused() -> None:
    with pytest.raises(ValueError, match="no brand_id or no creator_id"):
        small_matrix(rows().assign(creator_id=rows()["creator_id"].where(rows()["gmv"] > 2_000)))


def test_a_number_that_is_not_finite_is_not_known() -> None:
    matrix = small_matrix(rows().assign(gpm=[np.inf, -np.inf, 1.0, np.nan, 2.0]))
    assert [row.gpm.mean if row.gpm else None for row in shortlist(matrix, "acme").rows] == [
        None,
        None,
        1.0,
        None,
    ]


def test_a_column_we_do_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="no column wishes"):
        small_matrix(rows().assign(wishes=1))


def test_a_matrix_without_rows_can_be_saved(tmp_path: Path) -> None:
    save(small_matrix(rows()[:0]), tmp_path / "m")
    assert len(load(tmp_path / "m")) == 0


def test_what_is_saved_is_what_is_read(tmp_path: Path) -> None:
    told = save(small_matrix(), tmp_path / "m")
    matrix = load(tmp_path / "m")
    assert matrix.manifest == told
    assert matrix.audience.shape == (4, 0)
    pd.testing.assert_frame_equal(matrix.frame(), small_matrix().frame())
    published = pd.read_parquet(tmp_path / "m" / "matrix.parquet")
    assert published["gmv"].tolist() == [9_000, 4_000, 5_000, 2_000, 7_000]
    assert isinstance(matrix.columns["gmv"].base, np.memmap)


def test_the_same_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    one = save(small_matrix(), tmp_path / "a")
    other = save(small_matrix(rows()[::-1], run_id="run-2"), tmp_path / "b")
    assert one.checksums == other.checksums
    assert one.version == other.version
    assert one.version.startswith("2026-05-02-")
    assert (one.run_id, other.run_id) == ("run-1", "run-2")


def test_another_number_or_another_meaning_is_another_version(tmp_path: Path) -> None:
    changed = rows()
    changed.loc[0, "gmv"] = 9_001.0
    versions = {
        save(small_matrix(), tmp_path / "a").version,
        save(small_matrix(changed), tmp_path / "b").version,
        save(small_matrix(currency="USD"), tmp_path / "c").version,
    }
    assert len(versions) == 3


def test_whichever_file_is_missing_it_is_named(tmp_path: Path) -> None:
    save(small_matrix(), tmp_path / "m")
    for name in FILES:
        path = tmp_path / "m" / name
        path.rename(tmp_path / "away")
        with pytest.raises(BrokenMatrix, match=f"{name} is missing. Run 'alliance score' again"):
            load(tmp_path / "m", verify=False)
        (tmp_path / "away").rename(path)


def test_one_changed_byte_in_any_file_is_found(tmp_path: Path) -> None:
    save(small_matrix(), tmp_path / "m")
    for name in FILES:
        path = tmp_path / "m" / name
        sound = path.read_bytes()
        path.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
        with pytest.raises(BrokenMatrix, match=f"{name} does not match its checksum"):
            load(tmp_path / "m")
        path.write_bytes(sound)
    assert len(load(tmp_path / "m")) == 5


def test_a_version_without_its_manifest_is_half_written(tmp_path: Path) -> None:
    save(small_matrix(), tmp_path / "m")
    (tmp_path / "m" / "manifest.json").unlink()
    with pytest.raises(
        BrokenMatrix, match=r"manifest.json is missing, so it was only half written"
    ):
        load(tmp_path / "m")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("{", "cannot be read"), ('{"as_of": "2026-05-02", "format": 99}', "is of format 99, not 3")],
)
def test_a_manifest_that_cannot_be_read_is_refused(
    tmp_path: Path, text: str, sentence: str
) -> None:
    save(small_matrix(), tmp_path / "m")
    (tmp_path / "m" / "manifest.json").write_text(text)
    with pytest.raises(BrokenMatrix, match=f"manifest.json {sentence}"):
        load(tmp_path / "m")


def test_shares_of_audiences_and_buyers_stand_in_the_order_of_their_ids(tmp_path: Path) -> None:
    creators = CREATORS.assign(
        audience_young=[0.1, 0.2, 0.3, np.nan], audience_old=0.5, audience_bought_acme=0.01
    )[::-1]
    brands = BRANDS.assign(buyer_young=[0.4, 0.5, 0.6, 0.7])
    save(build_matrix(rows(), brands, creators, manifest()), tmp_path / "m")
    matrix = load(tmp_path / "m")
    assert matrix.audience_groups == ("old", "young")
    assert matrix.audience[:3, 1].tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert np.isnan(matrix.audience[3, 1])
    assert matrix.buyers[:, 1].tolist() == pytest.approx([0.4, 0.5, 0.6, 0.7])
    assert np.isnan(matrix.buyers[:, 0]).all()  # nobody said how many buyers are old


def test_a_manifest_changed_by_hand_is_refused(tmp_path: Path) -> None:
    save(small_matrix(), tmp_path / "m")
    path = tmp_path / "m" / "manifest.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps({**told, "currency": "USD"}))
    with pytest.raises(BrokenMatrix, match=r"manifest.json was changed"):
        load(tmp_path / "m")


def test_a_column_of_another_length_is_refused_even_without_checksums(tmp_path: Path) -> None:
    save(small_matrix(), tmp_path / "m")
    np.save(tmp_path / "m" / "gmv.npy", np.zeros(3, np.float32))
    with pytest.raises(BrokenMatrix, match=r"gmv.npy has shape \(3,\), not \(5,\)"):
        load(tmp_path / "m", verify=False)


@pytest.mark.parametrize("name", ["gmv.npy", "brands.parquet", "texts.json"])
def test_a_file_cut_short_is_refused_even_without_checksums(tmp_path: Path, name: str) -> None:
    save(small_matrix(), tmp_path / "m")
    os.truncate(tmp_path / "m" / name, 5)
    with pytest.raises(BrokenMatrix, match=f"{name} cannot be read"):
        load(tmp_path / "m", verify=False)


def test_before_anything_was_published_the_commands_to_run_are_named(tmp_path: Path) -> None:
    with pytest.raises(NoMatrix, match="Run 'alliance score'"):
        current(tmp_path)


@pytest.mark.parametrize("text", ["", "../elsewhere"])
def test_a_pointer_to_nowhere_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / CURRENT).write_text(text)
    with pytest.raises(BrokenMatrix, match="does not name a version"):
        current(tmp_path)


def test_a_pointer_to_a_version_that_is_gone_is_refused(tmp_path: Path) -> None:
    (tmp_path / CURRENT).write_text("2026-05-02-00000000\n")
    with pytest.raises(BrokenMatrix, match="2026-05-02-00000000 is not in"):
        current(tmp_path)


def test_an_unknown_brand_is_answered_with_close_ids() -> None:
    with pytest.raises(UnknownBrand) as caught:
        shortlist(small_matrix(), "acme-eu")
    assert str(caught.value) == (
        "no brand 'acme-eu' in the matrix of 2026-05-02 (4 brands). "
        "Close: 'acme' (Acme), 'acme-us' (Acme US). Run 'alliance score' after adding a brand."
    )
    assert caught.value.close == ("acme", "acme-us")


def test_a_part_of_a_chinese_name_finds_the_brand() -> None:
    with pytest.raises(UnknownBrand) as caught:
        shortlist(small_matrix(), "兰黛")
    assert caught.value.close == ("lan",)


def test_a_brand_that_resembles_none_gets_no_suggestion() -> None:
    with pytest.raises(UnknownBrand) as caught:
        shortlist(small_matrix(), "zzzzzz")
    assert caught.value.close == ()
