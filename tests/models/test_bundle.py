from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from features.errors import NotReady
from models.bundle import AllianceModel, fingerprint
from models.prediction import Target
from models.predictors.boosted import BoostedPredictor
from models.predictors.pair_rate import PairRatePredictor
from tests.models.predictors.simulation import FEATURES, market

RATES = market(1, creators=30, items=20, per_creator=6)
COUNTS = market(1, Target.EXPOSURE, creators=30, items=20, per_creator=6)


@pytest.fixture(scope="module")
def model() -> AllianceModel:
    return AllianceModel.of(
        {
            Target.CONVERSION: BoostedPredictor(Target.CONVERSION).fit(RATES.rows),
            Target.EXPOSURE: PairRatePredictor(Target.EXPOSURE).fit(COUNTS.rows),
        },
        as_of=date(2026, 5, 2),
        data_fingerprint="abc",
        settings={"windows": 4},
        missing_inputs=["no returns: return rates are not forecast"],
    )


def test_the_manifest_says_what_the_model_came_from(model: AllianceModel) -> None:
    assert model.manifest["targets"] == {"conversion": "lightgbm", "exposure": "pair-rate"}
    assert model.manifest["as_of"] == "2026-05-02"
    assert model.manifest["data_fingerprint"] == "abc"
    assert model.manifest["settings"] == {"windows": 4}
    assert model.manifest["missing_inputs"] == ["no returns: return rates are not forecast"]
    assert set(model.manifest["library_versions"]) == {
        "python", "numpy", "scipy", "lightgbm", "pandas"
    }  # fmt: skip
    assert model.feature_names == FEATURES


def test_a_target_the_source_cannot_support_has_no_predictor(model: AllianceModel) -> None:
    assert model.predictor(Target.RETURN) is None


def test_what_is_loaded_forecasts_the_same(model: AllianceModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    read = AllianceModel.load(tmp_path)
    assert read.manifest == model.manifest
    for target, rows in ((Target.CONVERSION, RATES.rows), (Target.EXPOSURE, COUNTS.rows)):
        one, other = model.predictor(target), read.predictor(target)
        assert one is not None
        assert other is not None
        np.testing.assert_array_equal(one.predict(rows).hi80, other.predict(rows).hi80)


def test_only_native_formats_are_written(model: AllianceModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    assert files == {
        "manifest.json",
        "checksums.json",
        "conversion/predictor.json",
        "conversion/trees.txt",
        "exposure/predictor.json",
    }


def test_equal_models_have_equal_fingerprints(model: AllianceModel, tmp_path: Path) -> None:
    one = model.save(tmp_path / "one")
    other = AllianceModel.load(tmp_path / "one").save(tmp_path / "other")
    assert one == other == fingerprint(tmp_path / "other")
    assert len(one) == 64


def test_a_changed_or_missing_file_is_named(model: AllianceModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    (tmp_path / "conversion" / "trees.txt").write_text("tree")
    with pytest.raises(NotReady, match=r"changed or is incomplete: conversion/trees\.txt"):
        AllianceModel.load(tmp_path)
    (tmp_path / "exposure" / "predictor.json").unlink()
    with pytest.raises(NotReady, match=r"conversion/trees\.txt, exposure/predictor\.json"):
        AllianceModel.load(tmp_path)


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"No complete model in .*: checksums\.json is absent"):
        AllianceModel.load(tmp_path)


def test_predictors_of_other_features_do_not_go_together() -> None:
    renamed = replace(COUNTS.rows, feature_names=tuple("abcdef"))
    with pytest.raises(ValueError, match="must share their feature names"):
        AllianceModel.of(
            {
                Target.CONVERSION: PairRatePredictor(Target.CONVERSION).fit(RATES.rows),
                Target.EXPOSURE: PairRatePredictor(Target.EXPOSURE).fit(renamed),
            },
            as_of=date(2026, 5, 2),
            data_fingerprint="abc",
            settings={},
        )
