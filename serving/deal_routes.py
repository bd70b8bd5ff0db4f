"""The route of deals."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from features.errors import UnknownCreator, UnknownProduct, WrongInput
from models.deals.deal import deal
from serving.deal_answers import DealAnswer, deal_answer
from serving.dependencies import NOT_READY, UNKNOWN_BRAND, Matrix, headers, json_answer
from serving.problems import problem_responses

router = APIRouter()


class DealQuery(BaseModel):
    """The terms to reckon with, instead of those last known."""

    model_config = ConfigDict(extra="forbid")

    product: str | None = Field(None, description="Instead of the pair's best product.")
    commission: float | None = Field(None, ge=0, le=1, description="A share of GMV: .2 is 20 %.")
    fee: float | None = Field(None, ge=0, description="Slot fee of a mixed session.")
    dedicated_fee: float | None = Field(None, ge=0, description="Price of a dedicated session.")


@router.get(
    "/v1/brands/{brand_id}/creators/{creator_id}/deal",
    response_model=DealAnswer,
    responses={
        **NOT_READY,
        **problem_responses(RequestValidationError, WrongInput),
        **problem_responses(UnknownCreator, UnknownProduct),
        **UNKNOWN_BRAND,
    },
    tags=["deals"],
)
def brand_creator_deal(
    brand_id: Annotated[str, Path(examples=["b0001"])],
    creator_id: Annotated[str, Path(examples=["c00042"])],
    query: Annotated[DealQuery, Query()],
    matrix: Matrix,
) -> Response:
    """Reckon a deal: mixed or dedicated, slot fee or pure commission, and which commission."""
    told = deal(
        matrix,
        brand_id,
        creator_id,
        query.product,
        query.commission,
        query.fee,
        query.dedicated_fee,
    )
    return json_answer(deal_answer(told), headers(matrix))
