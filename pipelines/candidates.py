"""Which pairs are scored: the exact grid when it fits, else the best candidates of each brand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from features.tables import FeatureTables
from models.bundle import AllianceModel
from models.prediction import Floats, Target
from models.retrieval import CHEAP_WEIGHTS, candidates, cheap_vectors, plan_grid, recall_at
from pipelines.columns import brand_rows
from pipelines.grid import BrandCandidates, Known, block, scored_block
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
    recalls: Mapping[str, float] = field(default_factory=dict)
    """Objective -> share of the exact best `RECALL_K` that retrieval kept, over sampled brands."""
    explained_per_brand: int | None = None
    """Pairs of a brand whose reasons are computed; None = all."""

    @property
    def recall(self) -> float | None:
        """The lowest recall of any objective; None for the exact grid."""
        return min(self.recalls.values(), default=None)

    @property
    def note(self) -> tuple[str, ...]:
        """What retrieval kept, as a sentence; none for the exact grid."""
        if not self.recalls:
            return ()
        kept = ", ".join(f"{share:.0%} by {name}" for name, share in self.recalls.items())
        return (f"Of the exact best {RECALL_K} creators of a brand, retrieval kept {kept}.",)


def grid_plan(known: Known, model: AllianceModel, settings: ScoreSettings) -> GridPlan:
    """Every active product of every brand with every candidate creator, when that fits."""
    whole = whole_grid(known.products.tables)
    forecasts = sum(len(b.creators) * max(len(b.items), 1) for b in whole)
    pairs = sum(len(b.creators) for b in whole)
    if plan_grid(forecasts, settings.max_forecasts) == "exact":
        return GridPlan(whole, "exact", explained_per_brand=_explained(pairs, len(whole), settings))
    chosen = retrieved(known.products, whole, settings)
    recalls = measured_recall(known, model, whole, chosen, settings)
    kept = sum(len(b.creators) for b in chosen)
    return GridPlan(
        chosen,
        "retrieval",
        k=settings.candidates,
        recalls=recalls,
        explained_per_brand=_explained(kept, len(chosen), settings),
    )


def whole_grid(tables: FeatureTables) -> tuple[BrandCandidates, ...]:
    """Each brand that has an active product, with all of them and every creator.

    Where no product is active at all, every brand stands with its creators and no product.
    """
    creators = np.arange(len(tables.creators))
    active = np.flatnonzero(tables.items["is_active"].to_numpy(dtype=bool))
    if not len(active):
        return tuple(BrandCandidates(str(b), creators, active) for b in tables.brands.index)
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
    """Each brand's best creators by cheap scores, and its products with most orders.

    Cheap is the creator's own effect and its fit with what the brand sells, where they are known.

    Half of the creators are the best by conversion, half by conversion x the volume of their
    sessions, since lists are asked for by either.
    """
    position = {brand.brand_id: i for i, brand in enumerate(whole)}
    items = known.tables.items
    codes = items["brand_id"].map(position)
    listed = codes.notna().to_numpy()
    level, products = creator_level(known.tables), known.embeddings.products
    weights = CHEAP_WEIGHTS
    if (effects := known.effects.conversion()) is not None:
        level, fit = effects
        products, weights = {"fit": fit}, {"fit": 1.0}
    creator_vectors, brand_vectors = cheap_vectors(
        products,
        len(known.tables.creators),
        np.asarray(codes.fillna(0), dtype=np.intp),
        listed & items["is_active"].to_numpy(dtype=bool),
        weights,
    )
    volume = creator_volume(known.tables)
    best = alternating(
        candidates(creator_vectors, brand_vectors, settings.candidates, level),
        candidates(creator_vectors, brand_vectors, settings.candidates, level + volume),
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


def creator_level(tables: FeatureTables) -> Floats:
    """The creator's own conversion whatever the brand, on the log scale; the middle if unknown."""
    rate = tables.creators["creator_conversion"].to_numpy(dtype=np.float64)
    rate = np.nan_to_num(rate, nan=float(np.nanmedian(rate)) if np.isfinite(rate).any() else 1e-4)
    return np.log(np.maximum(rate, 1e-6))


def creator_volume(tables: FeatureTables) -> Floats:
    """Denominator of one of the creator's lines, log scale; the middle where unknown."""
    counts = tables.counts["creator"]
    trials = counts["trials_decayed"].to_numpy(dtype=np.float64)
    lines = counts["offered_decayed"].to_numpy(dtype=np.float64)
    known = (trials > 0) & (lines > 0)
    if not known.any():
        return np.zeros(len(trials))
    volume = np.log(trials[known] / lines[known])
    levels = np.full(len(trials), np.median(volume))
    levels[known] = volume
    return levels


def alternating(first: Positions, second: Positions) -> Positions:
    """For each row the best of both lists in turn, none twice: (rows, k) of two (rows, k).

    >>> alternating(np.array([[1, 2, 3]]), np.array([[2, 4, 1]])).tolist()
    [[1, 2, 4]]
    """
    both = np.stack([first, second], axis=2).reshape(len(first), -1)
    chosen = np.empty_like(first)
    for row, listed in enumerate(both):
        _, place = np.unique(listed, return_index=True)
        chosen[row] = listed[np.sort(place)[: first.shape[1]]]
    return chosen


def measured_recall(
    known: Known,
    model: AllianceModel,
    whole: tuple[BrandCandidates, ...],
    chosen: tuple[BrandCandidates, ...],
    settings: ScoreSettings,
) -> dict[str, float]:
    """Share of the exact best RECALL_K that was retrieved, over sampled brands, by objective."""
    random = np.random.default_rng(settings.random_state)
    sample = np.sort(
        random.choice(len(whole), min(settings.recall_brands, len(whole)), replace=False)
    )
    exact: dict[str, list[Positions]] = {}
    for i in sample:
        everyone = replace(whole[i], items=chosen[i].items)
        for objective, forecast in exact_forecasts(everyone, known, model).items():
            top = np.argsort(-forecast, kind="stable")[:RECALL_K]
            exact.setdefault(objective, []).append(everyone.creators[top])
    kept = np.stack([chosen[i].creators for i in sample])
    return {name: recall_at(RECALL_K, np.stack(tops), kept) for name, tops in exact.items()}


def exact_forecasts(
    brand: BrandCandidates, known: Known, model: AllianceModel
) -> dict[str, Floats]:
    """Conversion, and net GMV (else GMV) where known, of each of the brand's creators."""
    rows = block([brand])
    scored = scored_block(rows, known, model)
    conversion = scored.conversion.mean
    if known.brands is not None:
        conversion = model.predictors[Target.BRAND_CONVERSION].predict(brand_rows(rows, known)).mean
    found = {"conversion": conversion}
    for name, money in (("net GMV", scored.money.net_gmv), ("GMV", scored.money.gmv)):
        if not np.isnan(money.mean).all():
            return found | {name: np.nan_to_num(money.mean[scored.best], nan=-np.inf)}
    return found


def _most_ordered(items: Positions, orders: Floats, most: int) -> Positions:
    ranked = items[np.argsort(-np.nan_to_num(orders[items]), kind="stable")]
    return np.sort(ranked[:most])


def _explained(pairs: int, brands: int, settings: ScoreSettings) -> int | None:
    if pairs <= settings.max_explained:
        return None
    return max(settings.max_explained // max(brands, 1), 1)
