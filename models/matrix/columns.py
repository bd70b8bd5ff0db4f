"""Columns of the Alliance matrix: what is said of each pair, of creators, brands and products."""

from models.matrix.parts import PARTS

FORECASTS = (
    "conversion_rate",
    "impressions",
    "click_through_rate",
    "gpm",
    "gmv",
    "net_gmv",
    "return_rate",
    "profit",
    "new_followers",
    "repurchase_rate",
)
"""Each comes with `_lo80` and `_hi80`. Money in major units; per session of the best product.

new_followers: people who begin to follow the creator in one session. repurchase_rate: buyers of
the best product who had bought before (as the source counts them), as a share of its buyers."""

TERMS = (
    "order_value",
    "margin_rate",
    "commission_rate",
    "return_handling_rate",
    "slot_fee",
    "sample_cost",
)
"""What `profit` was reckoned with, of the best product; nan where unknown, where profit takes
handling, fee and samples as 0."""

REASONS = (1, 2, 3)
COUNTERS = (1, 2)

PART_COLUMNS = tuple(f"part_{part}" for part in PARTS)
"""Where the pair's GMV (where that is not forecast, the conversion) of the best product comes from:
differences of its logarithm from that of the brand's usual candidate
(`models.explanations.attribution`)."""

TOLD = (
    *(f"reason{i}" for i in REASONS),
    *(f"counter{i}" for i in COUNTERS),
)
"""Each with `_feature`, `_value` and `_effect`. A reason's effect is on the log odds of an order, a
counter's, which is always negative, on the logarithm that the parts sum to."""

NUMBERS: tuple[str, ...] = (
    *(name + end for name in FORECASTS for end in ("", "_lo80", "_hi80")),
    "gmv_session_spread",
    *TERMS,
    "benchmark_rate",
    "p_above_benchmark",
    "peer_rate",
    "p_above_peers",
    "benchmark_impressions",
    "p_impressions_above_benchmark",
    "sessions_to_settle",
    "p_accept",
    "p_accept_lo80",
    "p_accept_hi80",
    "p_collaboration",
    "invited_days",
    "evidence_sessions",
    "evidence_clicks",
    "sessions_90",
    *PART_COLUMNS,
    *(f"{name}_{part}" for name in TOLD for part in ("value", "effect")),
)
"""float32, nan where unknown. `evidence_clicks` counts `conversion_denominator`, whatever it is.

gmv_session_spread: standard deviation of the logarithm of ONE session's GMV of the best product
(`models.uncertainty.session_spread`): with `gmv` as its mean, GMV is taken as lognormal.
invited_days: days since the brand last invited the creator. peer_rate: conversion of creators of
the same main category and tier with goods of the same category. benchmark_impressions: of a product
in one session. sessions_to_settle: further sessions of the pair that would give it a quadrant with
even odds; 0 where it has one, nan where none would. sessions_90: of the pair in 90 days."""

TEXTS: tuple[str, ...] = (
    "benchmark_level",
    "peer_level",
    "open_question",
    "quadrant",
    "action",
    "collaboration_status",
    "conversion_denominator",
    "extrapolated_why",
    *(f"{name}_feature" for name in TOLD),
)
"""Stored as codes into `texts`; -1 where there is none. collaboration_status: the last that a
collaboration of the pair had. peer_level: which peers (`features.peers`). open_question: what keeps
the pair from a quadrant (`models.diagnoses.settling`); none where it has one."""

COLUMNS: tuple[str, ...] = (
    "brand_id",
    "creator_id",
    *(name + end for name in FORECASTS[:1] for end in ("", "_lo80", "_hi80")),
    "best_product_id",
    *(name + end for name in FORECASTS[1:] for end in ("", "_lo80", "_hi80")),
    "gmv_session_spread",
    *TERMS,
    "benchmark_rate",
    "benchmark_level",
    "p_above_benchmark",
    "peer_rate",
    "peer_level",
    "p_above_peers",
    "benchmark_impressions",
    "p_impressions_above_benchmark",
    "quadrant",
    "action",
    "sessions_to_settle",
    "open_question",
    "p_accept",
    "p_accept_lo80",
    "p_accept_hi80",
    "p_collaboration",
    "invited_days",
    "collaboration_status",
    "evidence_sessions",
    "evidence_clicks",
    "sessions_90",
    "conversion_denominator",
    "extrapolated",
    "extrapolated_why",
    *PART_COLUMNS,
    *(f"{name}_{part}" for name in TOLD for part in ("feature", "value", "effect")),
)
"""Every column, in the order of exports."""

BRAND_TEXTS = ("brand_id", "name", "industry", "brand_tier")
BRAND_NUMBERS = tuple(f"usual_{part}" for part in PARTS)
"""How the brand's usual candidate differs, on the log scale of the parts, from the mean of those
of all brands (`models.explanations.attribution`)."""
BRAND_COLUMNS = (*BRAND_TEXTS, *BRAND_NUMBERS)
CREATOR_TEXTS = (
    "creator_id",
    "name",
    "main_category",
    "tier",
    "region",
    "agency",
    "level",
    "flags",
)
CREATOR_NUMBERS = (
    "followers",
    "slot_fee",
    "commission_rate",
    "last_live_days",
    "dedicated_share",
    "sessions_90",
    "exposure_90",
    "invitations_90",
    "growth",
    "growth_lo80",
    "growth_hi80",
    "growth_probability",
    "growth_p",
    "growth_days",
    "growth_sessions",
    "growth_sessions_before",
    "rising",
)
"""last_live_days: days since the last session; dedicated_share: of the sessions of 90 days whose
format is known; sessions_90: how many there were in 90 days; exposure_90: what the manifest's
`exposure_is` counts, of 90 days; invitations_90: how many of 90 days.
growth: how many times as many come to a session of the last `growth_days` as before (1 = as
many), with its 80 % interval; growth_probability: that it is more than `models.rising` asks for;
growth_p: p-value of growing no more than that (nan: too few sessions to test); growth_sessions,
growth_sessions_before: what it rests on; rising: 1 for those named at the manifest's
`discovery_rate`, else 0."""
CREATOR_COLUMNS = (*CREATOR_TEXTS, *CREATOR_NUMBERS)
PRODUCT_TEXTS = ("product_id", "brand_id", "title", "category")
PRODUCT_NUMBERS = (
    "price",
    "order_value",
    "margin_rate",
    "return_handling_rate",
    "sample_cost",
)
PRODUCT_COLUMNS = (*PRODUCT_TEXTS, *PRODUCT_NUMBERS)

OFFER_NUMBERS: tuple[str, ...] = (
    *(f"conversion_rate{end}" for end in ("", "_lo80", "_hi80")),
    *(f"impressions{end}" for end in ("", "_lo80", "_hi80")),
    "click_through_rate",
    "gmv",
    *(f"net_gmv{end}" for end in ("", "_lo80", "_hi80")),
    "return_rate",
    *(f"profit{end}" for end in ("", "_lo80", "_hi80")),
    "benchmark_rate",
    "p_above_benchmark",
    "peer_rate",
    "p_above_peers",
    "p_impressions_above_benchmark",
    "sessions_to_settle",
    "commission_rate",
    "slot_fee",
    "evidence_sessions",
    "evidence_clicks",
)
"""Of one product with one creator; float32, nan where unknown."""
OFFER_COLUMNS = (*OFFER_NUMBERS, "extrapolated")
