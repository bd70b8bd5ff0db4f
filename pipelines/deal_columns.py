"""Columns of a pair's deal: the terms that its profit was reckoned with, and one session's luck."""

import numpy as np

from features.contract import Denominator
from models.bundle import AllianceModel
from models.matrix.columns import TERMS
from models.prediction import Target
from models.predictors.calibrated import CalibratedPredictor
from models.uncertainty.session_spread import line_variance, session_spread
from pipelines.columns import Columns
from pipelines.grid import Known, ScoredBlock

FACTORS: dict[Denominator | None, tuple[Target, ...]] = {
    "clicks": (Target.EXPOSURE, Target.CLICK_THROUGH, Target.CONVERSION),
    "impressions": (Target.EXPOSURE, Target.CONVERSION),
    "viewers": (Target.TRAFFIC, Target.CONVERSION),
    "views": (Target.TRAFFIC, Target.CONVERSION),
}
"""By what orders are counted against: what GMV is a product of (`models.money`)."""


def deal_columns(scored: ScoredBlock, known: Known, model: AllianceModel) -> Columns:
    """`TERMS` of the best product of each pair, nan where unknown; and `gmv_session_spread`."""
    best = scored.best
    given = {name: getattr(scored.deal, name) for name in TERMS}
    columns = {name: values[best] for name, values in given.items() if values is not None}
    gmv = scored.money.gmv
    lines, per_trial = np.zeros(len(best)), 1.0
    for target in FACTORS.get(known.denominator, ()):
        predictor = model.predictors.get(target)
        if isinstance(predictor, CalibratedPredictor):
            noise = predictor.line_noise_
            lines += line_variance(noise, scored.forecasts[target].mean[best])
            per_trial = noise.per_trial  # of conversion, the last
    orders = gmv.mean[best] / scored.deal.order_value[best]
    spread = session_spread(gmv.spread[best], lines, orders, per_trial)
    return columns | {"gmv_session_spread": spread}
