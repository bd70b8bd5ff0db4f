"""The service: shortlists of the published matrix over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from features.errors import NotReady
from serving.concentration_routes import router as concentrations
from serving.current import CurrentMatrix
from serving.deal_routes import router as deals
from serving.diagnosis_routes import router as diagnoses
from serving.examples import EXAMPLES
from serving.explanation_routes import router as explanations
from serving.opportunity_routes import router as opportunities
from serving.portfolio_routes import router as portfolios
from serving.problems import add_problem_handlers
from serving.responses import ProblemAnswer
from serving.rising_routes import router as rising
from serving.routes import router
from serving.settings import ServingSettings
from serving.state.database import OpenState

DESCRIPTION = (
    "Ranked creators for a brand, from the Alliance matrix: the forecast, how sure it is, what it "
    "is compared with, and why. Every answer comes from one published version and names it."
)


def create_app(settings: ServingSettings | None = None) -> FastAPI:
    """The application; settings come from the environment unless given.

    It starts without a matrix too, and then answers 503 with what to run. FastAPI's own pages of
    documentation are off because they load scripts from elsewhere; the root page replaces them.
    """
    told = settings or ServingSettings()
    app = FastAPI(
        title="Alliance",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.published = CurrentMatrix(told.matrix_dir)
    app.state.people = OpenState(told.state)
    app.include_router(router)
    app.include_router(diagnoses)
    app.include_router(explanations)
    app.include_router(portfolios)
    app.include_router(rising)
    app.include_router(deals)
    app.include_router(concentrations)
    app.include_router(opportunities)
    add_problem_handlers(app)
    _complete_document(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Load the matrix before the first request; what is wrong with it each request will say."""
    with suppress(NotReady):
        await app.state.published.matrix()
    yield
    app.state.people.close()


def _complete_document(app: FastAPI) -> None:
    """Add what FastAPI leaves out: the problem document's schema, and nulls in the examples."""
    document = app.openapi()
    schema = ProblemAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = document["components"]["schemas"]
    schemas.update(schema.pop("$defs", {}))
    schemas["ProblemAnswer"] = schema
    for path, example in EXAMPLES.items():
        answer = document["paths"][path]["get"]["responses"]["200"]
        answer["content"]["application/json"]["example"] = example
