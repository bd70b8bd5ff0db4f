"""The route of portfolios."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.exceptions import RequestValidationError

from features.errors import UnsupportedObjective, WrongInput
from models.portfolio.portfolio import portfolio
from serving.dependencies import NOT_READY, UNKNOWN_BRAND, Matrix, headers, json_answer
from serving.portfolio_answers import PortfolioAnswer, portfolio_answer
from serving.portfolio_queries import PortfolioQuery
from serving.problems import problem_responses

router = APIRouter()


@router.get(
    "/v1/brands/{brand_id}/portfolio",
    response_model=PortfolioAnswer,
    responses={
        **NOT_READY,
        **problem_responses(RequestValidationError, UnsupportedObjective, WrongInput),
        **UNKNOWN_BRAND,
    },
    tags=["portfolios"],
)
def brand_portfolio(
    brand_id: Annotated[str, Path(examples=["b0001"])],
    query: Annotated[PortfolioQuery, Query()],
    matrix: Matrix,
) -> Response:
    """Choose creators to ask together: what each adds, and which limit holds the others back."""
    told = portfolio(matrix, brand_id, query.wishes, query.filters, query.settings(matrix))
    return json_answer(portfolio_answer(told), headers(matrix))
