"""Where each pair's outcome comes from, of the pairs that are explained: columns of the matrix."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.contract import Denominator
from models.bundle import AllianceModel
from models.explanations.attribution import Factor, attribution
from models.links import link_of
from models.matrix.columns import BRAND_NUMBERS, COUNTERS
from models.prediction import Floats, PairRows, Target
from models.predictors.boosted import BoostedPredictor
from models.shortlists.reasons import top_reasons
from pipelines.snapshot import FEATURE_GROUPS, FEATURE_NAMES

FACTORS: Final[Mapping[Denominator, tuple[Target, ...]]] = {
    "clicks": (Target.EXPOSURE, Target.CLICK_THROUGH, Target.CONVERSION),
    "impressions": (Target.EXPOSURE, Target.CONVERSION),
    "viewers": (Target.TRAFFIC, Target.CONVERSION),
    "views": (Target.TRAFFIC, Target.CONVERSION),
}
"""Whose product, times the order value, is a session's GMV (`models.money.deal_money`)."""


def contributions(
    model: AllianceModel,
    rows: Mapping[Target, PairRows],
    conversion: Target,
    denominator: Denominator | None,
) -> dict[Target, Floats]:
    """What each feature adds to every factor of GMV, and to the conversion that reasons are of.

    (n, features + 1) on the link scale, the base in the last column. A predictor that does not
    tell its features apart has all in the base.
    """
    wanted = (*(FACTORS[denominator] if denominator else ()), conversion)
    added = {}
    for target in dict.fromkeys(wanted):
        predictor = model.predictors.get(target)
        if predictor is None or target not in rows:
            continue
        if isinstance(predictor, BoostedPredictor):
            added[target] = predictor.contributions(rows[target])
        else:
            mean = predictor.predict(rows[target]).mean
            added[target] = np.zeros((len(mean), len(FEATURE_NAMES) + 1))
            added[target][:, -1] = link_of(target).forward(mean)
    return added


def part_columns(
    added: Mapping[Target, Floats],
    rows: Mapping[Target, PairRows],
    conversion: Target,
    denominator: Denominator | None,
    order_value: Floats,
    brand_id: npt.NDArray[np.object_],
) -> dict[str, npt.NDArray[Any]]:
    """`part_<part>` of each of these pairs, and the two groups of facts that lower it most; and
    `usual_<part>` of its brand.

    Parts are of GMV where all its factors are forecast, else of the conversion alone.
    """
    factors = FACTORS[denominator] if denominator else ()
    is_money = bool(factors) and set(factors) <= added.keys()
    if not is_money:
        factors = (conversion,)
    if not set(factors) <= added.keys():
        return {}
    brand = pd.factorize(brand_id)[0].astype(np.intp)
    told = attribution(
        [Factor(target.is_rate, added[target]) for target in factors],
        order_value if is_money else None,
        brand,
        FEATURE_NAMES,
        FEATURE_GROUPS,
    )
    with_base = np.column_stack([told.features, np.zeros(len(brand))])
    features = rows[factors[-1]].features
    counters = top_reasons(
        with_base, features, FEATURE_NAMES, FEATURE_GROUPS, len(COUNTERS), against=True
    )
    columns: dict[str, npt.NDArray[Any]] = {f"part_{p}": v for p, v in told.parts.items()}
    columns |= {f"usual_{part}": values for part, values in told.usual.items()}
    return columns | dict(counters)


def usual_candidates(columns: dict[str, npt.NDArray[Any]]) -> pd.DataFrame:
    """Takes `usual_<part>` out of the pairs' columns: a row for each brand, less their mean."""
    taken = {name: columns.pop(name) for name in BRAND_NUMBERS if name in columns}
    brand = pd.Index(columns["brand_id"].astype(str), name="brand_id")
    usual = pd.DataFrame(taken, index=brand).groupby(level=0).first()
    return usual - usual.mean()
