"""The command line's help."""

import subprocess
import sys
from collections.abc import Sequence

import pytest

from pipelines.cli import DONE, VERBS, WRONG_INPUT
from tests.pipelines.alliance import Alliance
from tests.test_layout import HEAVY, ROOT

EVERY = [[verb] for verb in VERBS] + [["export", "matrix"], ["export", "shortlist"]]


def test_help_of_every_verb_teaches_without_importing_anything_heavy() -> None:
    program = (
        "import sys\nfrom pipelines.cli import run\n"
        f"codes = [run([*verb, '--help']) for verb in {EVERY!r}]\n"
        f"print(codes, [name for name in {HEAVY!r} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert told.stdout.splitlines()[-1] == f"{[DONE] * len(EVERY)} []"
    assert told.stderr == ""


@pytest.mark.parametrize("verb", EVERY, ids=" ".join)
def test_every_verb_says_in_a_sentence_what_it_does(
    verb: Sequence[str], alliance: Alliance
) -> None:
    told = alliance(*verb, "--help")
    assert told.code == DONE
    assert told.out.startswith(f"Usage: alliance {' '.join(verb)}")
    assert told.out.split("\n\n")[1].strip().endswith((".", "ending."))


@pytest.mark.parametrize(
    ("verb", "example"),
    [
        ("world", "alliance world small-world"),
        ("ingest", "alliance ingest exports/2026 --mapping ours.toml --quarantine"),
        ("shortlist", "alliance shortlist b0001 -k 10 --objective conversion"),
        ("serve", "/v1/brands/b0001/shortlist?k=5"),
    ],
)
def test_verbs_with_many_options_show_an_example(
    verb: str, example: str, alliance: Alliance
) -> None:
    assert example in alliance(verb, "--help").out


def test_commands_are_listed_in_the_order_they_are_used(alliance: Alliance) -> None:
    listed = alliance("--help").out.split("in the order they are used:")[1]
    found = [line.split()[0] for line in listed.splitlines() if line[2:3].strip()]
    assert found == list(VERBS)


def test_without_a_command_the_help_is_shown(alliance: Alliance) -> None:
    told = alliance()
    assert told.code == WRONG_INPUT
    assert "A first run:" in told.out + told.err
