"""Examples of diagnoses for the OpenAPI document; a test holds them to the shapes they show."""

from typing import Any

LOW: dict[str, Any] = {
    "kind": "diagnosed low",
    "rung": None,
    "state": "mend",
    "reason": "conversion is low: P(above the benchmark) 0.07",
    "on": "2026-05-02",
    "look_on": None,
    "who": "alliance",
    "note": "",
    "matrix_version": "2026-05-02-3fa9c1d2",
    "matrix_as_of": "2026-05-02",
    "recorded_at": "2026-05-03T08:00:00Z",
}

TRIED: dict[str, Any] = {
    "kind": "tried",
    "rung": "product",
    "state": "waiting",
    "reason": "look again in 20 days: 9 sessions together in the last 90",
    "on": "2026-05-04",
    "look_on": "2026-05-24",
    "who": "li",
    "note": "the 30 ml instead of the 100 ml",
    "matrix_version": "2026-05-02-3fa9c1d2",
    "matrix_as_of": "2026-05-02",
    "recorded_at": "2026-05-04T09:30:00Z",
}

REMEDY: dict[str, Any] = {
    "state": "waiting",
    "tried": ["product"],
    "next_rung": "pitch",
    "look_on": "2026-05-24",
    "moves": [LOW, TRIED],
}

CONVERSION = {"mean": 0.031, "lo80": 0.026, "hi80": 0.037}
IMPRESSIONS = {"mean": 41_000, "lo80": 19_000, "hi80": 71_000}

ROW: dict[str, Any] = {
    "creator_id": "c0042",
    "creator_name": "王芳芳",
    "main_category": "beauty",
    "tier": "waist",
    "met": True,
    "conversion": CONVERSION,
    "benchmark_rate": 0.046,
    "benchmark_level": "industry x tier",
    "p_above_benchmark": 0.07,
    "peer_rate": 0.039,
    "peer_level": "category x tier",
    "p_above_peers": 0.18,
    "impressions": IMPRESSIONS,
    "benchmark_impressions": 12_800,
    "p_impressions_above_benchmark": 0.97,
    "quadrant": "mend",
    "action": "change the product, then the pitch, then the live offer; log which has been tried",
    "sessions_to_settle": 0,
    "to_settle": None,
    "evidence_sessions": 22,
    "evidence_denominator": 9_120,
    "sessions_90": 9,
    "extrapolated": False,
    "remedy": REMEDY,
}

DIAGNOSIS: dict[str, Any] = {
    "brand_id": "b0001",
    "brand_name": "雅诗兰黛",
    "product_id": None,
    "product_title": None,
    "matrix_version": "2026-05-02-3fa9c1d2",
    "as_of": "2026-05-02",
    "conversion_denominator": "clicks",
    "candidates": 980,
    "counts": [
        {"quadrant": "core contributor", "met": 12, "new": 31},
        {"quadrant": "rising star", "met": 40, "new": 122},
        {"quadrant": "mend", "met": 96, "new": 388},
        {"quadrant": "not_enough_data", "met": 71, "new": 220},
    ],
    "null_columns": {},
    "rows": [ROW],
}

HISTORY: dict[str, Any] = {
    "brand_id": "b0001",
    "creator_id": "c0042",
    "rows": [
        {
            "matrix_version": "2026-05-02-3fa9c1d2",
            "as_of": "2026-05-02",
            "quadrant": "mend",
            "action": ROW["action"],
            "conversion": CONVERSION,
            "benchmark_rate": 0.046,
            "benchmark_level": "industry x tier",
            "p_above_benchmark": 0.07,
            "p_above_peers": 0.18,
            "impressions": IMPRESSIONS,
            "p_impressions_above_benchmark": 0.97,
            "evidence_sessions": 22,
        }
    ],
    "remedy": REMEDY,
}

DIAGNOSIS_EXAMPLES = {
    "/v1/brands/{brand_id}/diagnosis": DIAGNOSIS,
    "/v1/brands/{brand_id}/creators/{creator_id}/history": HISTORY,
}
"""Route -> an answer it may give."""
