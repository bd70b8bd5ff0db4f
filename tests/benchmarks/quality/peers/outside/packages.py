"""Stand-ins for the peers' packages: they keep what they are handed and answer plainly."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from runpy import run_module
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from benchmarks.quality.peers import apart


def module(name: str, **members: Any) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(members)
    return made


@dataclass
class Rows:
    """Rows as both boosters take them: a label, weights and the logits to start from."""

    features: Any
    label: Any
    weight: Any
    start: Any


def pool(features: Any, label: Any = None, weight: Any = None, baseline: Any = None) -> Rows:
    return Rows(features, label, weight, baseline)


def d_matrix(features: Any, label: Any = None, weight: Any = None, base_margin: Any = 0) -> Rows:
    return Rows(features, label, weight, base_margin)


class CatBoost:
    """Every round adds a hundredth of the last feature, without the baseline, as CatBoost does."""

    grown: ClassVar[list["CatBoost"]] = []

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.grown.append(self)

    def fit(self, pool: Rows) -> None:
        self.learned = pool

    def predict(self, pool: Rows, kind: str, ntree_end: int) -> Any:
        assert kind == "RawFormulaVal"
        assert ntree_end <= self.settings["iterations"]
        return 0.01 * ntree_end * pool.features[:, -1]


class Booster:
    """Every round adds a hundredth of the last feature, with the margin, as XGBoost does."""

    grown: ClassVar[list["Booster"]] = []

    def __init__(self, settings: dict[str, Any], learned: Rows, num_boost_round: int) -> None:
        self.settings, self.learned, self.rounds = settings, learned, num_boost_round
        self.grown.append(self)

    def predict(self, rows: Rows, output_margin: bool, iteration_range: tuple[int, int]) -> Any:
        first, last = iteration_range
        assert output_margin
        assert last <= self.rounds
        return rows.start + 0.01 * (last - first) * rows.features[:, -1]


class FactorisationMachine:
    """Answers with the position of each row's brand, store and category."""

    made: ClassVar[list["FactorisationMachine"]] = []

    def __init__(self, rank: int, random_seed: int) -> None:
        self.rank = rank
        self.made.append(self)

    def fit(self, x: Any, y: Any, n_iter: int, n_kept_samples: int, group_shapes: Any) -> None:
        self.x, self.y, self.kept, self.groups = x.toarray(), y, n_kept_samples, group_shapes

    def predict(self, x: Any) -> Any:
        brand, store = np.split(x.toarray(), np.cumsum(self.groups)[:-1], axis=1)[:2]
        return 100 * brand.argmax(axis=1) + store.argmax(axis=1)


class GPModel:
    """Answers with the last covariate of each row."""

    made: ClassVar[list["GPModel"]] = []

    def __init__(self, **told: Any) -> None:
        self.told = told
        self.made.append(self)

    def fit(self, **learned: Any) -> None:
        self.learned = learned

    def predict(self, group_data_pred: Any, X_pred: Any, predict_response: bool) -> Any:
        assert predict_response
        self.asked = group_data_pred
        return {"mu": X_pred[:, -1]}


class Columns:
    """The names RecTools gives to columns."""

    User, Item, Weight, Datetime, Score = "user_id", "item_id", "weight", "datetime", "score"


class Dataset:
    """RecTools' interactions, with the features of users."""

    def __init__(self, table: pd.DataFrame, features: pd.DataFrame) -> None:
        self.table, self.features = table, features
        self.user_id_map = SimpleNamespace(external_ids=table[Columns.User].unique())

    @classmethod
    def construct(cls, table: pd.DataFrame, user_features_df: Any, cat_user_features: Any) -> Any:
        assert cat_user_features == user_features_df["feature"].unique().tolist()
        return cls(table, user_features_df)


class Recommender:
    """Recommends what was met, by its weight; nothing else has a score."""

    made: ClassVar[list["Recommender"]] = []

    def __init__(self, *told: Any, **settings: Any) -> None:
        self.told, self.settings = told, settings
        self.made.append(self)

    def fit(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def recommend(self, users: Any, dataset: Dataset, k: int, filter_viewed: bool) -> pd.DataFrame:
        assert not filter_viewed
        return dataset.table.rename(columns={Columns.Weight: Columns.Score})


STAND_INS = {
    "catboost": module("catboost", CatBoost=CatBoost, Pool=pool),
    "xgboost": module("xgboost", DMatrix=d_matrix, train=Booster),
    "myfm": module("myfm", MyFMRegressor=FactorisationMachine),
    "gpboost": module("gpboost", GPModel=GPModel),
    "implicit.als": module("implicit.als", AlternatingLeastSquares=SimpleNamespace),
    "rectools": module("rectools", Columns=Columns),
    "rectools.dataset": module("rectools.dataset", Dataset=Dataset),
    "rectools.models": module(
        "rectools.models", PureSVDModel=Recommender, ImplicitALSWrapperModel=Recommender
    ),
}
LEDGERS = (CatBoost.grown, Booster.grown, FactorisationMachine.made, GPModel.made, Recommender.made)


def run_here(command: Sequence[Any], **_: Any) -> SimpleNamespace:
    """In place of a process of the peers' environment: the module runs in this one."""
    _, _, name, *files = command
    with pytest.MonkeyPatch.context() as patch:
        for package, stand_in in STAND_INS.items():
            patch.setitem(sys.modules, package, stand_in)
        patch.setattr(sys, "argv", [name, *map(str, files)])
        run_module(name, run_name="__main__")
    return SimpleNamespace(returncode=0)


@pytest.fixture
def _stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Peers answer with stand-ins for their packages, whose ledgers are empty."""
    monkeypatch.setattr(apart, "PYTHON", Path(sys.executable))
    monkeypatch.setattr("subprocess.run", run_here)
    for ledger in LEDGERS:
        ledger.clear()
