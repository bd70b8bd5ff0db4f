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

NO_BRAND = "BRAND"
"""Stands for a brand's id while no matrix is published."""
NO_CREATOR = "CREATOR"
"""Stands for a creator's id."""


def index_page(openapi: Mapping[str, Any], base_url: str, brand_id: str | None) -> str:
    """The page as HTML that refers to nothing but this service; examples name a real brand."""
    routes = "".join(
        _route(path, methods["get"], base_url, brand_id)
        for path, methods in openapi["paths"].items()
        if "get" in methods
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


def _route(path: str, operation: Mapping[str, Any], base_url: str, brand_id: str | None) -> str:
    asked = path.replace("{brand_id}", quote(brand_id or NO_BRAND, safe=""))
    asked = asked.replace("{creator_id}", NO_CREATOR)
    if any(parameter["name"] == "k" for parameter in operation.get("parameters", ())):
        asked += "?k=10"
    url = base_url.rstrip("/") + asked
    says = escape(operation.get("description", ""))
    real = brand_id and NO_CREATOR not in asked
    there = f'<p><a href="{escape(asked)}">{escape(asked)}</a></p>' if real else ""
    return f"<h3>GET {escape(path)}</h3><p>{says}</p><pre>curl '{escape(url)}'</pre>{there}"
