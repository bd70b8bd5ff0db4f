"""What the world says is true is what its facts show."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.world.settings import WorldSettings
from experiments.world.simulate import World, simulate, truth_on
from experiments.world.truth import (
    true_conversion,
    true_impressions,
    true_rates,
    views_over_organic,
)


@pytest.fixture(scope="module")
def creators_lines(middling: World) -> pd.DataFrame:
    """Lines of creators' real sessions beside the truth of their pair."""
    sessions = middling.tables["sessions"].merge(middling.truth["sessions"], on="session_id")
    real = sessions[(sessions["format"] != "field") & ~sessions["is_junk"]]
    lines = middling.tables["session_products"].merge(real, on="session_id")
    pairs = middling.truth["pairs"].rename(columns={"impressions": "true_impressions"})
    return lines.merge(pairs, on=["creator_id", "product_id"])


def test_conversion_is_the_skeletons_sum_at_the_creators_paid_share() -> None:
    truth = {
        "creators": pd.DataFrame(
            {"creator_id": ["c1"], "conversion_effect": [0.5], "paid_share": [0.25]}
        ),
        "products": pd.DataFrame(
            {"product_id": ["p1"], "category": ["food"], "log_conversion": [np.log(0.04)]}
        ),
        "fit": pd.DataFrame({"creator_id": ["c1"], "beauty": [9.0], "food": [0.2]}),
    }
    by_hand = 0.04 * np.exp(0.5 + 0.2) * (1 - 0.40 * 0.25)
    assert true_conversion(truth, ["c1"], ["p1"])[0] == pytest.approx(by_hand)


def test_an_unknown_id_is_named(small: World) -> None:
    with pytest.raises(KeyError, match=r"creator_id not in this world.*c99999"):
        true_conversion(small.truth, ["c99999"], ["p00001"])


def test_pairs_hold_what_the_functions_say(small: World) -> None:
    pairs = small.truth["pairs"]
    creators, products = len(small.truth["creators"]), len(small.truth["products"])
    assert len(pairs) == creators * products
    some = pairs.sample(50, random_state=0)
    conversion = true_conversion(small.truth, some["creator_id"], some["product_id"])
    impressions = true_impressions(small.truth, some["creator_id"], some["product_id"])
    assert np.allclose(conversion, some["conversion"], rtol=1e-5)
    assert np.allclose(impressions, some["impressions"], rtol=1e-5)


def test_orders_follow_the_true_conversion(creators_lines: pd.DataFrame) -> None:
    expected = (creators_lines["clicks"] * creators_lines["conversion"]).sum()
    assert creators_lines["orders"].sum() / expected == pytest.approx(1, abs=0.08)
    sums = creators_lines.groupby(["creator_id", "product_id"]).agg(
        orders=("orders", "sum"), clicks=("clicks", "sum"), truth=("conversion", "first")
    )
    known = sums[(sums["clicks"] > 2_000) & (sums["orders"] > 0)]
    observed = np.log(known["orders"] / known["clicks"])
    assert np.corrcoef(observed, np.log(known["truth"]))[0, 1] > 0.95


def test_impressions_follow_the_true_exposure(creators_lines: pd.DataFrame) -> None:
    ratio = creators_lines["impressions"].sum() / creators_lines["true_impressions"].sum()
    assert ratio == pytest.approx(1, abs=0.2)
    shown = np.log(creators_lines["impressions"] + 1)
    assert shown.corr(np.log(creators_lines["true_impressions"])) > 0.85


def test_returns_follow_the_true_rate(middling: World, creators_lines: pd.DataFrame) -> None:
    back = middling.tables["returns"].groupby(["session_id", "product_id"])["orders"].sum()
    old = creators_lines["started_at"] < pd.Timestamp(middling.settings.end) - pd.Timedelta(days=32)
    lines = creators_lines[old].merge(
        back.rename("back").reset_index(), on=["session_id", "product_id"], how="left"
    )
    expected = (lines["orders"] * lines["return_rate"]).sum()
    assert lines["back"].sum() / expected == pytest.approx(1, abs=0.02)


def test_fit_is_about_four_percent_of_the_variance_of_log_conversion(middling: World) -> None:
    fit = middling.truth["fit"].set_index("creator_id").to_numpy()
    share = fit.var() / np.log(middling.truth["pairs"]["conversion"].astype(float)).var()
    assert share == pytest.approx(0.04, abs=0.012)
    assert fit.std() == pytest.approx(0.27, abs=0.01)


def test_creators_choose_to_sell_what_fits_them(
    middling: World, creators_lines: pd.DataFrame
) -> None:
    category = middling.tables["products"].set_index("product_id")["category"]
    sold = creators_lines.assign(category=creators_lines["product_id"].map(category))
    counts = sold.groupby(["creator_id", "category"]).size().unstack(fill_value=0)
    share = counts.div(counts.sum(axis=1), axis=0)
    fit = middling.truth["fit"].set_index("creator_id").loc[share.index, share.columns]
    assert np.corrcoef(share.to_numpy().ravel(), fit.to_numpy().ravel())[0, 1] > 0.25


def test_a_bought_view_converts_less_by_the_planted_two_fifths(
    middling: World, creators_lines: pd.DataFrame
) -> None:
    usual = middling.truth["creators"].set_index("creator_id")["paid_share"]
    unpaid = creators_lines["conversion"] / (1 - 0.4 * creators_lines["creator_id"].map(usual))
    expected = creators_lines["clicks"] * unpaid
    known = expected > 20
    ratio = creators_lines["orders"][known] / expected[known]
    paid_share = creators_lines["paid_views"][known] / creators_lines["views"][known]
    slope, level = np.polyfit(paid_share, ratio, 1)
    assert level == pytest.approx(1, abs=0.05)
    assert slope == pytest.approx(-0.4, abs=0.1)


def test_the_vectors_give_a_noisy_view_of_fit(middling: World) -> None:
    creators = middling.tables["creator_embeddings.caption"].set_index("id")
    brands = middling.tables["brand_embeddings.caption"].set_index("id")
    dots = creators.to_numpy() @ brands.to_numpy().T
    truth = middling.truth["creator_brands"].pivot_table(
        index="creator_id", columns="brand_id", values="fit"
    )
    fit = truth.loc[creators.index, brands.index].to_numpy()
    assert 0.4 < np.corrcoef(dots.ravel(), fit.ravel())[0, 1] < 0.95


def test_more_invitations_are_accepted_where_acceptance_is_likely(middling: World) -> None:
    history = middling.tables["collaborations"].merge(
        middling.truth["creator_brands"], on=["creator_id", "brand_id"]
    )
    answered = history[history["status"].isin(["accepted", "declined"])]
    accepted = answered["status"] == "accepted"
    likely = answered["acceptance"] > 0.65
    assert accepted[likely].mean() == pytest.approx(answered["acceptance"][likely].mean(), abs=0.08)
    assert accepted[likely].mean() > accepted[~likely].mean() + 0.2


def test_the_views_and_followers_of_a_rising_creator_really_grow() -> None:
    world = simulate(WorldSettings(seed=5, brands=12, creators=200, lines=40_000, rising_share=0.2))
    rising = world.truth["creators"].loc[lambda t: t["is_rising"]].set_index("creator_id")
    sessions = world.tables["sessions"].merge(world.truth["sessions"], on="session_id")
    sessions = sessions[~sessions["is_junk"] & sessions["creator_id"].isin(rising.index)]
    begins = sessions["creator_id"].map(rising["rises_from_day"])
    day = (sessions["started_at"] - pd.Timestamp(world.settings.start)).dt.days
    views = np.log(sessions["views"])
    before = views[day < begins].groupby(sessions["creator_id"]).mean()
    after = views[day > begins + 72].groupby(sessions["creator_id"]).mean()
    grown = (after - before).dropna()
    planted = np.log(rising.loc[grown.index, "growth"])
    assert len(grown) >= 20
    assert grown.mean() == pytest.approx(planted.mean(), abs=0.3)
    followers = world.tables["creators"].groupby("creator_id")["followers"]
    ratio = followers.last() / followers.first()
    assert ratio[rising.index].median() > 2
    assert ratio[~ratio.index.isin(rising.index)].median() < 1.3


def test_on_the_last_day_the_sides_are_those_of_the_truth(small: World) -> None:
    last = truth_on(small.settings, small.settings.days - 1)
    for name, table in last.items():
        pd.testing.assert_frame_equal(table, small.truth[name])


def test_on_an_earlier_day_rising_creators_had_fewer_views_and_others_as_many() -> None:
    settings = replace(WorldSettings.small(), creators=200)
    first, last = (truth_on(settings, day)["creators"] for day in (0, settings.days - 1))
    grown = last["views"] / first["views"]
    assert (grown[last["is_rising"]] > 2).all()
    assert np.allclose(grown[~last["is_rising"]], 1)


def test_the_rates_of_single_pairs_are_those_of_the_table(small: World) -> None:
    some = small.truth["pairs"].sample(20, random_state=1)
    rates = true_rates(small.truth, some["creator_id"], some["product_id"])
    for name, values in rates.items():
        assert np.allclose(values, some[name], rtol=1e-5)


def test_views_are_the_mean_over_sessions_whose_paid_share_differs() -> None:
    random = np.random.default_rng(0)
    usual = np.array([0.0001, 0.12, 0.4])
    paid = np.minimum(random.beta(6 * usual, 6 * (1 - usual), (400_000, 3)), 0.9)
    np.testing.assert_allclose(views_over_organic(usual), (1 / (1 - paid)).mean(axis=0), rtol=0.03)
