from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.embeddings import (
    SIMILARITY_FEATURES,
    Embeddings,
    EmbeddingSettings,
    fit_embeddings,
)
from tests.models.embeddings.histories import low_rank_world, two_clusters, with_row

SMALL = EmbeddingSettings(size=4, title_size=4)
NAMES = [feature.name for feature in SIMILARITY_FEATURES]


def grid(embeddings: Embeddings, feature: str) -> np.ndarray:
    """That similarity of every creator with every item."""
    creators, items = np.indices((embeddings.n_creators, embeddings.n_items))
    table = embeddings.similarities(creators.ravel(), items.ravel())
    return table[:, NAMES.index(feature)].reshape(creators.shape)


@pytest.mark.parametrize(
    "feature",
    [
        "sold_affinity",
        "sold_fit",
        "chosen_affinity",
        "chosen_fit",
        "ranked_fit",
        "title_match",
        "neighbour_orders",
    ],
)
def test_creators_go_with_what_creators_like_them_sell(feature: str) -> None:
    history, creators, items = two_clusters()
    scores = grid(fit_embeddings(history, creators, items, {}, SMALL, 7), feature)
    sold = {(row.creator_id, row.item_id) for row in history.itertuples()}
    for c, creator in enumerate(creators.index):
        alike = [p for p in range(12) if p % 2 == c % 2 and (creator, items.index[p]) not in sold]
        other = [p for p in range(12) if p % 2 != c % 2]
        if alike:
            assert scores[c, alike].mean() > scores[c, other].mean() + 0.2


def test_fit_sets_popularity_aside() -> None:
    """Everybody sells p00 and p01 most: their affinity is high, their mean fit is none."""
    history, creators, items = two_clusters()
    everywhere = pd.DataFrame(
        {
            "creator_id": np.repeat(creators.index, 2),
            "item_id": ["p00", "p01"] * len(creators),
            "lines": 20.0,
            "orders": 200.0,
            "decayed_denominator": 2000.0,
        }
    )
    history = pd.concat([history[~history["item_id"].isin(["p00", "p01"])], everywhere])
    embeddings = fit_embeddings(history, creators, items, {}, SMALL, 7)
    affinity = grid(embeddings, "sold_affinity").mean(axis=0)
    assert affinity[:2].min() > affinity[2:].max()
    np.testing.assert_allclose(grid(embeddings, "sold_fit").mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(grid(embeddings, "sold_fit").mean(axis=1), 0, atol=1e-5)


def test_affinities_have_mean_0_and_spread_1_so_that_dates_compare() -> None:
    history, creators, items = two_clusters()
    embeddings = fit_embeddings(history, creators, items, {}, SMALL, 7)
    for feature in ("sold_affinity", "chosen_affinity"):
        assert grid(embeddings, feature).mean() == pytest.approx(0, abs=1e-5)
        assert grid(embeddings, feature).std() == pytest.approx(1, abs=1e-4)


def test_sold_affinity_beats_popularity_on_pairs_held_out_of_a_low_rank_world() -> None:
    history, held_out = low_rank_world()
    ids = sorted(set(history["creator_id"])), sorted(set(history["item_id"]))
    creators, items = pd.DataFrame(index=ids[0]), pd.DataFrame(index=ids[1])
    embeddings = fit_embeddings(history, creators, items, {}, EmbeddingSettings(size=6), 7)
    seen = np.zeros((len(creators), len(items)), bool)
    wanted = seen.copy()
    seen[_positions(history, creators, items)] = True
    wanted[_positions(held_out, creators, items)] = True
    popularity = np.tile(seen.sum(axis=0), (len(creators), 1)).astype(float)
    by_popularity = _recall_at_10(popularity, seen, wanted)
    for feature in ("sold_affinity", "chosen_affinity", "neighbour_orders"):
        assert _recall_at_10(grid(embeddings, feature), seen, wanted) > 1.2 * by_popularity


def _positions(
    history: pd.DataFrame, creators: pd.DataFrame, items: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    row = creators.index.get_indexer(pd.Index(history["creator_id"]))
    column = items.index.get_indexer(pd.Index(history["item_id"]))
    kept = (row >= 0) & (column >= 0)
    return row[kept], column[kept]


def _recall_at_10(scores: np.ndarray, seen: np.ndarray, wanted: np.ndarray) -> float:
    top = np.argsort(-np.where(seen, -np.inf, scores), axis=1, kind="stable")[:, :10]
    found = np.take_along_axis(wanted, top, axis=1).sum(axis=1)
    return float(np.mean(found / np.maximum(wanted.sum(axis=1), 1)))


def test_a_creator_without_history_ranks_the_items_of_its_category_first() -> None:
    history, creators, items = two_clusters()
    creators = with_row(creators, "cold", main_category="food", followers=5000.0)
    embeddings = fit_embeddings(history, creators, items, {}, SMALL, 7)
    for feature in ("sold_affinity", "chosen_fit", "neighbour_orders"):
        cold = grid(embeddings, feature)[-1]
        assert cold[1::2].min() > cold[0::2].max()


def test_a_product_without_history_goes_to_those_who_sell_its_category() -> None:
    history, creators, items = two_clusters()
    items = with_row(items, "new", category="beauty", price=60.0, title="丝绒口红新色")
    embeddings = fit_embeddings(history, creators, items, {}, SMALL, 7)
    new = grid(embeddings, "sold_affinity")[:, -1]
    assert new[0::2].min() > new[1::2].max()


def test_a_new_product_titled_like_a_sellers_products_has_a_high_title_match() -> None:
    history, creators, items = two_clusters()
    items = with_row(items, "new", category="unknown", title="丝绒口红新色")
    match = grid(fit_embeddings(history, creators, items, {}, SMALL, 7), "title_match")[:, -1]
    assert match[0::2].min() > 0.6
    assert match[1::2].max() < 0.4


def test_an_item_nobody_has_offered_moves_no_other_number() -> None:
    history, creators, items = two_clusters()
    before = fit_embeddings(history, creators, items, {}, SMALL, 7)
    items = with_row(items, "tomorrow", category="gadgets", price=9999.0, title="明年的无人机")
    creators = with_row(creators, "later", main_category="gadgets", followers=9e9)
    after = fit_embeddings(history, creators, items, {}, SMALL, 7)
    for feature in NAMES:
        kept = grid(after, feature)[:-1, :-1]
        np.testing.assert_allclose(kept, grid(before, feature), atol=2e-6)


def test_the_same_history_gives_the_same_numbers_to_the_bit() -> None:
    history, creators, items = two_clusters()
    creators = with_row(creators, "cold", main_category="food", followers=5000.0)
    shuffled = history.sample(frac=1, random_state=3)
    one = fit_embeddings(history, creators, items, {}, SMALL, 7)
    two = fit_embeddings(shuffled, creators, items, {}, SMALL, 7)
    for feature in NAMES:
        np.testing.assert_array_equal(grid(one, feature), grid(two, feature))


def test_a_pairs_numbers_do_not_depend_on_the_block_it_is_asked_in() -> None:
    history, creators, items = two_clusters()
    embeddings = fit_embeddings(history, creators, items, {}, SMALL, 7)
    creator, item = (table.ravel() for table in np.indices((12, 12)))
    whole = embeddings.similarities(creator, item)
    order = np.random.default_rng(0).permutation(144)
    np.testing.assert_array_equal(
        embeddings.similarities(creator[order], item[order]), whole[order]
    )
    for pair in (0, 17, 143):
        one = embeddings.similarities(creator[pair : pair + 1], item[pair : pair + 1])
        np.testing.assert_array_equal(one[0], whole[pair])


def test_saved_and_loaded_they_answer_the_same(tmp_path: Path) -> None:
    history, creators, items = two_clusters()
    given = {"brand_embeddings.caption": pd.DataFrame({"id": ["b0"], "e0": [1.0], "e1": [2.0]})}
    embeddings = fit_embeddings(history, creators, items, given, SMALL, 7)
    embeddings.save(tmp_path / "embeddings")
    loaded = Embeddings.load(tmp_path / "embeddings")
    for feature in NAMES:
        np.testing.assert_array_equal(grid(loaded, feature), grid(embeddings, feature))


def test_without_any_history_everything_is_unknown() -> None:
    history, creators, items = two_clusters()
    embeddings = fit_embeddings(history.iloc[:0], creators, items, {}, SMALL, 7)
    assert np.isnan(embeddings.similarities(np.arange(12), np.arange(12))).all()
    assert embeddings.similarities(np.arange(0), np.arange(0)).shape == (0, len(NAMES))


def test_one_creator_one_item_is_enough_to_run() -> None:
    history, creators, items = two_clusters(creators=1, items=1, seed=1)
    assert len(history) == 1
    embeddings = fit_embeddings(history, creators, items, {}, SMALL, 7)
    numbers = embeddings.similarities(np.array([0]), np.array([0]))[0]
    assert np.isfinite(numbers[:5]).all()
    assert np.isnan(numbers[-2:]).all()  # nobody else to be a neighbour


def test_what_creators_choose_is_learned_even_when_nothing_was_sold() -> None:
    history, creators, items = two_clusters()
    embeddings = fit_embeddings(history.assign(orders=0.0), creators, items, {}, SMALL, 7)
    np.testing.assert_array_equal(grid(embeddings, "sold_fit"), 0)
    chosen = grid(embeddings, "chosen_fit")
    assert chosen[0, 0::2].min() > chosen[0, 1::2].max()


def test_tables_without_their_optional_columns_still_work() -> None:
    history, creators, items = two_clusters()
    embeddings = fit_embeddings(history, creators[[]], items[[]], {}, SMALL, 7)
    scores = grid(embeddings, "sold_affinity")
    assert scores[0, 0::2].min() > scores[0, 1::2].max()
    assert np.isnan(grid(embeddings, "title_match")).all()


def test_items_without_a_title_and_creators_without_a_category_are_no_error() -> None:
    history, creators, items = two_clusters()
    items["title"] = items["title"].where(items.index != "p02", None)
    creators["main_category"] = None
    creators = with_row(creators, "cold")
    embeddings = fit_embeddings(history, creators, items, {}, SMALL, 7)
    match = grid(embeddings, "title_match")
    assert np.isnan(match[:, 2]).all()
    assert np.isfinite(match[:-1, [0, 1, 3]]).all()
    assert np.isfinite(grid(embeddings, "sold_affinity")[-1]).all()


def test_creators_and_items_outside_the_tables_are_left_out() -> None:
    history, creators, items = two_clusters()
    stranger = history.iloc[:1].assign(creator_id="brand's own account")
    one = fit_embeddings(history, creators, items, {}, SMALL, 7)
    two = fit_embeddings(pd.concat([stranger, history]), creators, items, {}, SMALL, 7)
    np.testing.assert_array_equal(grid(one, "sold_fit"), grid(two, "sold_fit"))


def test_empty_tables_give_an_empty_answer() -> None:
    history, creators, items = two_clusters()
    for some_creators, some_items in ((creators[:0], items[:0]), (creators, items[:0])):
        embeddings = fit_embeddings(history, some_creators, some_items, {}, SMALL, 7)
        none = np.empty(0, np.intp)
        assert embeddings.similarities(none, none).shape == (0, len(NAMES))


def test_a_given_set_compares_pairs_even_before_anybody_has_sold_anything() -> None:
    history, creators, items = two_clusters()
    given = {
        "creator_embeddings.s": pd.DataFrame({"id": ["c00"], "e0": [1.0], "e1": [0.0]}),
        "brand_embeddings.s": pd.DataFrame({"id": ["b0"], "e0": [2.0], "e1": [0.0]}),
    }
    match = grid(fit_embeddings(history[:0], creators, items, given, SMALL, 7), "given_match")
    assert match[0, 0] == pytest.approx(1)
    assert np.isnan(match[1:]).all()
