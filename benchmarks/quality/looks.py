"""The ledger of looks: how often data that results are reported on were judged, and by which code.

What is looked at often enough is tuned on in the end, whatever anyone intends.
"""

import csv
from datetime import date
from pathlib import Path
from typing import Final

LEDGER: Final = Path(__file__).parent / "looks.csv"
COLUMNS: Final = ("data", "date", "code", "what")


def look(data: str, code: str, what: str) -> None:
    """Write the look down; the same code looking again at the same is no further look."""
    if any((row["code"], row["what"]) == (code, what) for row in looks(data)):
        return
    begun = LEDGER.exists()
    with LEDGER.open("a", newline="", encoding="utf-8") as ledger:
        writer = csv.writer(ledger, lineterminator="\n")
        if not begun:
            writer.writerow(COLUMNS)
        writer.writerow((data, date.today().isoformat(), code, what))


def looks(data: str) -> list[dict[str, str]]:
    """Every look at these data so far, the first first."""
    if not LEDGER.exists():
        return []
    with LEDGER.open(newline="", encoding="utf-8") as ledger:
        return [row for row in csv.DictReader(ledger) if row["data"] == data]


def looks_in_words(data: str, what: str) -> str:
    """For the report: `what` (a plural) were looked at so many times, from when to when."""
    dates = [row["date"] for row in looks(data)]
    if not dates:
        return f"{what} were not looked at."
    times = "once" if len(dates) == 1 else f"{len(dates)} times"
    return (
        f"{what} were looked at {times} (versions of the code), from {min(dates)} to "
        f"{max(dates)}; the ledger is `benchmarks/quality/{LEDGER.name}`."
    )
