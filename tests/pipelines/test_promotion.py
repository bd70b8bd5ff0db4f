"""When a champion gives way without a contest: it can no longer do the job."""

import json
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest

from features.errors import NotReady
from models.bundle import AllianceModel
from models.prediction import PairRows, Target
from models.predictors.overall import OverallPredictor
from pipelines.home import Home
from pipelines.promotion import one_at_a_time, outdated, readable
from pipelines.settings import LEARNED
from pipelines.tracking import RegisteredModel


def rows() -> PairRows:
    ids = np.array(["c1", "c2"])
    nothing = np.zeros(2)
    return PairRows(
        features=np.zeros((2, 1), dtype=np.float32),
        feature_names=("price",),
        creator_id=ids,
        item_id=ids,
        brand_id=ids,
        category=ids,
        as_of=np.full(2, "2026-01-01", dtype="datetime64[D]"),
        counts={"overall": (nothing, nothing)},
        successes=np.array([1.0, 2.0]),
        trials=np.array([10.0, 10.0]),
    )


def model(*targets: Target, features: tuple[str, ...] = ("price",)) -> AllianceModel:
    manifest = {
        "feature_names": list(features),
        "targets": {target.value: "overall" for target in targets},
    }
    return AllianceModel(manifest, {t: OverallPredictor(t).fit(rows()) for t in targets})


def test_a_champion_that_knows_the_same_has_to_be_beaten() -> None:
    assert not outdated(model(Target.CONVERSION), model(Target.CONVERSION))


def test_a_champion_of_a_poorer_source_or_of_other_features_is_outdated() -> None:
    assert outdated(model(), model(Target.CONVERSION))
    assert outdated(model(Target.CONVERSION, features=("fee",)), model(Target.CONVERSION))


def test_a_model_saved_by_another_version_is_a_sentence_and_no_bug(tmp_path: Path) -> None:
    folder = tmp_path / LEARNED
    model(Target.CONVERSION).save(folder)
    assert readable(RegisteredModel("1", "run", tmp_path)) is not None

    file = folder / "conversion" / "predictor.json"
    older = json.loads(file.read_text())
    del older["format"]
    file.write_text(json.dumps(older))
    assert readable(RegisteredModel("1", "run", tmp_path)) is None
    with pytest.raises(NotReady, match="another version of Alliance"):
        OverallPredictor.load(file.parent)


def test_of_two_trainings_at_once_the_second_waits_for_the_first(tmp_path: Path) -> None:
    began, done = Event(), Event()

    def second() -> None:
        began.set()
        with one_at_a_time(Home(tmp_path)):
            done.set()

    waiting = Thread(target=second)
    with one_at_a_time(Home(tmp_path)):
        waiting.start()
        assert began.wait(5)
        assert not done.wait(0.2)
    waiting.join(5)
    assert done.is_set()
