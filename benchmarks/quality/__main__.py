"""`python -m benchmarks.quality`: the whole comparison, into docs/quality.md and MLflow."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.quality.report import write_report
from benchmarks.quality.section import QualitySettings, Section
from pipelines.code_version import code_version
from pipelines.home import Home
from pipelines.progress import progress_bars
from pipelines.tracking import Tracking

SECTIONS = {
    "complete-journey": "benchmarks.quality.complete_journey",
    "worlds": "benchmarks.quality.worlds",
    "uncertainty": "benchmarks.quality.uncertainty",
    "decisions": "benchmarks.quality.decisions",
    "collaborations": "benchmarks.quality.collaborations",
    "douyin": "benchmarks.quality.douyin.section",
}
"""Name -> module with a function `section(settings, progress)`, in the order of the page."""


@click.command()
@click.option(
    "--only", multiple=True, type=click.Choice(list(SECTIONS)), help="Run this section alone."
)
@click.option(
    "--datasets",
    default="../shared/data",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder with brand_influencer_instagram/ and douyin_live_export/.",
)
@click.option("--out", default="docs/quality.md", type=click.Path(path_type=Path))
@click.option("--small", is_flag=True, help="A quick run that shows the plumbing; claims nothing.")
@click.option("--random-state", default=0, show_default=True)
def main(only: Sequence[str], datasets: Path, out: Path, small: bool, random_state: int) -> None:
    """Judge the forecasts against peers and known truth; about an hour on two cores."""
    made: list[Section] = []
    with TemporaryDirectory() as scratch, progress_bars() as progress:
        settings = QualitySettings(datasets, Path(scratch), random_state, small)
        try:
            for name in only or SECTIONS:
                made.append(import_module(SECTIONS[name]).section(settings, progress))
                write_report(made, out, code_version())
        finally:  # what was judged is kept, whatever the next section met
            run_id = tracked(made, settings, out) if made else ""
    for section in made:
        click.echo(f"{section.title}: {section.summary}")
    click.echo(f"Written to {out}; run {run_id} of the experiment 'quality' in MLflow.")


def tracked(sections: Sequence[Section], settings: QualitySettings, page: Path) -> str:
    """Record every section's numbers, the page and its pictures; returns the run's id."""
    home = Home.from_environment()
    with TemporaryDirectory() as folder:
        copied = Path(folder) / page.name
        write_report(sections, copied, code_version())
        return Tracking(home.mlflow_uri, home.artifacts, experiment="quality").record_run(
            "quality",
            parameters={"random_state": settings.random_state, "small": settings.small},
            metrics={
                f"{section.name}/{name}": value
                for section in sections
                for name, value in section.metrics.items()
            },
            tags={"code_version": code_version()},
            folder=Path(folder),
        )


if __name__ == "__main__":
    main()
