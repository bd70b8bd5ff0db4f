"""Forecasts of a product's conversion from its category, price and host, without denominators.

A rate whose denominator is not known weighs as much as any other: every model here minimises the
plain cross-entropy -y log p - (1 - y) log(1 - p) of rates y between 0 and 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import lightgbm
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit

Floats = npt.NDArray[np.float64]
Model = Callable[[pd.DataFrame, pd.DataFrame], Floats]
"""(rows to learn from, rows to forecast) -> a rate each."""

PULL: Final = 5.0
"""Rows' worth of the overall rate that a group's mean is pulled to it."""
PRICES: Final = (1.0, 20_000.0)
"""Beyond these a price is a placeholder: 0.01 and 7,888,888 yuan are both on sale."""


def cross_entropy(rate: Floats, forecast: Floats) -> Floats:
    """Of each row, in nats."""
    p = np.clip(forecast, 1e-6, 1 - 1e-6)
    return np.asarray(-(rate * np.log(p) + (1 - rate) * np.log1p(-p)))


def mean_of(*keys: str) -> Model:
    """The mean rate of the group with the same keys (none: of all rows), pulled to the overall."""

    def forecast(known: pd.DataFrame, asked: pd.DataFrame) -> Floats:
        overall = float(known["conversion_rate"].mean())
        if not keys:
            return np.full(len(asked), overall)
        groups = known.groupby(list(keys))["conversion_rate"].agg(["sum", "count"])
        rate = (groups["sum"] + PULL * overall) / (groups["count"] + PULL)
        index = asked[keys[0]] if len(keys) == 1 else pd.MultiIndex.from_frame(asked[list(keys)])
        return rate.reindex(index).fillna(overall).to_numpy(float)

    return forecast


def crossed(host: float, fit: float) -> Model:
    """Logistic: category, host, host x category and log price by category, each pulled to zero.

    `host` and `fit` are the penalties on squared host and host x category effects, in rows' worth
    of information: the larger, the closer to zero.
    """

    def forecast(known: pd.DataFrame, asked: pd.DataFrame) -> Floats:
        design = Design.of(known, {"category": 1.0, "host": host, "fit": fit, "price": 1.0})
        x, penalty = design(known), design.penalty
        rate = known["conversion_rate"].to_numpy(float)

        def cost(v: Floats) -> tuple[float, Floats]:
            logit = x @ v
            loss = np.logaddexp(0, logit).sum() - rate @ logit
            slope = x.T @ (expit(logit) - rate) + penalty * v
            return float(loss + penalty @ v**2 / 2), np.asarray(slope)

        found = minimize(cost, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B")
        return np.asarray(expit(design(asked) @ found.x))

    return forecast


def trees(known: pd.DataFrame, asked: pd.DataFrame) -> Floats:
    """Small LightGBM trees on category, host, log price and log price against the category's."""
    codes = {name: np.unique(known[name]) for name in ("category", "creator_id")}
    usual = known.assign(log_price=log_price(known)).groupby("category")["log_price"].median()

    def features(rows: pd.DataFrame) -> Floats:
        price = log_price(rows)
        coded = [pd.Index(values).get_indexer(pd.Index(rows[n])) for n, values in codes.items()]
        relative = price - rows["category"].map(usual).to_numpy(float)
        return np.column_stack([*coded, price, relative]).astype(float)

    settings = {
        "objective": "cross_entropy",
        "num_leaves": 15,
        "learning_rate": 0.05,
        "min_data_in_leaf": 40,
        "cat_smooth": 20.0,
        "lambda_l2": 5.0,
        "seed": 0,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }
    data = lightgbm.Dataset(
        features(known),
        known["conversion_rate"].to_numpy(float),
        categorical_feature=[0, 1],
        params=settings,
    )
    grown = lightgbm.train(settings, data, num_boost_round=150)
    return np.asarray(grown.predict(features(asked), num_threads=1))


def log_price(rows: pd.DataFrame) -> Floats:
    return np.log(rows["price"].to_numpy(float).clip(*PRICES))


@dataclass(frozen=True)
class Design:
    """Columns of the logistic model: an intercept, then groups of effects with their penalty."""

    groups: Mapping[str, pd.Index]
    usual: pd.Series
    penalty: Floats

    @classmethod
    def of(cls, known: pd.DataFrame, penalties: Mapping[str, float]) -> "Design":
        groups = {name: pd.Index(np.unique(_key(known, name))) for name in penalties}
        usual = known.assign(p=log_price(known)).groupby("category")["p"].median()
        each = [np.full(len(groups[name]), weight) for name, weight in penalties.items()]
        return cls(groups, usual, np.concatenate([[0.0, 0.0, 0.0], *each]))

    def __call__(self, rows: pd.DataFrame) -> sparse.csr_matrix:
        usual = rows["category"].map(self.usual).fillna(self.usual.median())
        relative = log_price(rows) - usual.to_numpy(float)
        parts = [sparse.csr_matrix(np.column_stack([np.ones(len(rows)), relative, relative**2]))]
        for name, values in self.groups.items():
            at = values.get_indexer(pd.Index(_key(rows, name)))
            here = np.flatnonzero(at >= 0)
            filled = relative[here] if name == "price" else np.ones(len(here))
            shape = (len(rows), len(values))
            parts.append(sparse.csr_matrix((filled, (here, at[here])), shape=shape))
        return sparse.hstack(parts, format="csr")


def _key(rows: pd.DataFrame, name: str) -> npt.NDArray[np.str_]:
    category = rows["category"].to_numpy(dtype=str)
    host = rows["creator_id"].to_numpy(dtype=str)
    if name == "fit":
        return np.char.add(np.char.add(host, " / "), category)
    return host if name == "host" else category
