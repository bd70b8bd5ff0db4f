"""Routes of the diagnosis: of a brand, of a pair through time, and the rungs that were tried."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from features.errors import (
    BrokenState,
    NothingToMend,
    RungOutOfOrder,
    UnknownBrand,
    UnknownCreator,
    UnknownProduct,
    UnknownRung,
)
from models.diagnoses.diagnoses import BrandDiagnoses
from models.diagnoses.remedies import Remedy
from models.versions import history
from serving.dependencies import NOT_READY, Matrix, Published, headers, json_answer
from serving.diagnosis import diagnosed, moved, tried
from serving.diagnosis_answers import (
    DiagnosisAnswer,
    HistoryAnswer,
    LoggedAnswer,
    RemedyAnswer,
    RungBody,
)
from serving.problems import problem_responses
from serving.queries import MOST, named_quadrant
from serving.state.database import OpenState
from serving.state.remedies import RemedyLog

router = APIRouter(tags=["diagnosis"])


class DiagnosisQuery(BaseModel):
    """Parameters of a diagnosis; a name that is not here is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    k: int = Field(100, ge=1, le=MOST, description="How many creators to tell of.")
    product: str | None = Field(None, description="Diagnose this product with each creator.")
    creator: str | None = Field(None, description="Only this creator.")
    quadrant: list[Annotated[str, AfterValidator(named_quadrant)]] = Field(
        [], description="core contributor, rising star, mend, not_enough_data."
    )


def remedy_log(request: Request) -> RemedyLog:
    state = request.app.state.people
    assert isinstance(state, OpenState)
    return RemedyLog(state.engine())


Log = Annotated[RemedyLog, Depends(remedy_log)]
BrandId = Annotated[str, Path(examples=["b0001"])]
CreatorId = Annotated[str, Path(examples=["c0042"])]

REFUSED = NOT_READY | problem_responses(
    BrokenState, RequestValidationError, UnknownBrand, UnknownCreator, UnknownProduct
)


@router.get("/v1/brands/{brand_id}/diagnosis", response_model=DiagnosisAnswer, responses=REFUSED)
def brand_diagnosis(
    brand_id: BrandId, query: Annotated[DiagnosisQuery, Query()], matrix: Matrix, log: Log
) -> Response:
    """Tell whether each creator converts and is shown above the benchmark, and what to do."""
    told = diagnosed(matrix, log, brand_id, query.product, query.creator, query.quadrant, query.k)
    return json_answer(DiagnosisAnswer.of_brand(told), headers(matrix))


@router.get(
    "/v1/brands/{brand_id}/creators/{creator_id}/history",
    response_model=HistoryAnswer,
    responses=REFUSED,
)
def pair_history(
    brand_id: BrandId, creator_id: CreatorId, published: Published, matrix: Matrix, log: Log
) -> Response:
    """Follow a pair through the versions of the matrix, with every move of its remedy."""
    told = BrandDiagnoses.of(matrix, brand_id)
    told.place(creator_id)
    past = history(published.matrix_dir, brand_id, creator_id)
    remedy = moved(told, log).get(creator_id, Remedy())
    return json_answer(HistoryAnswer.of_pair(brand_id, creator_id, past, remedy), headers(matrix))


@router.post(
    "/v1/brands/{brand_id}/creators/{creator_id}/remedies",
    response_model=LoggedAnswer,
    status_code=201,
    responses=NOT_READY
    | problem_responses(
        BrokenState,
        RequestValidationError,
        UnknownBrand,
        UnknownCreator,
        UnknownProduct,
        UnknownRung,
        RungOutOfOrder,
        NothingToMend,
    ),
)
def log_rung(
    brand_id: BrandId, creator_id: CreatorId, body: RungBody, matrix: Matrix, log: Log
) -> Response:
    """Log a rung that was tried on a pair whose conversion is low, and when to look again."""
    remedy = tried(
        matrix,
        log,
        brand_id,
        creator_id,
        body.rung,
        who=body.who,
        product_id=body.product_id,
        on=body.on,
        note=body.note,
    )
    answer = LoggedAnswer(
        brand_id=brand_id,
        creator_id=creator_id,
        product_id=body.product_id,
        remedy=RemedyAnswer.of(remedy),
    )
    return json_answer(answer, headers(matrix), status=201)
