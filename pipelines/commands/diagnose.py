"""`alliance diagnose`."""

from pathlib import Path

import click

from pipelines.commands.options import QUADRANTS, json_option

DRAWN = 400
"""Creators drawn at most: those who met the brand first."""


@click.command()
@click.argument("brand")
@click.option("--creator", help="Only this creator (its id), with its history.")
@click.option("--product", help="Diagnose one product of the brand (its id) with each creator.")
@click.option("--quadrant", multiple=True, type=click.Choice(QUADRANTS))
@click.option("-k", default=20, show_default=True, type=click.IntRange(1), help="Creators listed.")
@click.option(
    "--chart",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.svg|.html",
    help="Where the quadrant chart goes. Default: diagnosis-BRAND.svg and .html, here.",
)
@json_option
def diagnose(
    brand: str,
    creator: str | None,
    product: str | None,
    quadrant: tuple[str, ...],
    k: int,
    chart: Path | None,
    as_json: bool,
) -> None:
    """Hold each creator of BRAND (its id) against its benchmarks, and say what follows.

    Conversion against merchants of the same industry and tier, and beside it against peer
    creators; impressions of a product as the second axis. Writes the quadrant chart too. Those
    who worked with the brand come first. Remedies move on by themselves with a newer matrix.

    \b
    For example:
      alliance diagnose b0001
      alliance diagnose b0001 --quadrant mend --chart mend.html
      alliance diagnose b0001 --creator c0042
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from dataclasses import replace

    from models.matrix.files import current
    from models.versions import history
    from pipelines.charts import chart_files, write_charts
    from pipelines.commands.output import console, print_json, say
    from serving.diagnosis import diagnosed
    from serving.diagnosis_answers import DiagnosisAnswer, HistoryAnswer
    from serving.diagnosis_table import diagnosis_table, history_table
    from serving.settings import ServingSettings
    from serving.state.database import open_state
    from serving.state.remedies import RemedyLog

    files = chart_files(chart, f"diagnosis-{brand}")
    settings = ServingSettings()
    matrix = current(settings.matrix_dir)
    log = RemedyLog(open_state(settings.state))
    drawn = diagnosed(matrix, log, brand, product, creator, quadrant, max(k, DRAWN))
    told = replace(drawn, rows=drawn.rows[:k])
    past = []
    if creator is not None and product is None:
        past = history(settings.matrix_dir, brand, creator)
    written = write_charts(files, drawn)
    if as_json:
        document = DiagnosisAnswer.of_brand(told).model_dump(mode="json")
        if creator is not None:
            of_pair = HistoryAnswer.of_pair(brand, creator, past, told.rows[0].remedy)
            document["history"] = of_pair.model_dump(mode="json")["rows"]
        print_json(document | {"charts": [str(file) for file in written]})
        return
    console().print(diagnosis_table(told))
    if creator is not None:
        console().print(history_table(past, told.rows[0].remedy))
    say(f"Chart: {', '.join(map(str, written))}")
