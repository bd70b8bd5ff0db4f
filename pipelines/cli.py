"""`alliance`: the command line, its verbs, its exit codes."""

import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

import click

VERBS = {
    "demo": "Show it all: the main job from a world (or real data) to a shortlist.",
    "world": "Simulate a live-commerce world as a source folder.",
    "ingest": "Check a source and store its facts.",
    "train": "Learn from the facts; register the model, promote it if it is better.",
    "evaluate": "Print the leaderboard: the model against its baselines.",
    "score": "Fill and publish the Alliance matrix.",
    "shortlist": "Rank creators for a brand, with the evidence.",
    "explain": "Say where a pair's result comes from, and what would change its rank.",
    "portfolio": "Choose creators to ask together, under a budget and limits.",
    "rising": "Name creators whom ever more people watch, and list cold starts.",
    "diagnose": "Hold a brand's creators against their benchmarks; draw the quadrants.",
    "remedy": "Log what was tried on a creator whose conversion is low.",
    "deal": "Reckon a deal with a creator: fee, commission, mixed or dedicated.",
    "concentration": "Who is shown and asked, and what sharing it out would cost.",
    "opportunities": "List what a creator would earn most with, and who would want it.",
    "export": "Write the matrix or a shortlist as Parquet, CSV or XLSX.",
    "serve": "Serve shortlists over HTTP.",
}
DONE, BUG, WRONG_INPUT, NOT_READY, INTERRUPTED = 0, 1, 2, 3, 130


class Verbs(click.Group):
    """Lists every verb without importing what it needs: help stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command = getattr(import_module(f"pipelines.commands.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS:
            from difflib import get_close_matches

            close = get_close_matches(args[0], VERBS, n=1)
            hint = f" Did you mean '{close[0]}'?" if close else ""
            ctx.fail(f"No such command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands, in the order they are used"):
            formatter.write_dl(list(VERBS.items()))


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="alliance")
def alliance() -> None:
    """Match brands with creators for live commerce.

    From past sessions, learn what each creator would sell for each brand, publish it as the
    Alliance matrix, and read ranked shortlists from it: forecast, how sure, and why.

    \b
    A first run:
      alliance world my-world              simulate a world (or bring your own folder)
      alliance ingest my-world             check it and store its facts
      alliance train                       learn, and compare with the baselines
      alliance score                       publish the matrix
      alliance shortlist b0001 -k 20       whom to invite, and why

    Everything is kept in ALLIANCE_HOME (default ./alliance-home).
    Exit codes: 0 done, 1 our bug, 2 wrong input, 3 not ready, 130 interrupted.
    """  # noqa: D301  (click reads the backspace as "keep these lines")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a verb and leave with its exit code; every expected error is one plain sentence."""
    sys.exit(run(sys.argv[1:] if arguments is None else list(arguments)))


def run(arguments: Sequence[str]) -> int:
    """The exit code of a command line. Errors go to standard error (with --json, also as JSON)."""
    try:
        alliance.main(args=list(arguments), prog_name="alliance", standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as wrong:
        wrong.show()
        if "--json" in arguments:
            _as_json("WrongInput", wrong.format_message())
        return WRONG_INPUT
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; nothing half-written is left behind.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except Exception as error:
        return _explained(error, as_json="--json" in arguments)
    return DONE


def _explained(error: Exception, *, as_json: bool) -> int:
    from features.errors import BadSource, NotReady, WrongInput

    name, message = type(error).__name__, str(error)
    expected = isinstance(error, WrongInput | NotReady | PermissionError | NotADirectoryError)
    if expected:
        click.echo(f"{name}: {message}", err=True)
    else:
        import traceback

        traceback.print_exc()
        click.echo("This is a fault of alliance itself, not of your input.", err=True)
    if as_json:
        problems = error.problems if isinstance(error, BadSource) else ()
        _as_json(name, message, [vars(problem) for problem in problems])
    if not expected:
        return BUG
    return NOT_READY if isinstance(error, NotReady) else WRONG_INPUT


def _as_json(error: str, message: str, rows: Sequence[Mapping[str, object]] = ()) -> None:
    document = {"error": error, "message": message, "rows": list(rows)}
    click.echo(json.dumps(document, ensure_ascii=False))
