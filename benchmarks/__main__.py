"""`python -m benchmarks`: every comparison, as a Markdown table in docs/benchmarks.md."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.features import DATES
from benchmarks.harness import compare, table

LINES, GRID_LINES = 2_000_000, 200_000
HEAD = """# Speed and memory

Written by `make bench`. Every job and its peer ran in turn, each in a process of its own, on the
same input; ratios are pair by pair, above 1 where ours needs less. CPU seconds; absolute figures
mean little on another machine.

What the peers leave out: `pandas-groupby` makes the sums that our features rest on, not
the features; `lightgbm-two-rows` learns a point forecast; `merge-predict` gives neither
similarities nor intervals; `duckdb-parquet` returns rows of numbers, ours whole shortlists with
reasons.

"""


@click.command()
@click.option("--rounds", default=3, show_default=True, help="Runs of each job.")
@click.option("--lines", default=LINES, show_default=True, help="Session-product lines of facts.")
@click.option("--out", default="docs/benchmarks.md", type=click.Path(path_type=Path))
def main(rounds: int, lines: int, out: Path) -> None:
    """Compare features, training, grid scoring and reading with their peers."""
    from benchmarks.grid import train_model
    from benchmarks.read import K, write_matrix
    from benchmarks.synthetic import write_facts

    results = []
    with TemporaryDirectory() as scratch:
        facts, grid, published = (Path(scratch) / name for name in ("facts", "grid", "published"))
        click.echo(f"Preparing {lines:,} lines of facts ...", err=True)
        write_facts(facts, lines)
        results.append(
            compare(
                "benchmarks.features",
                f"features as of {DATES} dates, {lines:,} lines",
                "dates",
                "alliance",
                "pandas-groupby",
                facts,
                rounds,
            )
        )
        click.echo("Training ...", err=True)
        results.append(
            compare(
                "benchmarks.training",
                "training on 100,000 pairs, 100 trees",
                "pairs",
                "alliance",
                "lightgbm-two-rows",
                grid,
                rounds,
            )
        )
        click.echo("Scoring the grid ...", err=True)
        write_facts(grid, GRID_LINES, creators=1_000, products=900)
        train_model(grid)
        results.append(
            compare(
                "benchmarks.grid",
                "grid scoring, 20 brands x 1,000 creators x 16 products",
                "pairs",
                "alliance",
                "merge-predict",
                grid,
                rounds,
            )
        )
        click.echo("Reading shortlists ...", err=True)
        write_matrix(published)
        results.append(
            compare(
                "benchmarks.read",
                f"top {K} of a brand with filters, 3M pairs",
                "reads",
                "alliance",
                "duckdb-parquet",
                published,
                rounds,
            )
        )
    out.write_text(HEAD + table(results) + "\n", encoding="utf-8")
    click.echo(table(results))


if __name__ == "__main__":
    main()
