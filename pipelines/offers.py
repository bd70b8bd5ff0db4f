"""Offers of a block: what is said of each product with each creator, below the pairs."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.pair import Pairs
from models.bundle import AllianceModel
from models.matrix.columns import OFFER_NUMBERS
from models.matrix.diagnosis import p_above, p_above_log
from models.matrix.offers import OfferParts, compact
from models.prediction import Floats, Forecast, Target
from pipelines.candidates import GridPlan
from pipelines.extrapolation import extrapolated
from pipelines.grid import Block, Known, ScoredBlock, unknown
from pipelines.yardsticks import offer_yardsticks

THREE = {
    "impressions": Target.EXPOSURE,
    "click_through_rate": Target.CLICK_THROUGH,
    "return_rate": Target.RETURN,
}


def too_many(plan: GridPlan, most: int) -> str | None:
    """Why the plan's offers are not kept, as a sentence; None when they are."""
    offers = sum(len(brand.creators) * len(brand.items) for brand in plan.brands)
    if offers <= most:
        return None
    return (
        f"Products are forecast with every creator but only the best of each pair is kept: "
        f"{offers:,} offers are more than the {most:,} that the scoring's max_offers allows"
    )


def offer_parts(
    block: Block, scored: ScoredBlock, known: Known, model: AllianceModel
) -> OfferParts:
    """Every (pair, product) row of the block, as float32."""
    n = len(block.creators)
    conversion = scored.forecasts.get(Target.CONVERSION) or unknown(n)
    found: dict[str, Forecast] = {"conversion_rate": conversion}
    found |= {name: scored.forecasts.get(target) or unknown(n) for name, target in THREE.items()}
    found |= {name: getattr(scored.money, name) for name in ("gmv", "net_gmv", "profit")}
    columns: dict[str, npt.NDArray[Any]] = {}
    for name, forecast in found.items():
        ends = {"": forecast.mean, "_lo80": forecast.lo80, "_hi80": forecast.hi80}
        columns |= {name + end: values for end, values in ends.items()}
    columns |= _above(block, known, conversion, found["impressions"])
    columns |= {name: getattr(scored.deal, name) for name in ("commission_rate", "slot_fee")}
    columns |= _evidence(block, known)
    columns |= offer_yardsticks(block, known, model, columns, scored.forecasts)
    kept = {
        name: compact(columns[name].astype(np.float32)) for name in OFFER_NUMBERS if name in columns
    }
    outside = extrapolated(scored.rows, model) if scored.rows else np.zeros(n, dtype=bool)
    return OfferParts(
        counts=np.diff(np.append(block.starts, n)),
        product_id=pd.Categorical.from_codes(block.items, known.products.tables.items.index),
        columns=kept | {"extrapolated": outside},
    )


def _above(
    block: Block, known: Known, conversion: Forecast, impressions: Forecast
) -> dict[str, Floats]:
    """P(above the benchmark of the product's brand), of conversion and of impressions."""
    tables = known.products.tables
    brand = tables.brands.index.get_indexer(pd.Index(block.pair_brand, dtype="str"))
    brand = np.repeat(brand, np.diff(np.append(block.starts, len(block.creators))))

    def benchmark(name: str) -> Floats:
        return tables.brands[name].to_numpy(dtype=np.float64)[brand]

    return {
        "benchmark_rate": benchmark("benchmark_rate"),
        "p_above_benchmark": p_above(
            conversion.mean,
            conversion.spread,
            benchmark("benchmark_rate"),
            benchmark("benchmark_spread"),
            conversion.wild,
        ),
        "p_impressions_above_benchmark": p_above_log(
            impressions.mean,
            impressions.spread,
            benchmark("benchmark_impressions"),
            benchmark("benchmark_impressions_spread"),
            impressions.wild,
        ),
    }


def _evidence(block: Block, known: Known) -> dict[str, Floats]:
    """Sessions of the creator with the product, and their denominators, of all time."""
    pairs = Pairs(known.products.tables, block.creators, block.items)
    return {
        "evidence_sessions": np.nan_to_num(pairs.sum("pair", "lines_all")),
        "evidence_clicks": np.nan_to_num(pairs.sum("pair", "denominator_all")),
    }
