"""A matrix with terms, offers and answered invitations, small enough to work out by hand."""

from typing import Any

import numpy as np
import pandas as pd

from models.acceptance.terms import OfferRange, OfferTerms
from models.deals.formats import FormatEffect, FormatEffects, Ratio
from models.matrix.columns import OFFER_COLUMNS
from models.matrix.manifest import Manifest
from models.matrix.matrix import AllianceMatrix, build_matrix
from models.matrix.offers import OfferParts
from tests.matrices import AS_OF

BRANDS = pd.DataFrame(
    {
        "brand_id": ["lip", "nut"],
        "name": ["Lip", "Nut"],
        "industry": ["beauty", "food"],
        "brand_tier": ["head", "tail"],
    }
)
CREATORS = pd.DataFrame(
    {
        "creator_id": ["anna", "bo"],
        "name": ["Anna", "Bo"],
        "main_category": ["beauty", "food"],
        "tier": ["head", "tail"],
        "followers": [12_000_000, 200_000],
        "slot_fee": [10_000.0, 0.0],
        "commission_rate": [0.2, 0.1],
    }
)
PRODUCTS = pd.DataFrame(
    {
        "product_id": ["p1", "p2", "p3"],
        "brand_id": ["lip", "lip", "nut"],
        "title": ["Rouge", "Balm", "Walnut"],
        "category": ["beauty", "beauty", "food"],
        "price": [109.0, 59.0, 29.0],
        "order_value": [97.31, 48.77, 19.43],
        "margin_rate": [0.6, 0.52, 0.4],
        "return_handling_rate": [0.05, 0.05, np.nan],
        "sample_cost": [50.0, 20.0, np.nan],
    }
)
ROWS = pd.DataFrame(
    {
        "brand_id": ["lip", "lip", "nut", "nut"],
        "creator_id": ["anna", "bo", "anna", "bo"],
        "best_product_id": ["p1", "p2", "p3", "p3"],
        "gmv": [100_000.0, 5_000.0, 30_000.0, 2_000.0],
        "return_rate": [0.2, 0.1, 0.0, 0.0],
        "return_rate_lo80": [0.15, 0.08, np.nan, np.nan],
        "return_rate_hi80": [0.26, 0.13, np.nan, np.nan],
        "net_gmv": [80_000.0, 4_500.0, 30_000.0, 2_000.0],
        "profit": [20_950.0, 1_600.0, -1_000.0, 600.0],
        "order_value": [100.0, 50.0, 20.0, 20.0],
        "margin_rate": [0.6, 0.5, 0.4, 0.4],
        "commission_rate": [0.2, 0.1, 0.2, 0.1],
        "return_handling_rate": [0.05, 0.05, np.nan, np.nan],
        "slot_fee": [10_000.0, 0.0, 10_000.0, np.nan],
        "sample_cost": [50.0, 20.0, np.nan, np.nan],
        "gmv_session_spread": [0.8, 1.0, 0.8, 1.2],
        "p_accept": [0.5, 0.6, 0.3, 0.4],
        "p_accept_lo80": [0.4, 0.5, 0.2, 0.3],
        "p_accept_hi80": [0.6, 0.7, 0.4, 0.5],
    }
)
for _name in ("gmv", "net_gmv"):
    ROWS[f"{_name}_lo80"], ROWS[f"{_name}_hi80"] = ROWS[_name] * 0.6, ROWS[_name] * 1.5

SEEN = OfferRange(category=None, tier=None, commission_lo=0.1, commission_hi=0.3, offers=200)
TERMS = OfferTerms(
    commission=0.15,
    commission_se=0.02,
    log_fee_ratio=1.0,
    log_fee_ratio_se=0.3,
    no_fee=None,
    points_above_asked=(-10.0, 10.0),
    log_fee_ratios=(-0.7, 0.7),
    usual_commission=0.15,
    answers=200,
    ranges=(SEEN,),
)
TWICE = Ratio(mean=2.0, lo80=1.6, hi80=2.5, spread=0.174)
FORMATS = FormatEffects(
    overall=FormatEffect(gmv=TWICE, impressions=TWICE, products=1.9, sessions=40, creators=20),
    tiers={},
    absent=None,
)


def offers() -> OfferParts:
    """Lip's two products with each creator, Nut's one, in the order of `ROWS`."""
    counts = np.array([2, 2, 1, 1])
    products = ["p1", "p2", "p1", "p2", "p3", "p3"]
    numbers = {name: np.full(6, np.nan) for name in OFFER_COLUMNS}
    numbers["gmv"] = np.array([100_000.0, 40_000.0, 1_000.0, 5_000.0, 30_000.0, 2_000.0])
    numbers["return_rate"] = np.array([0.2, 0.1, 0.2, 0.1, 0.0, 0.0])
    numbers["net_gmv"] = numbers["gmv"] * (1 - numbers["return_rate"])
    numbers["net_gmv_lo80"], numbers["net_gmv_hi80"] = (
        numbers["net_gmv"] * 0.6,
        numbers["net_gmv"] * 1.5,
    )
    numbers["commission_rate"] = np.array([0.2, 0.2, 0.1, 0.1, 0.2, 0.1])
    numbers["slot_fee"] = np.array([10_000.0, 10_000.0, 0.0, 0.0, 10_000.0, np.nan])
    numbers["impressions"] = numbers["gmv"]
    numbers["conversion_rate"] = np.full(6, 0.05)
    numbers["evidence_sessions"] = np.array([3.0, 0, 0, 1, 0, 0])
    numbers["extrapolated"] = np.zeros(6, dtype=bool)
    return OfferParts(counts, pd.Categorical(products, categories=["p1", "p2", "p3"]), numbers)


def deal_matrix(**changes: Any) -> AllianceMatrix:
    """`ROWS` with these columns replaced; `manifest` changes the manifest, `offers` None drops."""
    told = {"acceptance": TERMS, "formats": FORMATS, **changes.pop("manifest", {})}
    manifest = Manifest(as_of=AS_OF, conversion_denominator="clicks", **told)
    kept = changes.pop("offers", offers())
    frame = ROWS.assign(**changes)
    return build_matrix(frame, BRANDS, CREATORS, manifest, PRODUCTS, offers=kept)
