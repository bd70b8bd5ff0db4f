"""The route of a creator's opportunities."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from features.errors import UnknownCreator, WrongInput
from models.opportunities import opportunities
from serving.dependencies import NOT_READY, Matrix, headers, json_answer
from serving.opportunity_answers import OpportunitiesAnswer, opportunities_answer
from serving.problems import problem_responses

router = APIRouter()


class OpportunitiesQuery(BaseModel):
    """How many, and of what."""

    model_config = ConfigDict(extra="forbid")

    k: int = Field(20, ge=1, le=500)
    category: str | None = Field(None, description="Products of this category only.")
    per_brand: int = Field(1, ge=1, le=50, description="Products of one brand at most.")


@router.get(
    "/v1/creators/{creator_id}/opportunities",
    response_model=OpportunitiesAnswer,
    responses={
        **NOT_READY,
        **problem_responses(RequestValidationError, WrongInput),
        **problem_responses(UnknownCreator),
    },
    tags=["opportunities"],
)
def creator_opportunities(
    creator_id: Annotated[str, Path(examples=["c00042"])],
    query: Annotated[OpportunitiesQuery, Query()],
    matrix: Matrix,
) -> Response:
    """List products a creator would earn most with, and whose brands would want it, and why."""
    told = opportunities(matrix, creator_id, query.k, query.category, query.per_brand)
    return json_answer(opportunities_answer(told), headers(matrix))
