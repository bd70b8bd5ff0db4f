"""What a source does not say, and what therefore is not forecast; for the model card."""

from features.audience import AUDIENCE, BUYERS, CROWD
from features.contract import EMBEDDING_TABLES
from features.facts import Facts

TABLES = {
    "session_products": "no lines of products per session: no sale is forecast",
    "returns": "no returns: return rates and net GMV are not forecast",
    "collaborations": "no collaborations: acceptance is not forecast",
    "campaigns": "no campaigns: campaign days are not known ahead",
}
VECTORS = {
    "creator_embeddings": "no vectors of creators (creator_embeddings.<set>): whom a brand would "
    "choose is not learned",
    "brand_embeddings": "no vectors of brands (brand_embeddings.<set>): brands are told apart by "
    "their industry and past partners alone",
}
"""Missed only where there are collaborations to learn from."""
COLUMNS = {
    ("session_products", "impressions"): "no impressions: exposure is not forecast",
    ("session_products", "clicks"): "no clicks: click-through is not forecast",
    ("sessions", "views"): "no views: GPM and the size of a session are not known",
    ("sessions", "paid_views"): "no paid views: paid traffic cannot be told from free traffic",
    ("creators", "followers"): "no followers: creators have no tier",
    ("products", "margin_rate"): "no margins: profit is not forecast",
}


def missing_inputs(facts: Facts) -> list[str]:
    """One sentence for each thing the source lacks, and for each possible leak."""
    sentences = [words for table, words in TABLES.items() if not facts.has(table)]
    sentences += [words for key, words in COLUMNS.items() if not facts.has(*key)]
    if facts.meaning.denominator is None:
        sentences.insert(0, "no clicks, impressions, viewers or views: conversion is not forecast")
    if facts.has("session_products") and not _has_field_sessions(facts):
        sentences.append("no field sessions: brands are held against all sessions")
    if not _has_shares(facts):
        sentences.append("no audience and buyer shares: audience fit is not known")
    if facts.has("session_products") and not _has_crowds(facts):
        sentences.append(
            "no shares of audiences that buy a brand (audience_bought_<brand_id>): what they buy "
            "from others is not known"
        )
    return sentences + _vectors(facts) + _undated(facts)


def _vectors(facts: Facts) -> list[str]:
    """Given vectors, which collaborations are learned from."""
    if not facts.has("collaborations"):
        return []
    families = {name.partition(".")[0] for name in facts.supplied}
    return [words for family, words in VECTORS.items() if family not in families]


def _has_field_sessions(facts: Facts) -> bool:
    table = facts["sessions"]
    return bool(table.filter(table.format == "field").count().execute() > 0)


def _has_shares(facts: Facts) -> bool:
    supplied = (facts.supplied.get("creators", ()), facts.supplied.get("brands", ()))
    audience, buyers = (
        {name.removeprefix(side) for name in names if name.startswith(side)}
        for names, side in zip(supplied, (AUDIENCE, BUYERS), strict=True)
    )
    return any(not group.startswith(CROWD) for group in audience & buyers)


def _has_crowds(facts: Facts) -> bool:
    return any(name.startswith(AUDIENCE + CROWD) for name in facts.supplied.get("creators", ()))


def _undated(facts: Facts) -> list[str]:
    """Rows without a date hold for all time: they may tell of the future."""
    sentences = []
    for name in ("creators", "brands"):
        table = facts[name]
        undated = int(table.filter(table.valid_from.isnull()).count().execute())
        if undated:
            sentences.append(
                f"{undated} rows of {name} without valid_from hold for all time: "
                "what they say may have been unknown on past dates (a possible leak)"
            )
    products = facts["products"]
    undated = int(products.filter(products.launched_at.isnull()).count().execute())
    if undated:
        sentences.append(
            f"{undated} products without launched_at count as on sale since ever (a possible leak)"
        )
    sentences += [
        f"the vectors of {name} have no date: they may tell of the future (a possible leak)"
        for name in sorted(facts.supplied)
        if name.partition(".")[0] in EMBEDDING_TABLES
    ]
    return sentences
