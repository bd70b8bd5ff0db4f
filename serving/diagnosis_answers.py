"""What diagnoses, their history and remedies look like over HTTP and as the command line's JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from models.diagnoses.remedies import RUNGS, Move, Remedy
from models.versions import Diagnosed as DiagnosedThen
from serving.diagnosis import BrandDiagnosis, Diagnosed
from serving.responses import Answer, EstimateAnswer, Share


class MoveAnswer(Answer):
    """One step of a remedy, with its reason; never changed once it was made."""

    kind: str = Field(examples=["tried"])
    rung: str | None = Field(description=f"One of {', '.join(RUNGS)}.")
    state: str = Field(description="Where the pair stood after it.", examples=["waiting"])
    reason: str
    on: date = Field(description="The day it counts from.")
    look_on: date | None = Field(description="From when on a matrix tells whether it helped.")
    who: str = Field(description="'alliance' for moves that a matrix made by itself.")
    note: str
    matrix_version: str
    matrix_as_of: date
    recorded_at: datetime | None


class RemedyAnswer(Answer):
    """Where a pair stands on the remedy ladder: product, then pitch, then live offer."""

    state: str | None = Field(
        description="mend, waiting, resolved, audience mismatch, reopened; null: never low.",
        examples=["waiting"],
    )
    tried: list[str] = Field(description="Rungs tried since it was last found low.")
    next_rung: str | None = Field(description="What to try next.")
    look_on: date | None = Field(description="When to look again; a session since is needed too.")
    moves: list[MoveAnswer]

    @classmethod
    def of(cls, remedy: Remedy) -> "RemedyAnswer":
        return cls(
            state=remedy.state,
            tried=list(remedy.tried),
            next_rung=remedy.next_rung,
            look_on=remedy.look_on,
            moves=[_move(move) for move in remedy.moves],
        )


class DiagnosisRowAnswer(Answer):
    """One creator with the brand, or with one of its products. Null is not known, never zero."""

    creator_id: str
    creator_name: str | None
    main_category: str | None
    tier: str | None
    met: bool = Field(description="Whether they worked together before.")
    conversion: EstimateAnswer | None
    benchmark_rate: float | None = Field(
        description="Mean of merchants of the same industry and tier, in their field sessions."
    )
    benchmark_level: str | None = Field(examples=["industry x tier"])
    p_above_benchmark: Share | None = Field(
        description="P(true conversion > benchmark), the benchmark's own uncertainty included."
    )
    peer_rate: float | None = Field(
        description="Mean of creators of the same main category and tier, goods alike."
    )
    peer_level: str | None = Field(examples=["category x tier"])
    p_above_peers: Share | None
    impressions: EstimateAnswer | None = Field(description="Of a product in one session.")
    benchmark_impressions: float | None
    p_impressions_above_benchmark: Share | None
    quadrant: str = Field(examples=["rising star"])
    action: str
    sessions_to_settle: float | None = Field(
        description="Further sessions that would settle the quadrant with even odds; 0: it is."
    )
    to_settle: str | None = Field(description="The same in words, also when none would.")
    evidence_sessions: int
    evidence_denominator: int
    sessions_90: float | None
    extrapolated: bool
    remedy: RemedyAnswer


class QuadrantCountAnswer(Answer):
    """How many creators are in a quadrant."""

    quadrant: str
    met: int
    new: int


class DiagnosisAnswer(Answer):
    """Creators of a brand against their benchmarks, those who worked with it first."""

    brand_id: str
    brand_name: str | None
    product_id: str | None
    product_title: str | None
    matrix_version: str
    as_of: date
    conversion_denominator: str | None
    candidates: int
    counts: list[QuadrantCountAnswer]
    null_columns: Mapping[str, str]
    rows: list[DiagnosisRowAnswer]

    @classmethod
    def of_brand(cls, told: BrandDiagnosis) -> "DiagnosisAnswer":
        own = {name: getattr(told, name) for name in cls.model_fields if name != "rows"}
        return cls.model_validate(own | {"rows": [_row(row) for row in told.rows]})


class PastDiagnosisAnswer(Answer):
    """What one version of the matrix said of the pair."""

    matrix_version: str
    as_of: date
    quadrant: str | None
    action: str | None
    conversion: EstimateAnswer | None
    benchmark_rate: float | None
    benchmark_level: str | None
    p_above_benchmark: Share | None
    p_above_peers: Share | None
    impressions: EstimateAnswer | None
    p_impressions_above_benchmark: Share | None
    evidence_sessions: int | None


class HistoryAnswer(Answer):
    """A pair through the versions of the matrix, earliest first, and its remedy."""

    brand_id: str
    creator_id: str
    rows: list[PastDiagnosisAnswer]
    remedy: RemedyAnswer

    @classmethod
    def of_pair(
        cls, brand_id: str, creator_id: str, past: list[DiagnosedThen], remedy: Remedy
    ) -> "HistoryAnswer":
        return cls(
            brand_id=brand_id,
            creator_id=creator_id,
            rows=[PastDiagnosisAnswer.model_validate(one) for one in past],
            remedy=RemedyAnswer.of(remedy),
        )


class RungBody(BaseModel):
    """A rung that was tried on a pair."""

    model_config = ConfigDict(extra="forbid")

    rung: str = Field(description=f"One of {', '.join(RUNGS)}.", examples=["product"])
    who: str = Field(min_length=1, max_length=200, description="Who tried it.", examples=["li"])
    product_id: str | None = Field(None, description="Where the remedy is of one product.")
    on: date | None = Field(None, description="The day; the matrix's as_of when left out.")
    note: str = Field("", max_length=2_000, examples=["the 30 ml instead of the 100 ml"])


class LoggedAnswer(Answer):
    """The remedy after a rung was logged."""

    brand_id: str
    creator_id: str
    product_id: str | None
    status: Literal["logged"] = "logged"
    remedy: RemedyAnswer


def _row(row: Diagnosed) -> DiagnosisRowAnswer:
    told = vars(row.diagnosis) | {"remedy": RemedyAnswer.of(row.remedy)}
    return DiagnosisRowAnswer.model_validate(told)


def _move(move: Move) -> MoveAnswer:
    return MoveAnswer.model_validate(move)
