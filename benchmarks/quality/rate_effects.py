"""What a product's conversion is made of: category, price, host, their fit, and noise.

log rate = category + slope x log(price / the category's median) + host + host x category + noise,
host, fit and noise normal. The slope is that within cells (host x category); the variances are
restricted maximum likelihood on the means of cells and the spread within them.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from benchmarks.quality.rate_models import Floats, log_price

FEWEST_ROWS: Final = 10
"""Of a cell, for its halves to be compared."""
TOLD: Final = {"host SD": 0.49, "fit SD": 0.27, "price slope": -0.21, "noise SD": 1.14}
"""Section 5 of the domain notes."""


@dataclass(frozen=True)
class Effects:
    """Standard deviations of log rates, and the slope of log price."""

    host: float
    fit: float
    noise: float
    slope: float

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Self:
        """From rows with a rate above zero: creator_id, category, price, conversion_rate."""
        rows = logged(rows)
        cells = rows.groupby(["creator_id", "category"], sort=True)
        within = (rows[["y", "x"]] - cells[["y", "x"]].transform("mean")).to_numpy(float)
        slope = float(within[:, 1] @ within[:, 0] / (within[:, 1] @ within[:, 1]))
        rest = within[:, 0] - slope * within[:, 1]
        noise = float(rest @ rest) / (len(rows) - cells.ngroups - 1)
        table = cells.agg(y=("y", "mean"), x=("x", "mean"), size=("y", "size")).reset_index()
        host, fit = _variances(table, slope, noise)
        return cls(float(np.sqrt(host)), float(np.sqrt(fit)), float(np.sqrt(noise)), slope)

    def told(self) -> dict[str, float]:
        names = ("host SD", "fit SD", "price slope", "noise SD")
        return dict(zip(names, (self.host, self.fit, self.slope, self.noise), strict=True))


def logged(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with a rate above zero, y = log rate, x = log price against the category's median."""
    rows = rows[rows["conversion_rate"] > 0]
    price = pd.Series(log_price(rows), rows.index)
    usual = price.groupby(rows["category"]).transform("median")
    return rows.assign(y=np.log(rows["conversion_rate"]), x=price - usual)


def split_half(rows: pd.DataFrame, splits: int, random_state: int) -> tuple[float, float, int]:
    """How far a cell's residual repeats in other products of it: correlation of halves.

    Residuals of log rates from category, host and price (least squares); cells with at least ten
    products, split at random; Pearson's r over cells, each weighing its products, mean over
    splits. Also the covariance of halves as a share of the variance of log rates, and the number
    of cells.
    """
    rows = logged(rows)
    residual, cell = _residuals(rows), rows.groupby(["creator_id", "category"]).ngroup().to_numpy()
    size = np.bincount(cell)
    enough = np.flatnonzero(size >= FEWEST_ROWS)
    random = np.random.default_rng(random_state)
    found, shared = [], []
    for _ in range(splits):
        order = np.lexsort((random.random(len(cell)), cell))
        place = np.arange(len(cell)) - (np.cumsum(size) - size)[cell[order]]
        first = np.empty(len(cell), bool)
        first[order] = place % 2 == 0
        means = []
        for half in (first, ~first):
            total = np.bincount(cell[half], residual[half], len(size))
            means.append((total / np.maximum(np.bincount(cell[half], None, len(size)), 1))[enough])
        spread = np.cov(np.stack(means), aweights=size[enough])
        found.append(spread[0, 1] / np.sqrt(spread[0, 0] * spread[1, 1]))
        shared.append(spread[0, 1])
    share = float(np.mean(shared) / rows["y"].var())
    return float(np.mean(found)), share, len(enough)


def drawn_hosts(rows: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """As many hosts drawn with replacement; a host drawn twice is two hosts."""
    hosts = {str(host): part for host, part in rows.groupby("creator_id")}
    names = list(hosts)
    picked = random.integers(0, len(names), len(names))
    return pd.concat(
        [hosts[names[at]].assign(creator_id=f"{i:02d}") for i, at in enumerate(picked)],
        ignore_index=True,
    )


def _residuals(rows: pd.DataFrame) -> Floats:
    dummies = pd.get_dummies(rows[["creator_id", "category"]], dtype=float, drop_first=True)
    x = np.column_stack([np.ones(len(rows)), rows["x"], dummies])
    y = rows["y"].to_numpy(float)
    gram = x.T @ x + 1e-6 * np.eye(x.shape[1])
    return np.asarray(y - x @ np.linalg.solve(gram, x.T @ y))


def _variances(cells: pd.DataFrame, slope: float, noise: float) -> tuple[float, float]:
    """Restricted maximum likelihood of host and fit variances from the levels of cells."""
    level = (cells["y"] - slope * cells["x"]).to_numpy(float)
    count = cells["size"].to_numpy(float)
    categories = pd.get_dummies(cells["category"], dtype=float).to_numpy(float)
    host = pd.factorize(cells["creator_id"])[0]
    of_host = [np.flatnonzero(host == h) for h in range(host.max() + 1)]

    def cost(logs: Floats) -> float:
        between, within = np.exp(logs)
        total, log_det = 0.0, 0.0
        gram = 1e-9 * np.eye(categories.shape[1])
        right = np.zeros(categories.shape[1])
        for at in of_host:
            v = np.diag(within + noise / count[at]) + between
            solved = np.linalg.solve(v, np.column_stack([categories[at], level[at]]))
            gram += categories[at].T @ solved[:, :-1]
            right += categories[at].T @ solved[:, -1]
            total += float(level[at] @ solved[:, -1])
            log_det += float(np.linalg.slogdet(v)[1])
        explained = float(right @ np.linalg.solve(gram, right))
        return log_det + float(np.linalg.slogdet(gram)[1]) + total - explained

    found = minimize(cost, np.log([0.2, 0.1]), method="Nelder-Mead", options={"xatol": 1e-3})
    between, within = np.exp(found.x)
    return float(between), float(within)
