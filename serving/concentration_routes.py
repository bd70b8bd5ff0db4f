"""Route of concentration."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from features.errors import UnsupportedObjective, WrongInput
from models.concentration import floors_named, published_concentration
from serving.concentration_answers import ConcentrationAnswer
from serving.dependencies import NOT_READY, Matrix, Published, headers, json_answer
from serving.problems import problem_responses

router = APIRouter()


class ConcentrationQuery(BaseModel):
    """Parameters; a name that is not here is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    k: int = Field(10, ge=1, le=100, description="Creators each brand lists.")
    floor: list[str] = Field(
        [],
        description="Least share of a tier in all lists, as tail=0.1; repeat for more. "
        "Without any: waist=0.2 and tail=0.1.",
    )
    floor_of: Literal["exposure", "places"] | None = Field(
        None, description="A floor of expected impressions (where forecast the default) or places."
    )
    objective: Literal["net_gmv", "gmv", "profit"] | None = Field(
        None, description="What lists are ranked by, and costs are told in."
    )


@router.get(
    "/v1/concentration",
    response_model=ConcentrationAnswer,
    responses={
        **NOT_READY,
        **problem_responses(RequestValidationError, WrongInput, UnsupportedObjective),
    },
    tags=["creators"],
)
def shared_out(
    query: Annotated[ConcentrationQuery, Query()], published: Published, matrix: Matrix
) -> Response:
    """Tell who is shown and asked, and what a floor for smaller tiers would cost."""
    folder, floors = published.folder_of(matrix), floors_named(query.floor)
    told = published_concentration(matrix, folder, query.k, floors, query.floor_of, query.objective)
    return json_answer(ConcentrationAnswer.model_validate(told), headers(matrix))
