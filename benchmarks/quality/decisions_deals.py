"""Deals judged on a world: is P(loss) how often sessions lose, P(yes) how often one says yes?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.metrics import log_losses
from experiments.pit import Mask, reliability_table
from experiments.world.brands import brands
from experiments.world.collaborations import acceptance
from experiments.world.creators import creators
from experiments.world.lines import (
    LINE_APPEAL,
    LINE_CLICKS,
    LINE_CONVERSION,
    SESSION_CLICKS,
    SESSION_CONVERSION,
)
from experiments.world.randomness import noise
from experiments.world.sessions import WITHIN_VIEWS
from experiments.world.settings import WorldSettings
from experiments.world.truth import true_rates
from models.deals.economics import logit_spread, p_loss
from models.matrix.matrix import AllianceMatrix
from models.prediction import Floats
from models.uncertainty.predictive import UNITS_PER_ORDER

SESSIONS = 400
"""Simulated of each pair."""
DISCOUNT, DISCOUNT_SPREAD = 0.92, 0.05
JUNK_VIEWS = (0.002, 0.05)
JUNK_CLICKS, JUNK_ORDERS = 0.3, 0.2
"""As `experiments.world` draws them."""


@dataclass(frozen=True)
class Chances:
    """What was said to be so probable, and how probable it truly was, a row each."""

    said: Floats
    true: Floats
    creator: npt.NDArray[np.str_]
    lo80: Floats | None = None
    """The interval of what was said, where one was."""
    hi80: Floats | None = None

    def happened(self, seed: int) -> Mask:
        """One draw of each by its true chance."""
        return np.random.default_rng(seed).random(len(self.true)) < self.true


def yes_chances(matrix: AllianceMatrix, settings: WorldSettings) -> Chances:
    """P(yes) of every pair that has one, on the terms of its `profit`; the truth on the same terms.

    Terms that are not known are as asked, in both.
    """
    people, merchants = creators(settings), brands(settings)
    known = np.flatnonzero(~np.isnan(matrix.columns["p_accept"]))
    creator_ids = _ids(matrix, "creator_id", known)
    c = pd.Index(people.ids).get_indexer(pd.Index(creator_ids))
    b = pd.Index(merchants.ids).get_indexer(pd.Index(_ids(matrix, "brand_id", known)))
    rows = known[(c >= 0) & (b >= 0)]
    there = (c >= 0) & (b >= 0)
    c, b = c[there].astype(np.int64), b[there].astype(np.int64)
    commission, fee = (_number(matrix, name, rows) for name in ("commission_rate", "slot_fee"))
    commission = np.where(np.isnan(commission), people.commission_asked[c], commission)
    asked = people.slot_fee[c]
    paid = (asked > 0) & (fee > 0)
    ratio = np.where(paid, np.log(np.where(paid, fee, 1.0) / np.where(paid, asked, 1.0)), 0.0)
    return Chances(
        said=_number(matrix, "p_accept", rows),
        true=acceptance(people, merchants, c, b, ratio, commission),
        creator=creator_ids[there],
        lo80=_number(matrix, "p_accept_lo80", rows),
        hi80=_number(matrix, "p_accept_hi80", rows),
    )


def loss_chances(
    matrix: AllianceMatrix,
    truth: Mapping[str, pd.DataFrame],
    settings: WorldSettings,
    pairs: int = 1_500,
    seed: int = 0,
) -> Chances:
    """P(loss) of drawn pairs with a profit, and the share of their simulated sessions that lose."""
    known = np.flatnonzero(
        ~np.isnan(matrix.columns["profit"]) & ~np.isnan(matrix.columns["gmv_session_spread"])
    )
    known = known[np.isin(_ids(matrix, "creator_id", known), truth["creators"]["creator_id"])]
    random = np.random.default_rng(seed)
    rows = np.sort(random.choice(known, min(pairs, len(known)), replace=False))
    said = _said_losses(matrix, rows)
    creator_ids, product_ids = _ids(matrix, "creator_id", rows), _products(matrix, rows)
    gmv, returned = simulated_sessions(truth, settings, creator_ids, product_ids, random)
    margin, commission, handling, fee, sample = (
        np.nan_to_num(_number(matrix, name, rows))[:, None]
        for name in (
            "margin_rate",
            "commission_rate",
            "return_handling_rate",
            "slot_fee",
            "sample_cost",
        )
    )
    kept = (1 - returned) * (margin - commission) - returned * handling
    return Chances(said, (gmv * kept < fee + sample).mean(axis=1), creator_ids)


def simulated_sessions(
    truth: Mapping[str, pd.DataFrame],
    settings: WorldSettings,
    creator_ids: Iterable[str],
    product_ids: Iterable[str],
    random: np.random.Generator,
    sessions: int = SESSIONS,
) -> tuple[Floats, Floats]:
    """GMV and the share of orders returned of single sessions, (pairs, sessions) each.

    As a world draws them outside of campaigns (docs/world.md): views, appeal, clicks and orders
    vary around the pair's true rates, some sessions are junk, orders and units fall by chance.
    """
    products = list(product_ids)
    rates = {name: v[:, None] for name, v in true_rates(truth, creator_ids, products).items()}
    shape = (len(products), sessions)
    v, shock = random.standard_normal(shape), random.standard_normal(shape)
    junk = random.random(shape) < settings.junk_share
    expected = rates["impressions"] * np.exp(WITHIN_VIEWS * v - WITHIN_VIEWS**2 / 2)
    expected = expected * np.where(junk, random.uniform(*JUNK_VIEWS, shape), 1.0)
    shown = random.poisson(expected * noise(random, LINE_APPEAL, shape))
    rate = rates["click_through"] * np.exp(SESSION_CLICKS * shock - SESSION_CLICKS**2 / 2)
    rate = rate * np.exp(0.12 * v) * noise(random, LINE_CLICKS, shape)
    clicks = random.binomial(shown, np.minimum(rate * np.where(junk, JUNK_CLICKS, 1.0), 0.7))
    rate = rates["conversion"] * noise(random, SESSION_CONVERSION, shape)
    rate = rate * noise(random, LINE_CONVERSION, shape) * np.where(junk, JUNK_ORDERS, 1.0)
    orders = random.binomial(clicks, np.minimum(rate, 0.98))
    units = orders + random.poisson(UNITS_PER_ORDER * orders)
    price = truth["products"].set_index("product_id")["price"].loc[products].to_numpy(float)
    discount = np.clip(random.normal(DISCOUNT, DISCOUNT_SPREAD, shape), 0.7, 1.0)
    back = random.binomial(orders, np.broadcast_to(rates["return_rate"], shape))
    return units * price[:, None] * discount, back / np.maximum(orders, 1)


def calibration(chances: Chances, seed: int = 0) -> pd.DataFrame:
    """Said against happened by bins of what was said, creators as clusters."""
    return reliability_table(chances.said, chances.happened(seed), chances.creator)


def scored(chances: Chances) -> dict[str, float]:
    """Expected log-loss beside that of the truth and of the mean chance; distance; coverage.

    The expectation is over what happens, so nothing of it is luck. `held80` is nan where no
    interval was said.
    """
    one = np.ones(len(chances.true))
    usual = np.full(len(one), chances.true.mean())
    held = np.nan
    if chances.lo80 is not None and chances.hi80 is not None:
        inside = (chances.lo80 <= chances.true) & (chances.true <= chances.hi80)
        held = float(inside.mean())
    return {
        "rows": float(len(one)),
        "log_loss": float(log_losses(chances.true, one, chances.said).mean()),
        "log_loss_of_truth": float(log_losses(chances.true, one, chances.true).mean()),
        "log_loss_of_mean": float(log_losses(chances.true, one, usual).mean()),
        "said": float(chances.said.mean()),
        "true": float(chances.true.mean()),
        "rmse": float(np.sqrt(np.mean((chances.said - chances.true) ** 2))),
        "correlation": float(np.corrcoef(chances.said, chances.true)[0, 1]),
        "held80": held,
    }


def _said_losses(matrix: AllianceMatrix, rows: npt.NDArray[np.intp]) -> Floats:
    rate, low, high = (_number(matrix, f"return_rate{end}", rows) for end in ("", "_lo80", "_hi80"))
    kept = _number(matrix, "margin_rate", rows) - _number(matrix, "commission_rate", rows)
    handling = np.nan_to_num(_number(matrix, "return_handling_rate", rows))
    fixed = sum(np.nan_to_num(_number(matrix, name, rows)) for name in ("slot_fee", "sample_cost"))
    gmv, spread, value = (
        _number(matrix, name, rows) for name in ("gmv", "gmv_session_spread", "order_value")
    )
    returns = (rate, logit_spread(rate, low, high))
    cut_short = matrix.manifest.cut_short or 0.0
    return p_loss(gmv, spread, value, returns, (kept, handling), np.asarray(fixed), cut_short)


def _number(matrix: AllianceMatrix, name: str, rows: npt.NDArray[np.intp]) -> Floats:
    return np.asarray(matrix.columns[name][rows], dtype=np.float64)


def _ids(matrix: AllianceMatrix, name: str, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.str_]:
    frame = {"creator_id": matrix.creators, "brand_id": matrix.brands}[name]
    return frame[name].to_numpy(dtype=np.str_)[matrix.columns[name][rows]]


def _products(matrix: AllianceMatrix, rows: npt.NDArray[np.intp]) -> list[str]:
    ids = matrix.products["product_id"].to_numpy(dtype=object)
    return [str(one) for one in ids[matrix.columns["best_product_id"][rows]]]
