"""Route of rising creators."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from models.rising import DISCOVERY_RATE
from models.rising.rising_list import rising_list
from serving.dependencies import NOT_READY, UNKNOWN_BRAND, Matrix, headers, json_answer
from serving.problems import problem_responses
from serving.queries import MOST
from serving.rising_answers import RisingAnswer

router = APIRouter()


class RisingQuery(BaseModel):
    """Parameters of the list; a name that is not here is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: float = Field(
        DISCOVERY_RATE,
        gt=0,
        lt=1,
        description="False-discovery rate: the share of the named that may be wrong.",
    )
    brand: str | None = Field(None, description="Id of the brand whose forecasts are shown.")
    k: int = Field(20, ge=1, le=MOST, description="How many to list, of either kind.")


@router.get(
    "/v1/rising",
    response_model=RisingAnswer,
    responses={**NOT_READY, **problem_responses(RequestValidationError), **UNKNOWN_BRAND},
    tags=["creators"],
)
async def rising(query: Annotated[RisingQuery, Query()], matrix: Matrix) -> Response:
    """Name creators to whose sessions more people come than before, and list cold starts."""
    told = rising_list(matrix, query.brand, query.q, query.k)
    return json_answer(RisingAnswer.model_validate(told), headers(matrix))
