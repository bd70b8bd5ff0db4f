"""The Alliance matrix of what is known as of a date: every forecast, and what is said of it."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from features.contract import Denominator
from features.daily import daily_facts
from features.errors import NotEnoughHistory
from features.exposure import exposed_by
from features.facts import Facts
from features.formats import cut_short_share, format_sums
from features.missing import missing_inputs
from features.tables import FeatureTables
from models.bundle import AllianceModel
from models.collaboration.words import worded
from models.deals.formats import format_effects
from models.matrix.manifest import FeatureWords, Manifest, feature_words
from models.matrix.matrix import AllianceMatrix, build_matrix
from models.matrix.offers import OfferParts
from models.prediction import Target
from pipelines.absences import absences
from pipelines.benchmark_luck import with_luck
from pipelines.candidates import GridPlan, grid_plan
from pipelines.collaborations import collaboration_columns
from pipelines.columns import Columns, pair_columns
from pipelines.contacts import contact_columns, creators_of
from pipelines.deal_columns import deal_columns
from pipelines.grid import Known, blocks, scored_block
from pipelines.occasions import Occasion, on_occasion
from pipelines.offers import offer_parts, too_many
from pipelines.outcome_parts import usual_candidates
from pipelines.plans import days_without_facts
from pipelines.progress import Progress, silent
from pipelines.retention import retention_columns
from pipelines.rising import (
    NOBODY_CAME,
    discovery_rate,
    growth_columns,
    reach_columns,
)
from pipelines.settings import LEARNED, ScoreSettings
from pipelines.snapshot import ALL_FEATURES, snapshot
from pipelines.terms import Terms

LEARNED_LATER = "(a leak, if they are judged on later weeks)"


@dataclass(frozen=True)
class Filled:
    """Columns of every scored pair, what was assumed, and why whole columns are null."""

    columns: Columns
    usual: pd.DataFrame
    """Of each brand that has them: `models.matrix.columns.BRAND_NUMBERS`."""
    assumed: tuple[str, ...]
    absent: dict[str, str]
    gpm_is: str
    offers: OfferParts | None


@dataclass(frozen=True)
class ScoredMatrix:
    """A matrix that is not yet published, how its pairs were chosen, and what was missing."""

    matrix: AllianceMatrix
    plan: GridPlan
    missing: tuple[str, ...]


def scored_matrix(
    facts: Facts,
    model: AllianceModel,
    known: Known,
    settings: ScoreSettings,
    progress: Progress = silent,
    occasion: Occasion | None = None,
    registered: tuple[str, str] = ("", ""),
) -> ScoredMatrix:
    """The matrix of what was known as of the date of `known`.

    `registered` are the model's version and run, where it has them.
    """
    tables = known.products.tables
    as_of = tables.as_of
    progress("choosing pairs", 0)
    plan = grid_plan(known, model, settings)
    progress("choosing pairs", 1)
    left_out = too_many(plan, settings.max_offers)
    filled = fill(plan, known, model, progress, with_offers=left_out is None)
    invited = collaboration_columns(
        filled.columns, facts, tables, as_of, model, plan.explained_per_brand
    )
    contacts, no_contacts = contact_columns(filled.columns, facts, as_of)
    progress("new followers and repurchases", 0)
    retained, unretained = retention_columns(filled.columns, facts, tables, as_of)
    progress("new followers and repurchases", 1)
    absent = filled.absent | invited.absent | no_contacts | unretained
    notes = [] if left_out is None else [left_out]
    notes += filled.assumed
    notes += [] if discovery_rate(facts) else [NOBODY_CAME]
    missing = (
        *days_without_facts(facts, as_of),
        *learned_later(model, as_of),
        *missing_inputs(facts),
    )
    manifest = Manifest(
        as_of=as_of,
        occasion=None if occasion is None else occasion.words,
        data_fingerprint=facts.fingerprint,
        model_name=LEARNED,
        model_version=registered[0],
        run_id=registered[1],
        grid=plan.grid,
        retrieval_k=plan.k,
        retrieval_recall=plan.recall,
        conversion_denominator=facts.meaning.denominator,
        currency=facts.meaning.currency,
        absent=facts.meaning.absent,
        discovery_rate=discovery_rate(facts),
        exposure_is=exposed_by(facts),
        gpm_is=filled.gpm_is,
        null_columns=absences(facts, tables, model) | absent,
        notes=tuple(dict.fromkeys((*facts.notes, *missing, *plan.note, *notes, *invited.notes))),
        feature_words=words_of(facts, model),
        acceptance=invited.terms,
        cut_short=cut_short_share(facts, as_of),
        formats=format_effects(format_sums(facts, as_of), tiers_of(tables)),
        fulfilment=invited.fulfilment,
    )
    matrix = build_matrix(
        filled.columns | invited.columns | contacts | retained,
        tables.brands.join(filled.usual),
        pd.concat(
            [
                creators_of(facts, tables),
                growth_columns(facts, tables.creators.index, as_of),
                reach_columns(facts, tables.creators.index, as_of),
            ],
            axis=1,
        ),
        manifest,
        products=tables.items,
        offers=filled.offers,
    )
    return ScoredMatrix(matrix, plan, missing)


def learned_later(model: AllianceModel, as_of: date) -> tuple[str, ...]:
    """A sentence when the model learned from outcomes of `as_of` or later; else nothing."""
    windows = model.manifest["windows"].values()
    collaborations = model.manifest.get("collaboration") or {}
    last = max(
        [*(of_target["calibrate"][1] for of_target in windows), collaborations.get("until", "")]
    )
    if last <= as_of.isoformat():
        return ()
    return (
        f"the champion learned from outcomes until {last}: these forecasts are not what could "
        f"have been known before {as_of} {LEARNED_LATER}",
    )


def known_as_of(
    facts: Facts,
    model: AllianceModel,
    as_of: date,
    progress: Progress,
    occasion: Occasion | None = None,
) -> Known:
    """The snapshots of the date, with the embedding settings the model was trained with."""
    told = model.manifest["settings"]
    size, seed = told["embedding_size"], told["random_state"]
    progress("features and embeddings", 0)
    learned = model.predictors
    products = snapshot(facts, daily_facts(facts, "product"), as_of, size, seed)
    products = with_luck(products, facts, learned.get(Target.CONVERSION))
    brands = None
    if Target.BRAND_CONVERSION in learned:
        brands = snapshot(facts, daily_facts(facts, "brand"), as_of, size, seed)
        brands = with_luck(brands, facts, learned[Target.BRAND_CONVERSION])
    if occasion is not None:
        products = on_occasion(products, facts, occasion)
        brands = None if brands is None else on_occasion(brands, facts, occasion)
    progress("features and embeddings", 1)
    if not len(products.tables.creators) or not len(products.tables.brands):
        raise NotEnoughHistory("The facts hold no creator (or no brand) to match.")
    terms = Terms.as_of(facts, products.tables, as_of)
    return Known(products, brands, terms, facts.meaning.denominator)


def fill(
    plan: GridPlan,
    known: Known,
    model: AllianceModel,
    progress: Progress,
    with_offers: bool = True,
) -> Filled:
    """Columns of every planned pair; a source without products gives the pairs alone."""
    absent: dict[str, str] = {}
    made: list[Columns] = []
    offers: list[OfferParts] = []
    assumed: set[str] = set()
    gpm_is = ""
    total = max(sum(len(b.creators) for b in plan.brands), 1)
    sellable = [brand for brand in plan.brands if len(brand.items)]
    for block in blocks(sellable):
        progress("scoring the grid", sum(len(part["brand_id"]) for part in made), total)
        scored = scored_block(block, known, model)
        columns = pair_columns(block, scored, known, model, plan.explained_per_brand)
        made.append(columns | deal_columns(scored, known, model))
        if with_offers:
            offers.append(offer_parts(block, scored, known, model))
        assumed |= set(scored.money.assumed)
        absent |= scored.money.absent
        gpm_is = scored.money.gpm_is
    if "gmv" in absent:
        absent["gmv_session_spread"] = absent["gmv"]
    progress("scoring the grid", total, total)
    if not made:
        ids = known.products.tables.creators.index.to_numpy(dtype=object)
        made = [
            {
                "brand_id": np.full(len(brand.creators), brand.brand_id, object),
                "creator_id": ids[brand.creators],
            }
            for brand in plan.brands
        ]
    whole = {name: np.concatenate([part[name] for part in made]) for name in made[0]}
    joined = OfferParts.joined(offers) if offers else None
    usual = usual_candidates(whole)
    return Filled(whole, usual, tuple(sorted(assumed)), absent, gpm_is, joined)


def worded_features(denominator: Denominator | None) -> dict[str, FeatureWords]:
    """Words of every feature, with the source's own denominator in them."""
    trials = denominator or "views"
    return {
        name: words.model_copy(update={"words": words.words.replace("{denominator}", trials)})
        for name, words in feature_words(ALL_FEATURES).items()
    }


def words_of(facts: Facts, model: AllianceModel) -> dict[str, FeatureWords]:
    """Words of everything that a reason of this matrix can name."""
    of_sales = worded_features(facts.meaning.denominator)
    if model.collaboration is None:
        return of_sales
    return of_sales | feature_words(worded(model.collaboration.pairs_.names))


def tiers_of(tables: FeatureTables) -> dict[str, str]:
    """Each creator's tier, where it is known."""
    tiers = tables.creators["tier"].dropna()
    return {str(creator): str(tier) for creator, tier in tiers.items()}
