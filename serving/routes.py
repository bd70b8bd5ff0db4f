"""Routes: each reads one published version from first to last."""

import hashlib
from contextlib import suppress
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse

from features.errors import BrokenMatrix, NoMatrix, NoModelCard, UnsupportedObjective
from models.matrix.matrix import AllianceMatrix
from models.shortlists.difference import difference, run_of
from models.shortlists.objectives import supported_objectives
from models.shortlists.shortlist import shortlist
from serving.brands import matching_brands
from serving.dependencies import (
    NOT_READY,
    REFUSED,
    UNKNOWN_BRAND_OR_OCCASION,
    Matrix,
    Published,
    headers,
    json_answer,
    names_tag,
)
from serving.index import index_page
from serving.problems import problem_responses
from serving.queries import BrandsQuery, ChangesQuery, ShortlistQuery
from serving.responses import (
    BrandsAnswer,
    DifferenceAnswer,
    HealthAnswer,
    MatrixAnswer,
    ShortlistAnswer,
)

router = APIRouter()


@router.get(
    "/v1/brands/{brand_id}/shortlist",
    response_model=ShortlistAnswer,
    responses={
        304: {"description": "Nothing changed since the answer with that ETag."},
        **NOT_READY,
        **problem_responses(RequestValidationError, UnsupportedObjective),
        **UNKNOWN_BRAND_OR_OCCASION,
    },
    tags=["shortlists"],
)
async def brand_shortlist(
    brand_id: Annotated[str, Path(examples=["b0001"])],
    query: Annotated[ShortlistQuery, Query()],
    published: Published,
    matrix: Matrix,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Rank creators for a brand: forecast, how sure, compared with what, and why."""
    if query.occasion is not None:
        matrix = await published.on(query.occasion).matrix()
    etag = _etag(matrix, brand_id, query)
    if if_none_match and names_tag(if_none_match, etag):
        return Response(status_code=304, headers=headers(matrix, etag))
    told = shortlist(matrix, brand_id, query.k, query.objective, query.filters)
    return json_answer(ShortlistAnswer.model_validate(told), headers(matrix, etag))


@router.get(
    "/v1/brands/{brand_id}/shortlist/changes",
    response_model=DifferenceAnswer,
    responses={
        **NOT_READY,
        **problem_responses(RequestValidationError, UnsupportedObjective),
        **UNKNOWN_BRAND_OR_OCCASION,
    },
    tags=["shortlists"],
)
async def shortlist_changes(
    brand_id: Annotated[str, Path(examples=["b0001"])],
    query: Annotated[ChangesQuery, Query()],
    published: Published,
    matrix: Matrix,
) -> Response:
    """Compare the shortlist with that of an earlier version: who moved, and why."""
    if query.occasion is not None:
        published = published.on(query.occasion)
        matrix = await published.matrix()
    earlier = await run_sync(published.version, query.against)
    asked = (brand_id, query.objective, query.filters)
    told = difference(brand_id, run_of(earlier, *asked), run_of(matrix, *asked), query.k)
    return json_answer(DifferenceAnswer.model_validate(told), headers(matrix))


@router.get(
    "/v1/brands",
    response_model=BrandsAnswer,
    responses=REFUSED,
    tags=["shortlists"],
)
async def brands(query: Annotated[BrandsQuery, Query()], matrix: Matrix) -> Response:
    """Find a brand's id by a part of its id or name."""
    return json_answer(matching_brands(matrix, query.q, query.limit, query.offset), headers(matrix))


@router.get("/v1/matrix", response_model=MatrixAnswer, responses=NOT_READY, tags=["matrix"])
async def published_matrix(matrix: Matrix) -> Response:
    """Where the numbers come from and how they are to be read."""
    told = {**matrix.manifest.model_dump(), "objectives": supported_objectives(matrix)}
    return json_answer(MatrixAnswer.model_validate(told), headers(matrix))


@router.get("/healthz", response_model=HealthAnswer, responses=NOT_READY, tags=["matrix"])
async def health(published: Published, matrix: Matrix) -> HealthAnswer:
    """Tell whether shortlists can be served, and whether a newer version had to be refused."""
    return HealthAnswer(
        status="degraded" if published.refused else "ok",
        matrix_version=matrix.manifest.version,
        as_of=matrix.manifest.as_of,
        refused=published.refused,
    )


@router.get(
    "/model-card",
    response_class=HTMLResponse,
    responses={
        **NOT_READY,
        **problem_responses(NoModelCard),
    },
    tags=["matrix"],
)
def model_card(published: Published, matrix: Matrix) -> HTMLResponse:
    """Tell what the model behind the forecasts learned from, how good it is, and its limits."""
    return HTMLResponse(published.card_of(matrix), headers=headers(matrix))


@router.get("/", include_in_schema=False)
async def index(request: Request, published: Published) -> HTMLResponse:
    """List the routes with commands to copy; loads nothing from anywhere."""
    example = None
    with suppress(NoMatrix, BrokenMatrix):  # the page also teaches before anything is published
        matrix = await published.matrix()
        example = _example(matrix)
    return HTMLResponse(index_page(request.app.openapi(), str(request.base_url), example))


def _example(matrix: AllianceMatrix) -> tuple[str, str] | None:
    """The ids of the first pair of the matrix; None where it has none."""
    if not len(matrix):
        return None
    brand, creator = (int(matrix.columns[name][0]) for name in ("brand_id", "creator_id"))
    return str(matrix.brands["brand_id"].iloc[brand]), str(
        matrix.creators["creator_id"].iloc[creator]
    )


def _etag(matrix: AllianceMatrix, brand_id: str, query: ShortlistQuery) -> str:
    asked = hashlib.sha256(f"{SHAPE}{brand_id}\0{query.model_dump_json()}".encode()).hexdigest()
    return f'"{matrix.manifest.version}-{asked[:16]}"'


SHAPE = hashlib.sha256(str(ShortlistAnswer.model_json_schema()).encode()).hexdigest()
"""Part of every ETag: after an upgrade that answers in another shape nothing old is reused."""
