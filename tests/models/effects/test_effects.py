import numpy as np
import pandas as pd
import pytest

from models.effects import EFFECT_FEATURES, Effects, fit_effects
from models.embeddings.products import VectorProduct

NAMES = [feature.name for feature in EFFECT_FEATURES]
CREATORS = pd.DataFrame(index=pd.Index(["anna", "bo", "cy", "di"], name="creator_id"))
ITEMS = pd.DataFrame(
    {"category": ["beauty", "beauty", "food", None], "price": [20.0, 40.0, 10.0, np.nan]},
    index=pd.Index(["lip", "mask", "nut", "odd"], name="item_id"),
)


def history(rows: list[tuple[str, str, float, float]], lines: float = 4.0) -> pd.DataFrame:
    """Pairs with their orders and clicks; a twentieth of impressions is clicked."""
    frame = pd.DataFrame(rows, columns=["creator_id", "item_id", "orders", "clicks"])
    frame["decayed_converted"], frame["decayed_denominator"] = frame["orders"], frame["clicks"]
    frame["decayed_clicks"] = frame["clicks"]
    frame["decayed_impressions"] = frame["decayed_clicked_impressions"] = 20 * frame["clicks"]
    frame["decayed_shown"] = lines
    for trials in ("denominator", "clicked_impressions", "shown"):
        frame[f"effective_{trials}"] = frame[f"decayed_{trials}"]
        frame[f"lines_of_{trials}"] = lines
    return frame


# anna sells a fifth of clicks, bo a tenth, cy beauty as bo and food as anna; di was never live.
PAST = history(
    [
        ("anna", "lip", 200, 1000),
        ("anna", "mask", 200, 1000),
        ("anna", "nut", 200, 1000),
        ("bo", "lip", 100, 1000),
        ("bo", "mask", 100, 1000),
        ("bo", "nut", 100, 1000),
        ("cy", "lip", 100, 1000),
        ("cy", "mask", 100, 1000),
        ("cy", "nut", 200, 1000),
    ]
)


EVENINGS = pd.Series({"anna": 12.0, "bo": 12.0, "cy": 12.0})


def fitted(past: pd.DataFrame, **similarities: VectorProduct) -> Effects:
    return fit_effects(past, EVENINGS, CREATORS, ITEMS, similarities, {})


def grid(effects: Effects, name: str) -> np.ndarray:
    creator, item = np.indices((len(CREATORS), len(ITEMS)))
    return effects.of(creator.ravel(), item.ravel())[:, NAMES.index(name)].reshape(4, 4)


def test_creators_are_told_apart_from_what_they_sell() -> None:
    effects = fitted(PAST)
    creator = grid(effects, "creator_effect_conversion")[:, 0]
    assert creator[0] > creator[2] > creator[1]
    fit = grid(effects, "fit_effect_conversion")
    assert fit[2, 2] > 0 > fit[2, 0]
    assert fit[2, 0] == fit[2, 1]
    usual = grid(effects, "item_usual_conversion")[0]
    assert (usual[:3] > 0.1).all()
    assert (usual[:3] < 0.2).all()


def test_who_and_what_was_never_seen_is_as_usual() -> None:
    effects = fitted(PAST)
    assert grid(effects, "creator_effect_conversion")[3, 0] == pytest.approx(0, abs=0.05)
    assert (grid(effects, "pair_effect_conversion")[:, 3] == 0).all()
    assert grid(effects, "fit_effect_conversion")[0, 3] == 0  # of no category


def test_what_a_creator_chooses_tells_of_a_fit_not_yet_seen() -> None:
    """di has no history; it would choose food as cy does, whom food fits."""
    taste = np.array([[-1], [-1], [1], [1]], np.float32)
    kinds = np.array([[-1], [-1], [1], [0]], np.float32)
    blind = grid(fitted(PAST), "fit_effect_conversion")
    told = grid(fitted(PAST, category_choice=VectorProduct(taste, kinds)), "fit_effect_conversion")
    assert told[3, 2] > blind[3, 2] + 0.02


def test_where_the_exposure_of_pairs_is_unknown_so_are_the_effects_that_need_it() -> None:
    unknown = PAST.assign(effective_denominator=np.nan, lines_of_denominator=np.nan)
    effects = fitted(unknown)
    assert np.isnan(grid(effects, "creator_effect_conversion")).all()
    assert np.isfinite(grid(effects, "creator_effect_click_through")).all()
    assert np.isfinite(grid(effects, "creator_effect_impressions_per_line")).all()


def test_before_any_history_nothing_is_known() -> None:
    for past in (PAST[:0], PAST.assign(creator_id="somebody else")):
        assert np.isnan(grid(fitted(past), "item_usual_conversion")).all()


def test_a_pair_is_the_same_to_the_bit_whatever_it_is_asked_with() -> None:
    effects = fitted(PAST)
    whole = effects.of(np.array([0, 1, 2, 3]), np.array([2, 2, 0, 3]))
    for row, (creator, item) in enumerate([(0, 2), (1, 2), (2, 0), (3, 3)]):
        alone = effects.of(np.array([creator]), np.array([item]))
        np.testing.assert_array_equal(alone[0], whole[row])
    none = np.empty(0, np.intp)
    assert effects.of(none, none).shape == (0, len(NAMES))
    np.testing.assert_array_equal(fitted(PAST).of(none, none), effects.of(none, none))


def test_every_part_has_words_a_manager_reads() -> None:
    words = {feature.name: feature.words for feature in EFFECT_FEATURES}
    assert len(words) == len(NAMES)
    assert words["creator_effect_conversion"] == (
        "what this creator shows sells {value} times as often as with a usual one"
    )
    assert all("{value}" in told and "{verb}" not in told for told in words.values())


def test_an_item_or_creator_nobody_has_met_yet_moves_no_other_number() -> None:
    later = pd.DataFrame({"category": ["toys"], "price": [5.0]}, index=["top"])
    newcomer = pd.DataFrame(index=["zoe"])
    taste = VectorProduct(np.eye(5, 2, dtype=np.float32), np.eye(5, 2, dtype=np.float32))
    before = VectorProduct(taste.creators[:4], taste.items[:4])
    few = fit_effects(PAST, EVENINGS, CREATORS, ITEMS, {"chosen_fit": before}, {})
    creators, items = pd.concat([CREATORS, newcomer]), pd.concat([ITEMS, later])
    more = fit_effects(PAST, EVENINGS, creators, items, {"chosen_fit": taste}, {})
    creator, item = np.indices((4, 4)).reshape(2, -1)
    np.testing.assert_array_equal(few.of(creator, item), more.of(creator, item))


def test_what_retrieval_ranks_by_is_the_creators_effect_and_its_fit() -> None:
    effects = fit_effects(PAST, EVENINGS, CREATORS, ITEMS.drop(columns="price"), {}, {})
    known = effects.conversion()
    assert known is not None
    own, fit = known
    creator, item = np.indices((4, 4)).reshape(2, -1)
    wanted = grid(effects, "fit_effect_conversion").ravel()
    np.testing.assert_allclose(fit.of(creator, item), wanted, atol=1e-7)
    np.testing.assert_allclose(own, grid(effects, "creator_effect_conversion")[:, 0], rtol=1e-6)
    assert fitted(PAST[:0]).conversion() is None
