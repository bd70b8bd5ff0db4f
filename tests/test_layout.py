"""The folders tell the story in one direction: each imports only from those below it."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BELOW = {
    "features": set(),
    "models": {"features"},
    "experiments": {"features", "models"},
    "serving": {"features", "models"},
    "pipelines": {"features", "models", "experiments", "serving"},
}
HEAVY = ("pandas", "numpy", "mlflow", "lightgbm", "duckdb", "ibis", "sklearn", "rich", "fastapi")
ONE_HOME = {"mlflow": "pipelines/tracking.py", "implicit": "models/embeddings/collaborative.py"}


def modules() -> list[Path]:
    return sorted(path for folder in BELOW for path in (ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_folder_imports_only_from_those_below_it(path: Path) -> None:
    folder = path.relative_to(ROOT).parts[0]
    ours = {name.split(".")[0] for name in imported(path)} & {*BELOW, "tests", "benchmarks"}
    assert ours <= BELOW[folder] | {folder}


@pytest.mark.parametrize("library", ONE_HOME)
def test_a_library_we_may_want_to_replace_is_imported_in_one_module(library: str) -> None:
    importers = {
        str(path.relative_to(ROOT))
        for path in modules()
        if library in {name.split(".")[0] for name in imported(path)}
    }
    assert importers == {ONE_HOME[library]}


def test_every_module_opens_with_what_it_knows() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys\nfrom pipelines.cli import run\nrun(['--help'])\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.splitlines()[-1] == "[]"
    assert "shortlist" in answer.stdout


@pytest.mark.parametrize(
    ("module", "needless"),
    [("pipelines.score", "matplotlib"), ("models.shortlists.shortlist", "scipy.stats")],
)
def test_what_is_started_often_imports_nothing_large_that_it_does_not_use(
    module: str, needless: str
) -> None:
    program = f"import sys, {module}\nprint({needless!r} in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.strip() == "False"
