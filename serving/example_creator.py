"""The creator of every example in the OpenAPI document."""

from typing import Any, Final

CREATOR: Final[dict[str, Any]] = {
    "creator_id": "c0042",
    "creator_name": "王芳芳",
    "main_category": "beauty",
    "tier": "waist",
    "followers": 1_500_000,
    "region": "Zhejiang",
    "agency": None,
}
