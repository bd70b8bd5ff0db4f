"""The route of explanations."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from features.errors import UnknownCreator, UnknownProduct, UnsupportedObjective, WrongInput
from models.explanations.explanation import explanation
from serving.dependencies import NOT_READY, UNKNOWN_BRAND, Matrix, headers, json_answer
from serving.explanation_answers import ExplanationAnswer, explanation_answer
from serving.problems import problem_responses
from serving.queries import MOST

router = APIRouter()


class ExplanationQuery(BaseModel):
    """Parameters of an explanation; a name that is not here is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    product: str | None = Field(None, description="Instead of the pair's best product.")
    k: int = Field(10, ge=1, le=MOST, description="Length of the list that it enters or leaves.")
    objective: str | None = Field(None, description="What the list is ranked by, as a shortlist.")


@router.get(
    "/v1/brands/{brand_id}/creators/{creator_id}",
    response_model=ExplanationAnswer,
    responses={
        **NOT_READY,
        **problem_responses(RequestValidationError, UnsupportedObjective, WrongInput),
        **problem_responses(UnknownCreator, UnknownProduct),
        **UNKNOWN_BRAND,
    },
    tags=["explanations"],
)
def brand_creator(
    brand_id: Annotated[str, Path(examples=["b0001"])],
    creator_id: Annotated[str, Path(examples=["c00042"])],
    query: Annotated[ExplanationQuery, Query()],
    matrix: Matrix,
) -> Response:
    """Explain a pair: what its result comes from, and what would change its rank."""
    told = explanation(matrix, brand_id, creator_id, query.product, query.k, query.objective)
    return json_answer(explanation_answer(told), headers(matrix))
