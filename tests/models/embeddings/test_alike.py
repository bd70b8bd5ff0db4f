from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from models.embeddings import SIMILARITY_FEATURES, Embeddings, EmbeddingSettings, fit_embeddings
from models.embeddings.alike import (
    LIFT_DOUBT,
    LIKENESS_DOUBT,
    PENALTY,
    alike_of,
    lift_among_alike,
    told_by_others,
)
from models.embeddings.history import History
from tests.models.embeddings.histories import two_clusters

SMALL = EmbeddingSettings(size=4, title_size=4)
NAMES = [feature.name for feature in SIMILARITY_FEATURES]
ALIKE = ("alike_creators_lift", "alike_items_lift", "told_by_creators", "told_by_items")


def receipts() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The two clusters as a source tells them in which an absent line means no sale."""
    history, creators, items = two_clusters()
    return history.drop(columns="decayed_denominator"), creators, items


def table(embeddings: Embeddings) -> np.ndarray:
    """(creators, items, ALIKE)."""
    creators, items = np.indices((embeddings.n_creators, embeddings.n_items))
    told = embeddings.similarities(creators.ravel(), items.ravel())
    places = [NAMES.index(name) for name in ALIKE]
    return told[:, places].reshape(*creators.shape, len(ALIKE))


def test_lift_among_those_alike_by_hand() -> None:
    """Rows 0 and 1 point one way, row 2 the other way: only row 1 vouches for row 0."""
    orders, expected = np.array([[8.0, 0], [6, 1], [0, 9]]), np.full((3, 2), 4.0)
    surprise = np.array([[3.0, -4], [6, -8], [-3, 4]])
    lift = lift_among_alike(orders, expected, surprise)
    likeness = 5 * 10 / ((5 + LIKENESS_DOUBT) * (10 + LIKENESS_DOUBT))
    weight = likeness**2
    told = np.log((6 * weight + LIFT_DOUBT) / (4 * weight + LIFT_DOUBT))
    assert lift[0, 0] == pytest.approx(told, rel=1e-5)
    assert lift[2] == pytest.approx(0)  # nobody is like row 2


def test_a_column_is_told_by_the_other_columns_alone() -> None:
    """The closed form, on wide and tall grids, against a regression for each column."""
    grid = np.random.default_rng(0).normal(size=(7, 4)) * 10
    for surprise in (grid, grid.T):
        told = told_by_others(surprise)
        for column in range(surprise.shape[1]):
            others = np.delete(surprise, column, axis=1)
            slopes = np.linalg.solve(
                others.T @ others + PENALTY * np.eye(others.shape[1]),
                others.T @ surprise[:, column],
            )
            np.testing.assert_allclose(told[:, column], others @ slopes, atol=1e-9)


def test_pairs_never_sold_are_told_by_those_alike() -> None:
    history, creators, items = receipts()
    told = table(fit_embeddings(history, creators, items, {}, SMALL))
    same = np.equal.outer(np.arange(12) % 2, np.arange(12) % 2)
    sold = np.zeros((12, 12), bool)
    for row in history.itertuples():
        sold[creators.index.get_loc(row.creator_id), items.index.get_loc(row.item_id)] = True
    for number in range(len(ALIKE)):
        assert told[same & ~sold, number].mean() > told[~same, number].mean() + 0.2


def test_the_order_of_creators_and_items_does_not_matter() -> None:
    history, creators, items = receipts()
    told = table(fit_embeddings(history, creators, items, {}, SMALL))
    turned = table(fit_embeddings(history, creators[::-1], items[::-1], {}, SMALL))
    np.testing.assert_allclose(turned[::-1, ::-1], told, atol=1e-5)


def test_without_history_nothing_is_told_and_nobody_elses_numbers_move() -> None:
    history, creators, items = receipts()
    told = table(fit_embeddings(history, creators, items, {}, SMALL))
    more = table(
        fit_embeddings(
            history,
            creators.reindex(["aa", *creators.index]),
            items.reindex([*items.index, "pp"]),
            {},
            SMALL,
        )
    )
    assert np.isnan(more[0]).all()
    assert np.isnan(more[:, -1]).all()
    np.testing.assert_array_equal(more[1:, :-1], told)


def test_nothing_is_told_where_lines_tell_exposure_or_the_grid_is_too_large() -> None:
    history, creators, items = receipts()
    offered = history.assign(decayed_denominator=100.0)
    assert np.isnan(table(fit_embeddings(offered, creators, items, {}, SMALL))).all()
    one = sparse.csr_matrix(np.ones((3, 4)))
    assert alike_of(History(one, one, None), cells=12) is not None
    assert alike_of(History(one, one, None), cells=11) is None
    assert alike_of(History(one * 0, one, None), cells=12) is None


def test_saved_and_read_again_they_tell_the_same(tmp_path: Path) -> None:
    embeddings = fit_embeddings(*receipts(), {}, SMALL)
    embeddings.save(tmp_path)
    np.testing.assert_array_equal(table(Embeddings.load(tmp_path)), table(embeddings))
