"""Which pairs are scored: the exact grid when it fits, else the best candidates of each brand."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from features.contract import Denominator
from features.tables import FeatureTables
from models.bundle import AllianceModel
from models.retrieval import candidates, cheap_vectors, plan_grid, recall_at
from pipelines.grid import BrandCandidates, block, scored_block
from pipelines.settings import ScoreSettings
from pipelines.snapshot import Positions, Snapshot

ORDERS = "item_orders_90"
RECALL_K = 20


@dataclass(frozen=True)
class GridPlan:
    """The pairs to score and how they were chosen."""

    brands: tuple[BrandCandidates, ...]
    grid: Literal["exact", "retrieval"]
    k: int | None = None
    recall: float | None = None
    """Share of the exact best `RECALL_K` that retrieval kept, over sampled brands."""
    explained_per_brand: int | None = None
    """Pairs of a brand whose reasons are computed; None = all."""


def grid_plan(
    known: Snapshot,
    model: AllianceModel,
    denominator: Denominator | None,
    settings: ScoreSettings,
) -> GridPlan:
    """Every active product of every brand with every candidate creator, when that fits."""
    whole = whole_grid(known.tables)
    forecasts = sum(len(b.creators) * max(len(b.items), 1) for b in whole)
    pairs = sum(len(b.creators) for b in whole)
    if plan_grid(forecasts, settings.max_forecasts) == "exact":
        return GridPlan(whole, "exact", explained_per_brand=_explained(pairs, len(whole), settings))
    chosen = retrieved(known, whole, settings)
    recall = measured_recall(known, model, denominator, whole, chosen, settings)
    kept = sum(len(b.creators) for b in chosen)
    return GridPlan(
        chosen,
        "retrieval",
        k=settings.candidates,
        recall=recall,
        explained_per_brand=_explained(kept, len(chosen), settings),
    )


def whole_grid(tables: FeatureTables) -> tuple[BrandCandidates, ...]:
    """Each brand that has an active product, with all of them and every creator.

    Where no product is known at all, every brand stands with its creators and no product.
    """
    creators = np.arange(len(tables.creators))
    if not len(tables.items):
        nothing = np.empty(0, dtype=np.intp)
        return tuple(BrandCandidates(str(b), creators, nothing) for b in tables.brands.index)
    active = np.flatnonzero(tables.items["is_active"].to_numpy(dtype=bool))
    brand = tables.items["brand_id"].to_numpy(dtype=str)[active]
    order = np.argsort(brand, kind="stable")
    names, starts = np.unique(brand[order], return_index=True)
    parts = np.split(active[order], starts[1:])
    return tuple(
        BrandCandidates(str(name), creators, items)
        for name, items in zip(names, parts, strict=True)
    )


def retrieved(
    known: Snapshot, whole: tuple[BrandCandidates, ...], settings: ScoreSettings
) -> tuple[BrandCandidates, ...]:
    """Each brand's best creators by a cheap score, and its products with most orders."""
    position = {brand.brand_id: i for i, brand in enumerate(whole)}
    items = known.tables.items
    codes = items["brand_id"].map(position)
    listed = codes.notna().to_numpy()
    creator_vectors, brand_vectors = cheap_vectors(
        known.embeddings,
        np.asarray(codes.fillna(0), dtype=np.intp),
        listed & items["is_active"].to_numpy(dtype=bool),
    )
    best = candidates(
        creator_vectors, brand_vectors, settings.candidates, creator_level(known.tables)
    )
    orders = items[ORDERS].to_numpy(dtype=np.float64)
    return tuple(
        replace(
            brand,
            creators=np.sort(best[i]),
            items=_most_ordered(brand.items, orders, settings.products_per_brand),
        )
        for i, brand in enumerate(whole)
    )


def creator_level(tables: FeatureTables) -> npt.NDArray[np.float64]:
    """What a creator sells per session whatever the brand, on a log scale: rate x volume."""
    rate = tables.creators["creator_conversion"].to_numpy(dtype=np.float64)
    rate = np.nan_to_num(rate, nan=float(np.nanmedian(rate)) if np.isfinite(rate).any() else 1e-4)
    return np.log(np.maximum(rate, 1e-6))


def measured_recall(
    known: Snapshot,
    model: AllianceModel,
    denominator: Denominator | None,
    whole: tuple[BrandCandidates, ...],
    chosen: tuple[BrandCandidates, ...],
    settings: ScoreSettings,
) -> float:
    """Share of the exact best RECALL_K by conversion that was retrieved, over sampled brands."""
    random = np.random.default_rng(settings.random_state)
    sample = np.sort(
        random.choice(len(whole), min(settings.recall_brands, len(whole)), replace=False)
    )
    exact, kept = [], []
    for i in sample:
        everyone = replace(whole[i], items=chosen[i].items)
        scored = scored_block(block([everyone]), known, model, denominator)
        top = np.argsort(-scored.conversion.mean, kind="stable")[:RECALL_K]
        exact.append(everyone.creators[top])
        kept.append(chosen[i].creators)
    return recall_at(RECALL_K, np.stack(exact), np.stack(kept))


def _most_ordered(items: Positions, orders: npt.NDArray[np.float64], most: int) -> Positions:
    ranked = items[np.argsort(-np.nan_to_num(orders[items]), kind="stable")]
    return np.sort(ranked[:most])


def _explained(pairs: int, brands: int, settings: ScoreSettings) -> int | None:
    if pairs <= settings.max_explained:
        return None
    return max(settings.max_explained // max(brands, 1), 1)
