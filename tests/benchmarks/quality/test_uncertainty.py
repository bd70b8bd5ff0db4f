"""A world's outcomes and truth are placed in what was said of them, and pooled into verdicts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.quality import uncertainty
from benchmarks.quality.section import QualitySettings
from benchmarks.quality.uncertainty import benchmarks, pooled_of, reliability, verdicts
from benchmarks.quality.uncertainty_scores import (
    Judged,
    Said,
    judged,
    true_benchmarks,
    with_evidence,
)
from benchmarks.quality.world_runs import WorldRun
from features.daily import daily_facts
from features.tables import feature_tables
from models.prediction import Target


def flat(n: int = 4_000, narrow: float = 1.0) -> Judged:
    random = np.random.default_rng(0)
    pit = 0.5 + (random.random(n) - 0.5) * narrow
    creator = np.char.add("c", (np.arange(n) // 10).astype(str))
    slices = {name: np.arange(n) % 5 == place for place, name in enumerate(uncertainty.SLICES[1:])}
    return Judged(pit, creator, {"all": np.ones(n, dtype=bool), **slices}, {})


def test_forecasts_that_know_hold_and_forecasts_that_doubt_too_much_do_not() -> None:
    assert set(verdicts("right", pooled_of([flat(), flat()]))["holds"]) == {"yes"}
    wide = verdicts("wide", pooled_of([flat(narrow=0.8)]))
    assert (wide["in 80%"] > 0.97).all()
    assert set(wide["holds"]) == {"**no**"}


def test_a_few_creators_get_no_verdict() -> None:
    random = np.random.default_rng(1)
    said = Said(random.random(30), np.ones(30, dtype=bool), np.repeat(["a", "b", "c"], 10))
    assert set(reliability(said)["holds"]) == {"too few creators"}


def test_what_a_world_has_in_common_is_no_error_of_the_forecasts_by_worlds() -> None:
    random = np.random.default_rng(4)
    world = np.repeat(np.arange(15), 400)
    creator = np.char.add(world.astype(str), " c").astype("U20")
    creator = np.char.add(creator, (np.arange(len(world)) % 200).astype(str))
    truth = 0.5 + random.choice([-0.25, 0.2], 15, p=[0.7, 0.3])[world]
    said = Said(np.full(len(world), 0.5), random.random(len(world)) < truth, creator)
    found = reliability(said).iloc[0]
    assert (found["holds"], found["by worlds"]) == ("**no**", "yes")
    always = Said(said.probability, random.random(len(world)) < 0.3, creator)
    assert reliability(always).iloc[0]["by worlds"] == "**no**"


def test_every_kind_of_forecast_of_a_world_is_placed(tiny_run: WorldRun) -> None:
    found = judged(tiny_run)
    assert {"observed conversion", "observed exposure", "observed gmv"} < set(found.judged)
    for of_kind in found.judged.values():
        assert ((of_kind.pit >= 0) & (of_kind.pit <= 1)).all()
        assert len(of_kind.pit) == len(of_kind.creator) == len(of_kind.slices["all"])
    said = found.said["conversion above the benchmark"]
    assert len(said.probability) == len(said.happened) > 0


def test_money_rests_on_the_evidence_of_each_rate(tiny_run: WorldRun) -> None:
    rows, conversion = (tiny_run.held_out[t] for t in (Target.EXPOSURE, Target.CONVERSION))
    start = rows.as_of[0].astype("datetime64[D]").item()
    tables = feature_tables(daily_facts(tiny_run.facts, "product"), start)
    found = with_evidence(rows, tables, Target.CONVERSION)
    assert found.counts["creator"][1].sum() != rows.counts["creator"][1].sum()
    ids = zip(found.creator_id, found.item_id, strict=True)
    pairs = {pair: place for place, pair in enumerate(ids)}
    same = [pairs[p] for p in zip(conversion.creator_id, conversion.item_id, strict=True)]
    for level, (_, trials) in conversion.counts.items():
        assert np.array_equal(found.counts[level][1][same], trials)
    assert np.array_equal(found.past_lines["item"][same], conversion.past_lines["item"])


def test_a_brand_is_not_its_own_benchmark(tiny_run: WorldRun) -> None:
    true = true_benchmarks(tiny_run)
    published = tiny_run.known.products.tables.brands["benchmark_rate"]
    assert true.index.equals(published.index)
    assert (true / published).between(0.25, 4).all()
    assert true.nunique() > 1


def test_how_far_benchmarks_are_off_is_told_by_size() -> None:
    def world(size: str, off: float) -> pd.DataFrame:
        return pd.DataFrame({"size": size, "off": [off - 0.01, off + 0.01], "spread": 0.1})

    found = benchmarks([world("small", 0.3), world("small", -0.1), world("large", 0.1)])
    assert found["worlds of size"].tolist() == ["small", "large", "all"]
    assert found["off"].tolist() == pytest.approx([0.05**0.5, 0.1, (0.11 / 3) ** 0.5])
    assert found["off / said"].tolist() == pytest.approx([5**0.5, 1, (11 / 3) ** 0.5])


def test_the_section_says_what_holds(
    tiny_run: WorldRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = [judged(tiny_run)]
    monkeypatch.setattr(uncertainty, "each_run", lambda *_: one)
    settings = QualitySettings(datasets=tmp_path, scratch=tmp_path, small=True)
    section = uncertainty.section(settings)
    assert "coverages of kind and evidence hold" in section.summary
    assert section.figures["pit"].exists()
    assert 0 <= section.metrics["observed_conversion/all/80"] <= 1
