"""The root page: routes with commands to copy, and what each kind of problem means."""

from collections.abc import Mapping
from html import escape
from typing import Any

from serving.problems import KINDS

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}"
    "pre{background:#f3f3f1;padding:.6rem .8rem;overflow-x:auto;user-select:all}"
    "dt{font-weight:600}h2{margin-top:2rem}"
)

ASKED = {
    "/v1/brands/{brand_id}/shortlist": "/v1/brands/b0001/shortlist?k=10&objective=net_gmv",
    "/v1/brands": "/v1/brands?q=b0",
}
"""Routes whose example needs a value filled in."""


def index_page(openapi: Mapping[str, Any], base_url: str) -> str:
    """The page as HTML that refers to nothing but this service."""
    routes = "".join(
        _route(path, methods["get"], base_url)
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
        f'<p>Every parameter and field: <a href="/openapi.json">openapi.json</a>.</p>'
        f"<h2>Routes</h2>{routes}<h2>Problems</h2><dl>{problems}</dl></body></html>"
    )


def _route(path: str, operation: Mapping[str, Any], base_url: str) -> str:
    url = base_url.rstrip("/") + ASKED.get(path, path)
    says = escape(operation.get("description", ""))
    return f"<h3>GET {escape(path)}</h3><p>{says}</p><pre>curl '{escape(url)}'</pre>"
