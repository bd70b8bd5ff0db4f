"""Examples shown in the OpenAPI document; a test holds them to the shapes they show."""

from typing import Any

from serving.diagnosis_examples import DIAGNOSIS_EXAMPLES
from serving.example_creator import CREATOR
from serving.portfolio_example import PORTFOLIO

REASON = {
    "words": "sells 5.3 % of clicks over 90 days",
    "group": "creator's conversion",
    "feature": "creator_conversion_90",
    "value": 0.053,
    "odds_factor": 1.24,
}

ROW: dict[str, Any] = {
    "rank": 1,
    **CREATOR,
    "conversion": {"mean": 0.06, "lo80": 0.048, "hi80": 0.074},
    "benchmark_rate": 0.046,
    "benchmark_level": "industry x tier",
    "lift": 0.304,
    "p_above_benchmark": 0.93,
    "impressions": {"mean": 41_000, "lo80": 19_000, "hi80": 71_000},
    "click_through_rate": {"mean": 0.11, "lo80": 0.09, "hi80": 0.13},
    "gpm": {"mean": 594, "lo80": 430, "hi80": 780},
    "gmv": {"mean": 24_354, "lo80": 10_500, "hi80": 43_000},
    "return_rate": {"mean": 0.2, "lo80": 0.15, "hi80": 0.26},
    "net_gmv": {"mean": 19_483, "lo80": 8_300, "hi80": 34_500},
    "profit": None,
    "new_followers": {"mean": 310.0, "lo80": 160.0, "hi80": 520.0},
    "repurchase_rate": {"mean": 0.18, "lo80": 0.16, "hi80": 0.2},
    "best_product_id": "p0007",
    "best_product_title": "玻尿酸面膜",
    "p_accept": 0.41,
    "p_collaboration": None,
    "quadrant": "core contributor",
    "action": "strengthen the tie",
    "evidence_sessions": 6,
    "evidence_denominator": 9_120,
    "extrapolated": False,
    "extrapolated_why": None,
    "reasons": [REASON],
    "score": None,
    "unmet": [],
}

SHORTLIST: dict[str, Any] = {
    "brand_id": "b0001",
    "brand_name": "雅诗兰黛",
    "objective": "net_gmv",
    "objective_note": "ranked by net_gmv, the default",
    "k": 1,
    "candidates": 980,
    "remaining": 212,
    "removed": {"category beauty": 768},
    "relaxations": [],
    "products": [],
    "message": None,
    "matrix_version": "2026-05-02-3fa9c1d2",
    "as_of": "2026-05-02",
    "occasion": None,
    "conversion_denominator": "clicks",
    "currency": "CNY",
    "gpm_is": "1000 x GMV / product impressions",
    "null_columns": {"profit": "no product has a margin_rate"},
    "notes": [],
    "rows": [ROW],
}

BRANDS: dict[str, Any] = {
    "matrix_version": "2026-05-02-3fa9c1d2",
    "as_of": "2026-05-02",
    "total": 1,
    "rows": [
        {
            "brand_id": "b0001",
            "name": "雅诗兰黛",
            "industry": "beauty",
            "brand_tier": "head",
            "candidates": 980,
        }
    ],
}

UNKNOWN_BRAND: dict[str, Any] = {
    "type": "/#unknown-brand",
    "title": "No such brand in the matrix",
    "status": 404,
    "detail": "no brand 'b001' in the matrix of 2026-05-02 (60 brands). Close: 'b0001' (雅诗兰黛). "
    "Run 'alliance score' after adding a brand.",
    "instance": "/v1/brands/b001/shortlist",
    "close": ["b0001"],
}

EXAMPLES = {
    "/v1/brands/{brand_id}/shortlist": SHORTLIST,
    "/v1/brands": BRANDS,
    "/v1/brands/{brand_id}/portfolio": PORTFOLIO,
    **DIAGNOSIS_EXAMPLES,
}
"""Route -> an answer it may give."""
