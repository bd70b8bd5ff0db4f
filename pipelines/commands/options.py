"""Options that several verbs share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def json_option(command: Command) -> Command:
    """`--json`: one object on standard output, alone there."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object instead of text."
    )(command)


def as_of_option(help_text: str) -> Callable[[Command], Command]:
    """`--as-of DAY`."""
    return click.option(
        "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help=help_text
    )
