"""Scoring: the champion's forecasts fill the Alliance matrix, which is then published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from features.errors import NotReady, UnsupportedObjective
from features.tables import FeatureTables
from models.bundle import AllianceModel
from models.concentration import Concentration, concentration
from models.matrix.matrix import AllianceMatrix
from models.versions import occasion_dir
from pipelines.candidates import ORDERS
from pipelines.home import Home
from pipelines.occasions import Occasion, occasion_of
from pipelines.plans import refuse_before_the_first_fact
from pipelines.progress import Progress, silent
from pipelines.publish import publish
from pipelines.scored_matrix import known_as_of, scored_matrix
from pipelines.settings import LEARNED, ScoreSettings
from pipelines.snapshot import FEATURE_NAMES
from pipelines.store import read_facts
from pipelines.tracking import CARD_FOLDER, CARD_HTML, RegisteredModel, Tracking


@dataclass(frozen=True)
class ScoreReport:
    """What was published."""

    version: str
    as_of: date
    rows: int
    brands: int
    creators: int
    grid: str
    recall: float | None
    example_brand: str
    missing: tuple[str, ...]
    pairs_of: Mapping[str, int]
    """How many creators were scored for each brand."""
    occasion: Occasion | None = None

    def sentence(self) -> str:
        how = "the exact grid"
        if self.grid == "retrieval":
            how = (
                "the best candidates of each brand (recall at least "
                f"{self.recall:.0%} of the exact top)"
            )
        return (
            f"Published matrix {self.version}: {self.rows:,} pairs of {self.brands:,} brands and "
            f"{self.creators:,} creators, {how}, as of {self.as_of}"
            + ("." if self.occasion is None else f", for {self.occasion.words}.")
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "as_of": self.as_of.isoformat(),
            "occasion": None if self.occasion is None else self.occasion.words,
            "pairs": self.rows,
            "brands": self.brands,
            "creators": self.creators,
            "grid": self.grid,
            "recall": self.recall,
            "missing": list(self.missing),
            "rows": [{"brand_id": brand, "pairs": n} for brand, n in self.pairs_of.items()],
        }


def score(
    home: Home,
    settings: ScoreSettings | None = None,
    as_of: date | None = None,
    progress: Progress = silent,
    day: date | None = None,
    campaign: str | None = None,
) -> ScoreReport:
    """Forecast every pair from what was known before `as_of` and publish the matrix.

    With a later `day` or a `campaign` (its id) the same knowledge forecasts the 30 days from then,
    published beside the matrix (`models.versions.occasion_dir`), which stays as it is.

    Raises WrongInput for a day that is past or a campaign that there is not, NoFacts, NoChampion,
    and NotReady when the champion was trained on other features.
    """
    settings = settings or ScoreSettings()
    facts = read_facts(home)
    champion = Tracking(home.mlflow_uri, home.artifacts).champion()
    model = champion_model(champion)
    as_of = as_of or facts.as_of
    refuse_before_the_first_fact(facts, as_of)
    occasion = occasion_of(facts, as_of, day, campaign)
    known = known_as_of(facts, model, as_of, progress, occasion)
    made = scored_matrix(
        facts, model, known, settings, progress, occasion, (champion.version, champion.run_id)
    )
    matrix, plan = made.matrix, made.plan
    folder = home.matrix if occasion is None else occasion_dir(home.matrix, occasion.key)
    progress("who gets the traffic", 0)
    shared_out = usual_concentration(matrix) if occasion is None else None
    progress("who gets the traffic", 1)
    progress("publishing", 0)
    version = publish(matrix, folder, card=card_of(champion), shared_out=shared_out)
    progress("publishing", 1)
    return ScoreReport(
        version,
        as_of,
        len(matrix),
        len(matrix.brands),
        len(matrix.creators),
        plan.grid,
        plan.recall,
        example_brand(known.products.tables),
        made.missing,
        dict(zip(matrix.brands["brand_id"], np.diff(matrix.brand_offsets).tolist(), strict=True)),
        occasion,
    )


def usual_concentration(matrix: AllianceMatrix) -> Concentration | None:
    """Concentration with the usual floors, so that nobody waits for it; None without money."""
    try:
        return concentration(matrix)
    except UnsupportedObjective:
        return None


def card_of(champion: RegisteredModel) -> Path | None:
    """The page that its training wrote beside the model; None when there is none."""
    card = champion.folder.parent / CARD_FOLDER / CARD_HTML
    return card if card.is_file() else None


def champion_model(champion: RegisteredModel) -> AllianceModel:
    """The champion's predictors; NotReady when this code makes other features than it knows."""
    model = AllianceModel.load(champion.folder / LEARNED)
    if model.predictors and tuple(model.manifest["feature_names"]) != FEATURE_NAMES:
        raise NotReady(
            f"Champion {champion.version} was trained on other features than this version of "
            "alliance makes. Run 'alliance train' first."
        )
    return model


def example_brand(tables: FeatureTables) -> str:
    """The brand with most orders of late: a good first one to look at."""
    orders = tables.items.groupby("brand_id")[ORDERS].sum()
    return str(orders.idxmax() if len(orders) else tables.brands.index[0])
