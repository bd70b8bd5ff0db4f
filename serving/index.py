"""The root page: routes with commands to copy, and what each kind of problem means."""

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from serving.problems import KINDS

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}"
    "pre{background:#f3f3f1;padding:.6rem .8rem;overflow-x:auto;user-select:all}"
    "dt{font-weight:600}h2{margin-top:2rem}"
)

Example = tuple[str, str]
"""Ids of a brand and of a creator scored for it."""

NOBODY: Example = ("BRAND", "CREATOR")
"""Stand for the ids while no matrix is published."""
NO_CREATOR = "CREATOR"
"""Stands for a creator's id."""


def index_page(openapi: Mapping[str, Any], base_url: str, example: Example | None) -> str:
    """The page as HTML that refers to nothing but this service; examples name a real pair."""
    routes = "".join(
        _route(method, path, operation, base_url, example)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    )
    problems = "".join(
        f'<dt id="{kind.name}">{kind.name} ({kind.status})</dt><dd>{escape(kind.title)}</dd>'
        for kind in KINDS.values()
    )
    title = escape(openapi["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body>'
        f"<h1>{title}</h1><p>{escape(openapi['info']['description'])}</p>"
        f'<p>How far to trust the forecasts: <a href="/model-card">the model card</a>.</p>'
        f'<p>Every parameter and field: <a href="/openapi.json">openapi.json</a>.</p>'
        f"<h2>Routes</h2>{routes}<h2>Problems</h2><dl>{problems}</dl></body></html>"
    )


def _route(
    method: str, path: str, operation: Mapping[str, Any], base_url: str, example: Example | None
) -> str:
    asked = path
    for name, known in zip(("{brand_id}", "{creator_id}"), example or NOBODY, strict=True):
        asked = asked.replace(name, quote(known, safe=""))
    if asked.endswith("/shortlist"):
        asked += "?k=10"
    url = base_url.rstrip("/") + asked
    says = escape(operation.get("description", ""))
    verb = method.upper()
    sent = "" if verb == "GET" else f"-X {verb} -H 'Content-Type: application/json' -d '{{...}}' "
    linked = example is not None and verb == "GET"
    there = f'<p><a href="{escape(asked)}">{escape(asked)}</a></p>' if linked else ""
    command = escape(f"curl {sent}'{url}'")
    return f"<h3>{verb} {escape(path)}</h3><p>{says}</p><pre>{command}</pre>{there}"
