"""What routes share: the published matrix of a request, its problems, headers and JSON."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError

from features.errors import BrokenMatrix, NoMatrix, NoOccasion, UnknownBrand
from models.matrix.matrix import AllianceMatrix
from serving import examples
from serving.current import CurrentMatrix
from serving.problems import KINDS, MEDIA_TYPE, problem_responses
from serving.responses import Answer


def published_of(request: Request) -> CurrentMatrix:
    published = request.app.state.published
    assert isinstance(published, CurrentMatrix)
    return published


Published = Annotated[CurrentMatrix, Depends(published_of)]


async def matrix_of(published: Published) -> AllianceMatrix:
    return await published.matrix()


Matrix = Annotated[AllianceMatrix, Depends(matrix_of)]
"""The one version that this request reads."""

NOT_READY = problem_responses(NoMatrix, BrokenMatrix)
REFUSED = NOT_READY | problem_responses(RequestValidationError)
UNKNOWN_BRAND: dict[int | str, dict[str, Any]] = {
    404: {
        "description": KINDS[UnknownBrand].title,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/ProblemAnswer"},
                "example": examples.UNKNOWN_BRAND,
            }
        },
    }
}
UNKNOWN_BRAND_OR_OCCASION: dict[int | str, dict[str, Any]] = {
    404: {
        **UNKNOWN_BRAND[404],
        "description": f"{KINDS[UnknownBrand].title}; {KINDS[NoOccasion].title}",
    }
}


def names_tag(if_none_match: str, etag: str) -> bool:
    """Whether the header names that tag (weak comparison, RFC 9110 section 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or tags == ["*"]


def headers(matrix: AllianceMatrix, etag: str | None = None) -> dict[str, str]:
    told = {"Alliance-Matrix": matrix.manifest.version, "Cache-Control": "no-cache"}
    return told if etag is None else told | {"ETag": etag}


def json_answer(answer: Answer, headed: dict[str, str], status: int = 200) -> Response:
    return Response(answer.model_dump_json(), status, headed, media_type="application/json")
