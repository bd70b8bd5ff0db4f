"""Progress of long work, shown on standard error so that standard output stays clean."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Told how far a named stage has come; `done` equal to `total` ends the stage."""

    def __call__(self, stage: str, done: float = 0, total: float = 1) -> None: ...


def silent(stage: str, done: float = 0, total: float = 1) -> None:
    """Progress that nobody watches."""


@contextmanager
def progress_bars(*, shown: bool = True) -> Iterator[Progress]:
    """One bar per stage with elapsed time; plain lines where standard error is no terminal."""
    if not shown:
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console.print)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console) as bars:
        tasks = {}

        def show(stage: str, done: float = 0, total: float = 1) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


def _lines(write: object) -> Progress:
    """Announce each stage once, when it begins and when it ends with its seconds."""
    from time import monotonic

    assert callable(write)
    begun: dict[str, float] = {}

    def show(stage: str, done: float = 0, total: float = 1) -> None:
        if stage not in begun:
            begun[stage] = monotonic()
        if done >= total and begun[stage] >= 0:
            write(f"  {stage}: {monotonic() - begun[stage]:.0f} s", highlight=False)
            begun[stage] = -1

    return show
