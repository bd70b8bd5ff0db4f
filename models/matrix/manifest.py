"""Manifest of a matrix: where its numbers come from and how they are to be read."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field

from features.contract import Absent, Denominator
from models.acceptance.terms import OfferTerms
from models.deals.formats import FormatEffects
from models.fulfilment import Fulfilment

UNPUBLISHED = "unpublished"
FORMAT = 3
"""Raised when files of an older version can no longer be read by this code."""


class WordedFeature(Protocol):
    """What a reason needs to know of a feature (`features.registry.Feature` has it)."""

    @property
    def name(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def unit(self) -> str: ...


class FeatureWords(BaseModel):
    """How a feature reads in a reason."""

    model_config = ConfigDict(frozen=True)

    group: str
    words: str
    """A template with one {value}."""
    unit: str


def feature_words(features: Iterable[WordedFeature]) -> dict[str, FeatureWords]:
    """The words of these features by name, to travel with the matrix that uses them."""
    return {
        feature.name: FeatureWords(group=feature.group, words=feature.words, unit=feature.unit)
        for feature in features
    }


class Manifest(BaseModel):
    """What a reader must know before trusting a number of the matrix."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    version: str = UNPUBLISHED
    """as_of and eight digits of the content's hash; set when the matrix is saved."""
    as_of: date
    """The forecasts know every session that ended before this day (UTC)."""
    occasion: str | None = None
    """In words, the later day or campaign that the forecasts are for; None = the weeks from
    `as_of`."""
    data_fingerprint: str = ""
    model_name: str = ""
    model_version: str = ""
    run_id: str = ""
    """The training run in MLflow. Not part of the content: it may differ for equal bytes."""
    rows: int = 0
    brands: int = 0
    creators: int = 0
    offers: int | None = None
    """Products with creators below the pairs; None where they were too many to keep."""
    audience_groups: tuple[str, ...] = ()
    """Groups that the shares of audiences and of buyers are of, in the order of their columns."""
    grid: Literal["exact", "retrieval"] = "exact"
    """exact: every brand x every candidate; retrieval: the best candidates of each brand."""
    retrieval_k: int | None = None
    retrieval_recall: float | None = None
    """Share of the exact grid's top list that retrieval kept, on the brands where both were run:
    the lowest over objectives; the notes have each."""
    conversion_denominator: Denominator | None = None
    currency: str = "CNY"
    absent: Absent = "not_offered"
    discovery_rate: float | None = None
    """At which false-discovery rate creators are called rising; None where growth is unknown."""
    exposure_is: str | None = None
    """What `exposure_90` of creators counts: impressions, views or viewers; None if unknown."""
    gpm_is: str = ""
    """Which of the two meanings `gpm` has here, e.g. '1000 x GMV / product impressions'."""
    null_columns: Mapping[str, str] = Field(default_factory=dict)
    """Columns without any value -> why."""
    notes: tuple[str, ...] = ()
    """Sentences: what the source lacks, what was assumed."""
    feature_words: Mapping[str, FeatureWords] = Field(default_factory=dict)
    acceptance: OfferTerms | None = None
    """How `p_accept` changes with the terms of an offer; None where no refusal was recorded."""
    formats: FormatEffects | None = None
    """What dedicated sessions do against mixed ones; None where the source has no sessions."""
    fulfilment: Fulfilment | None = None
    """Share of those who accept that go live; None where too little was recorded."""
    cut_short: float | None = None
    """Share of creators' sessions that hardly anybody watched; None where views are not known."""
    checksums: Mapping[str, str] = Field(default_factory=dict)
    """File name -> sha256 of its bytes."""

    def with_content(self, checksums: Mapping[str, str]) -> Self:
        """The same manifest for these files, with the version that their content gives."""
        told = self.model_copy(update={"checksums": dict(sorted(checksums.items()))})
        content = told.model_dump_json(exclude={"version", "model_version", "run_id"})
        digest = hashlib.sha256(content.encode()).hexdigest()
        return told.model_copy(update={"version": f"{self.as_of.isoformat()}-{digest[:8]}"})
