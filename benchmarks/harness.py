"""Runs a job and its peer in turn, each in a fresh process, and compares them pair by pair."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Work = Callable[[], float]
"""What is measured; returns how many things it did."""
Jobs = dict[str, Callable[[Path], Work]]
"""Name -> what prepares the work from a folder (not measured, but for its memory)."""


@dataclass(frozen=True)
class Run:
    """One run of one job in a process of its own; peak memory is the whole process's."""

    cpu_seconds: float
    wall_seconds: float
    peak_mb: float
    done: float


@dataclass(frozen=True)
class Result:
    """Runs of a job beside runs of its peer, made in turn."""

    title: str
    unit: str
    job: str
    peer: str
    ours: tuple[Run, ...]
    theirs: tuple[Run, ...]

    def ratios(self, field: str) -> tuple[float, float, float]:
        """Peer / ours, pair by pair: median, smallest, largest. Above 1 means ours needs less."""
        values = [
            getattr(theirs, field) / getattr(ours, field)
            for ours, theirs in zip(self.ours, self.theirs, strict=True)
        ]
        return statistics.median(values), min(values), max(values)


def compare(
    module: str, title: str, unit: str, job: str, peer: str, folder: Path, rounds: int
) -> Result:
    """Run `job` and `peer` of a benchmark module in turn, `rounds` times each."""
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(run(module, job, folder))
        theirs.append(run(module, peer, folder))
    return Result(title, unit, job, peer, tuple(ours), tuple(theirs))


def run(module: str, job: str, folder: Path) -> Run:
    """One job of a benchmark module, in a process of its own."""
    command = [sys.executable, "-m", module, job, str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{answer.stderr}")
    return Run(**json.loads(answer.stdout.splitlines()[-1]))


def serve_job(jobs: Jobs, arguments: Sequence[str]) -> None:
    """The other side of `run`: do one job and print what it took as JSON."""
    name, folder = arguments
    work = jobs[name](Path(folder))
    wall, cpu = time.perf_counter(), time.process_time()
    done = work()
    print(
        json.dumps(
            {
                "cpu_seconds": time.process_time() - cpu,
                "wall_seconds": time.perf_counter() - wall,
                "peak_mb": peak_mb(),
                "done": done,
            }
        )
    )


def peak_mb() -> float:
    """Peak resident memory of this process since it was started (getrusage's also has that of the
    process it was forked from).
    """
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) / 1024


def table(results: Sequence[Result]) -> str:
    """The results as a Markdown table: medians, and ratios with their range."""
    lines = [
        "| what | ours | peer | ours: CPU s, peak MB | peer: CPU s, peak MB "
        "| CPU: peer / ours (range) | memory: peer / ours |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in results:
        cpu, low, high = result.ratios("cpu_seconds")
        memory, _, _ = result.ratios("peak_mb")
        cells = (
            result.title,
            result.job,
            result.peer,
            _median(result.ours, result.unit),
            _median(result.theirs, result.unit),
            f"{cpu:.2f} ({low:.2f} to {high:.2f})",
            f"{memory:.2f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _median(runs: Sequence[Run], unit: str) -> str:
    cpu = statistics.median(run.cpu_seconds for run in runs)
    peak = statistics.median(run.peak_mb for run in runs)
    rate = statistics.median(run.done / run.cpu_seconds for run in runs)
    return f"{cpu:.2f}, {peak:,.0f} ({rate:,.3g} {unit} a CPU-second)"
