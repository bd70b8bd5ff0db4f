import numpy as np
import pandas as pd
import pytest

from benchmarks.quality import journey as benchmark
from benchmarks.quality import looks
from benchmarks.quality.journey import Judge, journey, rows
from features.daily import daily_facts
from features.facts import Facts, Meaning, facts_from_frames
from pipelines.settings import TrainSettings

ENDS = pd.to_datetime(["2017-01-09 04:50", "2017-01-16 04:40", "2017-01-23 04:30"])
SETTINGS = TrainSettings(embedding_size=2)


def facts(orders_in_week_2: int = 90, price_of_week_2: float = 99.0) -> Facts:
    """Two stores, three weeks; brand 'big' has 160 baskets or more, brand 'small' 9."""
    stores = ("s1", "s2")
    sessions = [
        {
            "session_id": f"{store}-{week}",
            "creator_id": store,
            "started_at": end - pd.Timedelta(days=6),
            "ended_at": end,
            "format": "mixed",
            "viewers": 400,
        }
        for week, end in enumerate(ENDS, start=1)
        for store in stores
    ]
    sold = [("s1-1", 100), ("s1-2", orders_in_week_2), ("s2-2", 60), ("s1-3", 30)]
    brands = [{"session_id": s, "brand_id": "big", "orders": k, "gmv": k * 1.0} for s, k in sold]
    brands += [{"session_id": "s2-1", "brand_id": "small", "orders": 9, "gmv": 9.0}]
    products = pd.DataFrame(
        {
            "product_id": ["p1", "p2", "p3"],
            "brand_id": ["big", "big", "small"],
            "category": ["soup", "tea", "soup"],
            "price": [1.0, price_of_week_2, 2.0],
            "launched_at": [
                ENDS[0] - pd.Timedelta(days=6),
                ENDS[0] + pd.Timedelta(hours=1),
                ENDS[0],
            ],
        }
    )
    lines = [{"session_id": s, "product_id": "p1", "orders": k, "gmv": k * 1.0} for s, k in sold]
    return facts_from_frames(
        {
            "creators": pd.DataFrame({"creator_id": stores}),
            "brands": pd.DataFrame({"brand_id": ["big", "small"], "industry": "food"}),
            "products": products,
            "sessions": pd.DataFrame(sessions),
            "session_products": pd.DataFrame(lines),
            "session_brands": pd.DataFrame(brands),
        },
        Meaning("viewers", "USD", "zero"),
    )


def test_baskets_are_counted_by_week_and_a_store_without_a_sale_has_zero() -> None:
    of = journey(facts())
    assert of.brand_ids.tolist() == ["big"]  # 'small' has 9 < 150 baskets
    assert of.category.tolist() == ["soup"]
    k, n = of.counts(2, 3)
    assert k.tolist() == [[90 + 30, 60]]
    assert n.tolist() == [800, 800]
    assert of.counts(1, 1)[0].tolist() == [[100, 0]]


def test_as_of_a_weeks_end_all_of_it_is_known_and_nothing_of_the_next() -> None:
    def known(source: Facts) -> np.ndarray:
        daily = daily_facts(source, "brand")
        return rows(source, daily, 1, 3, journey(source), SETTINGS).features

    base = facts()
    found = rows(base, daily_facts(base, "brand"), 1, 3, journey(base), SETTINGS)
    assert found.creator_id.tolist() == ["s1", "s2"]
    assert found.successes is not None
    assert found.successes.tolist() == [120, 60]
    assert found.counts["pair"][0][0] > 90  # the 100 of week 1, hardly decayed
    assert found.counts["pair"][1][0] < 400
    later = known(facts(orders_in_week_2=70, price_of_week_2=5.0))
    np.testing.assert_array_equal(found.features, later)


def test_a_forecast_is_judged_on_stores_with_twenty_baskets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benchmark, "FEWEST_STORES", 2)
    judge = Judge(
        k=np.array([[10.0, 0.0, 5.0], [0.0, 0.0, 4.0]]),
        n=np.array([20.0, 40.0, 5.0]),  # the third store has too few
        before=np.array([[3.0, 0.0, 0.0], [0.0, 0.0, 0.0]]),
    )
    p = np.array([[0.5, 0.25, 0.9], [0.25, 0.25, 0.9]])
    found = judge.scores(p)
    assert judge.new.tolist() == [[False, True, False], [True, True, False]]
    nats = 20 * np.log(2) + (40 + 20 + 40) * np.log(4 / 3)
    assert found["log_loss"] == pytest.approx(nats / 120)
    assert found["new_log_loss"] == pytest.approx(np.log(4 / 3))
    assert found["ndcg"] == 1.0  # of the first brand; the second sold nothing where judged
    worse = judge.ndcg_by_brand(p[:, [1, 0, 2]], judge.mask)
    np.testing.assert_allclose(worse, [1 / np.log2(3), np.nan])


def test_a_look_at_the_final_weeks_is_written_down_once_a_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(looks, "LEDGER", tmp_path_factory.mktemp("ledger") / "looks.csv")
    of = journey(facts())
    looks.look("worlds", "1", "other data")
    assert looks.looks(benchmark.DATA) == []
    assert looks.looks_in_words(benchmark.DATA, "They") == "They were not looked at."
    for _ in range(2):
        benchmark.final_judge(of, "ours")
    benchmark.final_judge(of, "peers")
    assert [look["what"] for look in looks.looks(benchmark.DATA)] == ["ours", "peers"]
    assert "looked at 2 times" in looks.looks_in_words(benchmark.DATA, "They")
