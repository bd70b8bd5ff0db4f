"""Problem documents: every error as RFC 9457, and the one place that maps ours to a status."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from features.errors import (
    AllianceError,
    BrokenMatrix,
    BrokenState,
    NoMatrix,
    NoModelCard,
    NoOccasion,
    NothingToMend,
    NotReady,
    RungOutOfOrder,
    UnknownBrand,
    UnknownCreator,
    UnknownProduct,
    UnknownRung,
    UnsupportedObjective,
    WrongInput,
)
from serving.responses import ParameterProblem, ProblemAnswer

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: `name` is the fragment of its type."""

    name: str
    title: str
    status: int


KINDS: dict[type[Exception], Kind] = {
    UnknownBrand: Kind("unknown-brand", "No such brand in the matrix", 404),
    UnknownCreator: Kind("unknown-creator", "No such creator among the brand's pairs", 404),
    UnknownProduct: Kind("unknown-product", "The brand has no such product in the matrix", 404),
    UnknownRung: Kind("unknown-rung", "No such rung of the remedy ladder", 422),
    RungOutOfOrder: Kind("rung-out-of-order", "Another rung comes first", 409),
    NothingToMend: Kind("nothing-to-mend", "Nothing can be tried on this pair", 409),
    UnsupportedObjective: Kind("unsupported-objective", "This matrix cannot rank by that", 422),
    WrongInput: Kind("wrong-input", "The request cannot be answered as it is", 422),
    NoOccasion: Kind("no-occasion", "No forecasts for that day or campaign were published", 404),
    NoMatrix: Kind("no-matrix", "Nothing was published yet", 503),
    BrokenMatrix: Kind("broken-matrix", "The published matrix cannot be used", 503),
    BrokenState: Kind("broken-state", "The database of what people did cannot be used", 503),
    NoModelCard: Kind("no-model-card", "The matrix came without a model card", 503),
    NotReady: Kind("not-ready", "A step has to run first", 503),
    RequestValidationError: Kind("wrong-parameters", "Parameters cannot be used", 422),
    Exception: Kind("our-fault", "A fault of the service itself", 500),
}
"""The most specific wins."""

NAMED = (UnknownBrand, UnknownCreator, UnknownProduct, NoOccasion)
"""Errors that know close ids."""


def add_problem_handlers(app: FastAPI) -> None:
    """Let every error of the app leave as a problem document."""
    app.add_exception_handler(AllianceError, _ours)
    app.add_exception_handler(RequestValidationError, _wrong_parameters)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _our_fault)


def problem_responses(*kinds: type[Exception]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries of these kinds of problems, by status."""
    titles: dict[int, list[str]] = {}
    for kind in kinds:
        titles.setdefault(KINDS[kind].status, []).append(KINDS[kind].title)
    schema = {"$ref": "#/components/schemas/ProblemAnswer"}
    return {
        status: {"description": "; ".join(words), "content": {MEDIA_TYPE: {"schema": schema}}}
        for status, words in titles.items()
    }


def kind_of(error: Exception) -> Kind:
    return next(KINDS[kind] for kind in type(error).__mro__ if kind in KINDS)


async def _ours(request: Request, error: Exception) -> Response:
    close = list(error.close) if isinstance(error, NAMED) else None
    return _answer(request, kind_of(error), str(error), close=close)


async def _wrong_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [_parameter(wrong) for wrong in error.errors()]
    detail = "; ".join(f"{wrong.parameter}: {wrong.problem}" for wrong in errors)
    return _answer(request, kind_of(error), f"{detail}.", errors=errors)


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    kind = Kind(status.phrase.lower().replace(" ", "-"), status.phrase, status.value)
    detail = (
        f"{request.method} {request.url.path}: {status.phrase}. The root page lists the routes."
    )
    response = _answer(request, kind, detail)
    response.headers.update(error.headers or {})
    return response


async def _our_fault(request: Request, error: Exception) -> Response:
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    detail = "This is a fault of the service itself, not of the request; the log has the details."
    return _answer(request, kind_of(error), detail)


def _parameter(wrong: dict[str, Any]) -> ParameterProblem:
    where = [part for part in wrong["loc"][1:] if isinstance(part, str)]
    problem = str(wrong["msg"]).removeprefix("Value error, ").rstrip(".")
    if wrong["type"] == "extra_forbidden":
        problem = "there is no such parameter"
    given = wrong.get("input")
    return ParameterProblem(
        parameter=".".join(where), problem=problem, given=None if given is None else str(given)
    )


def _answer(
    request: Request,
    kind: Kind,
    detail: str,
    close: list[str] | None = None,
    errors: Sequence[ParameterProblem] | None = None,
) -> Response:
    answer = ProblemAnswer(
        type=f"/#{kind.name}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=quote(request.url.path),
        close=close,
        errors=None if errors is None else list(errors),
    )
    body = answer.model_dump_json(exclude_none=True)
    headers = {"Cache-Control": "no-store"}
    return Response(body, kind.status, headers, media_type=MEDIA_TYPE)
