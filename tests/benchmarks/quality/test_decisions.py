"""The section on decisions: rules of thumb and regrets by hand, and a whole one comes out."""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.quality import decisions, decisions_rising, decisions_scores
from benchmarks.quality.decisions_deals import Chances
from benchmarks.quality.decisions_diagnosis import Verdicts
from benchmarks.quality.decisions_journey import of_facts
from benchmarks.quality.decisions_portfolio import BLIND, PORTFOLIO, RULES
from benchmarks.quality.decisions_regrets import Regrets
from benchmarks.quality.decisions_rules import in_hindsight, rule_numbers
from benchmarks.quality.decisions_scores import WorldDecisions, judged
from benchmarks.quality.decisions_tables import LESS, MORE, Drawn, verdict
from benchmarks.quality.section import QualitySettings
from benchmarks.quality.world_runs import WorldPlan, WorldRun

NOBODY = Chances(np.array([]), np.array([]), np.array([], dtype=np.str_))


def world(seed: int, worth: dict[str, float], numbers: dict[str, float]) -> WorldDecisions:
    regrets = pd.DataFrame(
        [
            {"world": f"w{seed}", "brand_id": brand, "k": 10, "rule": rule, "best": 100.0}
            | {"worth": worth.get(rule, 0.0)}
            for brand in ("a", "b")
            for rule in RULES
        ]
    )
    return WorldDecisions(
        WorldPlan("small", seed), numbers, regrets, pd.DataFrame(), NOBODY, NOBODY
    )


def test_a_raw_comparison_speaks_of_few_and_ours_is_held_to_the_same_pairs() -> None:
    above = np.array([True, True, False, False])
    told = Verdicts(np.array([0.9, 0.6, 0.4, 0.9]), above, above, np.arange(4).astype(np.str_))
    found = rule_numbers(told, np.array([0.3, 0.1, 0.3, np.nan]), np.full(4, 0.2))
    assert found["decided"] == 0.75
    assert found["accuracy"] == pytest.approx(1 / 3)
    assert found["forced"] == 1.0
    high = np.array([True, False, True, False])
    suited = in_hindsight(above, np.array([True, True, True, False]), high)
    assert suited.tolist() == [0.5, 1.0, 0.5, 0.0]


def test_shares_of_the_best_count_no_loss_below_nothing() -> None:
    pooled = Regrets([world(i, {PORTFOLIO: 80, BLIND: -50}, {}) for i in range(5)])
    assert pooled.of_brands(PORTFOLIO, 10)[0] == pytest.approx(0.8)
    assert pooled.of_brands(BLIND, 10)[0] == 0.0
    assert pooled.shares(BLIND, 10)[0] == pytest.approx(-0.5)
    row = pooled.table(10).set_index("chosen by").loc[BLIND]
    assert row["portfolio is"] == "better"


def test_nothing_is_better_of_two_worlds_and_level_when_the_interval_holds_zero() -> None:
    sure, unsure = np.array([-1.0, -1.2, -0.8]), np.array([-0.1, -1.0, 1.0])
    assert verdict(sure, LESS, 5) == "better"
    assert verdict(sure, MORE, 5) == "worse"
    assert verdict(unsure, LESS, 5) == "level"
    assert verdict(sure, LESS, 2) == "too few worlds"


def test_a_world_without_a_case_is_left_out_of_the_mean() -> None:
    drawn = Drawn([world(0, {}, {"x": 1.0}), world(1, {}, {"x": float("nan")})])
    assert drawn.mean("x") == 1.0
    assert np.isnan(drawn.mean("never"))


def test_a_world_becomes_a_whole_section(
    tiny_run: WorldRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions_scores, "SIZES_OF_LISTS", (3, 10))
    monkeypatch.setattr(decisions_scores, "BRANDS_CHOSEN", 2)
    few = partial(decisions_rising.rising_world, size=40)
    monkeypatch.setattr(decisions_rising, "rising_world", few)
    one = judged(tiny_run)
    assert one.numbers["diagnosis/brand/ours/pairs"] > 0
    assert 0 <= one.numbers["diagnosis/product/raw/decided"] <= 1
    assert one.numbers["loss/log_loss"] >= one.numbers["loss/log_loss_of_truth"]
    assert one.numbers["accept/overall"] > one.numbers["accept/log_loss_of_truth"]
    monkeypatch.setattr(decisions, "each_run", lambda *_, **__: [one])
    made = decisions.section(QualitySettings(tmp_path, tmp_path, small=True))
    assert set(made.figures) == {"regret", "reliability"}
    assert all(f"{{figure:{name}}}" in made.text for name in made.figures)
    assert "claims nothing" in made.summary
    assert 0 <= made.metrics["regret/portfolio/10"] <= 1
    again = decisions.section(QualitySettings(tmp_path, tmp_path, small=True))
    assert again.text == made.text


def test_a_source_is_told_what_it_supports(tiny_run: WorldRun) -> None:
    told = of_facts(tiny_run.facts)
    creators = int(tiny_run.facts["creators"].creator_id.nunique().execute())
    assert f"of {creators} have sessions enough to be tested" in told
    assert "Concentration: of the exposure of the last 90 days" in told
    assert "(Gini 0." in told
