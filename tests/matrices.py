"""A matrix small enough to work out by hand, shared by the tests that read one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from models.matrix.columns import OFFER_NUMBERS
from models.matrix.diagnosis import action, quadrant
from models.matrix.manifest import FeatureWords, Manifest
from models.matrix.matrix import AllianceMatrix, build_matrix
from models.matrix.offers import OfferParts

AS_OF = date(2026, 5, 2)

BRANDS = pd.DataFrame(
    {
        "brand_id": ["acme", "acme-us", "lan", "quiet"],
        "name": ["Acme", "Acme US", "雅诗兰黛", "Quiet"],
        "industry": ["beauty", "beauty", "beauty", "food"],
        "brand_tier": ["head", "waist", "head", "tail"],
    }
)

CREATORS = pd.DataFrame(
    {
        "creator_id": ["c1", "c2", "c3", "c4"],
        "name": ["李佳", "Wei", "王芳芳", None],
        "main_category": ["beauty", "beauty", "food", None],
        "tier": ["head", "tail", "waist", "tail"],
        "followers": [12_000_000, 200_000, 1_500_000, np.nan],
        "region": ["Zhejiang", "Shanghai", "Zhejiang", None],
        "agency": ["Sun", None, "Sun", None],
        "slot_fee": [100_000.0, 0.0, 8_000.0, np.nan],
        "commission_rate": [0.3, 0.1, 0.2, np.nan],
    }
)

PRODUCTS = pd.DataFrame({"product_id": ["p1", "p2"], "title": ["玻尿酸面膜", "Mask"]})

WORDS = {
    "creator_rate_90d": FeatureWords(
        group="creator's conversion", words="sells {value} of clicks over 90 days", unit="share"
    ),
    "pair_sessions": FeatureWords(
        group="history with the brand", words="{value} sessions with the brand", unit="count"
    ),
}


def rows() -> pd.DataFrame:
    """Acme with four creators, two of them tied in net GMV; 雅诗兰黛 with one; Quiet with none."""
    gmv = np.array([9_000.0, 4_000.0, 5_000.0, 2_000.0, 7_000.0])
    returns = np.array([0.5, 0.1, 0.28, 0.1, 0.0])
    above = np.array([0.9, 0.85, 0.1, np.nan, 0.5])
    traffic = np.array([0.95, 0.1, 0.9, np.nan, 0.5])
    names = quadrant(above, traffic)
    frame = pd.DataFrame(
        {
            "brand_id": ["acme"] * 4 + ["lan"],
            "creator_id": ["c1", "c2", "c3", "c4", "c1"],
            "conversion_rate": [0.06, 0.05, 0.02, 0.03, 0.04],
            "best_product_id": ["p1", "p2", "p1", None, "p2"],
            "impressions": [10_000.0, 500.0, 8_000.0, 900.0, 700.0],
            "click_through_rate": [0.1, 0.2, 0.1, 0.1, 0.1],
            "gpm": [900.0, 8_000.0, 625.0, 2_222.0, 10_000.0],
            "gmv": gmv,
            "return_rate": returns,
            "net_gmv": [4_500.0, 3_600.0, 3_600.0, 1_800.0, 7_000.0],
            "benchmark_rate": [0.04, 0.04, 0.04, 0.04, np.nan],
            "benchmark_level": ["industry x tier"] * 4 + [None],
            "p_above_benchmark": above,
            "peer_rate": [0.05, 0.05, 0.045, np.nan, 0.05],
            "peer_level": ["category x tier"] * 3 + [None, "all creators"],
            "p_above_peers": [0.75, 0.5, 0.05, np.nan, 0.3],
            "benchmark_impressions": [2_000.0] * 4 + [np.nan],
            "p_impressions_above_benchmark": traffic,
            "sessions_to_settle": [0.0, 0.0, 0.0, np.nan, 4.0],
            "open_question": [None, None, None, "no benchmark", "conversion"],
            "quadrant": names,
            "action": action(names),
            "evidence_sessions": [3, 0, 12, np.nan, 0],
            "evidence_clicks": [410, 0, 2_000, np.nan, 0],
            "sessions_90": [3, 0, 9, np.nan, 0],
            "conversion_denominator": ["clicks"] * 5,
            "extrapolated": [False, True, False, False, False],
            "extrapolated_why": [None, "followers beyond those learned from", None, None, None],
            "reason1_feature": ["creator_rate_90d", "pair_sessions", "mystery", None, None],
            "reason1_value": [0.053, np.nan, 2.5, np.nan, np.nan],
            "reason1_effect": [np.log(1.25), np.log(0.8), 0.1, np.nan, np.nan],
        }
    )
    for name in ("conversion_rate", "impressions", "click_through_rate", "gpm", "gmv", "net_gmv"):
        frame[f"{name}_lo80"], frame[f"{name}_hi80"] = frame[name] * 0.5, frame[name] * 2
    return frame


def manifest(**changes: Any) -> Manifest:
    told: Mapping[str, Any] = {
        "as_of": AS_OF,
        "data_fingerprint": "f1",
        "model_name": "alliance",
        "model_version": "3",
        "run_id": "run-1",
        "conversion_denominator": "clicks",
        "gpm_is": "1000 x GMV / product impressions",
        "null_columns": {
            "profit": "no product has a margin_rate",
            "p_accept": "no collaborations were given",
            "p_collaboration": "no collaborations were given",
        },
        "feature_words": WORDS,
    }
    return Manifest(**{**told, **changes})


def small_offers() -> OfferParts:
    """Both products with every pair of `rows()`: p1 as its pair, p2 always below the benchmark."""
    frame = rows()
    pairs = len(frame)
    columns: dict[str, Any] = {
        name: np.repeat(frame[name].to_numpy(float), 2) if name in frame else np.full(2 * pairs, 1)
        for name in OFFER_NUMBERS
    }
    columns["p_above_benchmark"][1::2] = 0.1
    columns["sessions_to_settle"][1::2] = 0.0
    columns["evidence_sessions"][1::2] = [2, 0, 0, 0, 0]
    return OfferParts(
        counts=np.full(pairs, 2),
        product_id=pd.Categorical(["p1", "p2"] * pairs),
        columns=columns | {"extrapolated": np.zeros(2 * pairs, dtype=bool)},
    )


def small_matrix(frame: pd.DataFrame | None = None, **changes: Any) -> AllianceMatrix:
    """The matrix of `rows()` (or of this frame), with these changes to its manifest."""
    told = rows() if frame is None else frame
    return build_matrix(told, BRANDS, CREATORS, manifest(**changes), PRODUCTS)


def offered_matrix() -> AllianceMatrix:
    """The matrix of `rows()` with `small_offers()` below it."""
    return build_matrix(rows(), BRANDS, CREATORS, manifest(), PRODUCTS, small_offers())
