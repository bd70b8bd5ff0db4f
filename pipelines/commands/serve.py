"""`alliance serve`."""

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1))
def serve(host: str, port: int, workers: int) -> None:
    """Serve shortlists over HTTP from the published matrix.

    The start page lists the addresses with examples; /openapi.json describes them. A newly
    published matrix is served from the next request on, without a restart.

    \b
    For example:
      alliance serve --port 8080 &
      curl 'http://127.0.0.1:8080/v1/brands/b0001/shortlist?k=5'
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    import uvicorn

    click.echo(f"Serving on http://{host}:{port} (Ctrl-C stops it).", err=True)
    uvicorn.run(
        "serving.app:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
    )
