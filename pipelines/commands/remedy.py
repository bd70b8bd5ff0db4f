"""`alliance remedy`."""

from datetime import datetime

import click

from pipelines.commands.options import Day, json_option


@click.command()
@click.argument("brand")
@click.argument("creator")
@click.argument("rung")
@click.option("--product", help="Where one product (its id) is to be mended, not the whole tie.")
@click.option("--note", default="", help="What exactly was tried.")
@click.option(
    "--on",
    type=Day(),
    metavar="YYYY-MM-DD",
    help="The day it was tried. Default: the day of the matrix.",
)
@click.option("--who", envvar="USER", default="somebody", show_envvar=True, help="Who tried it.")
@json_option
def remedy(
    brand: str,
    creator: str,
    rung: str,
    product: str | None,
    note: str,
    on: datetime | None,
    who: str,
    as_json: bool,
) -> None:
    """Log that RUNG was tried on CREATOR, whose conversion for BRAND is low.

    Rungs are product, pitch and "live offer", in this order. A later matrix judges each, from the
    day that is told: better, or the next rung; after the last one it is an audience mismatch.

    \b
    For example:
      alliance remedy b0001 c0042 product --note "the 30 ml instead of the 100 ml"
    """  # noqa: D301  (click reads the backspace as "keep these lines")
    from models.matrix.files import current
    from pipelines.commands.output import print_json, say
    from serving.diagnosis import tried
    from serving.diagnosis_answers import LoggedAnswer, RemedyAnswer
    from serving.remedy_words import remedy_words
    from serving.settings import ServingSettings
    from serving.state.database import open_state
    from serving.state.remedies import RemedyLog

    settings = ServingSettings()
    matrix = current(settings.matrix_dir)
    log = RemedyLog(open_state(settings.state))
    day = on.date() if on else None
    found = tried(matrix, log, brand, creator, rung, who=who, product_id=product, on=day, note=note)
    if as_json:
        answer = LoggedAnswer(
            brand_id=brand,
            creator_id=creator,
            product_id=product,
            remedy=RemedyAnswer.of(found),
        )
        print_json(answer.model_dump(mode="json") | {"rows": []})
        return
    say(f"Logged. {creator} with {brand}: {remedy_words(found)}.")
