"""Decisions of several worlds pooled: means with intervals over worlds, verdicts, pictures."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.quality.decisions_deals import Chances, calibration
from benchmarks.quality.decisions_rules import BRAND, CASES, PRODUCT
from benchmarks.quality.decisions_rules import RULES as THUMB
from benchmarks.quality.decisions_scores import FLOOR_STEPS, WorldDecisions
from experiments.oracle import interval
from models.concentration.of_matrix import FLOORS
from models.prediction import Floats

DRAWS: Final = 1_000
FEWEST_WORLDS: Final = 5
"""Of fewer nothing is said to be better."""
LESS, MORE = "less", "more"


class Drawn:
    """Means over worlds of their numbers; row 0 is the mean, the others draw worlds anew."""

    def __init__(self, worlds: Sequence[WorldDecisions], random_state: int = 0) -> None:
        self.frame = pd.DataFrame([world.numbers for world in worlds])
        n = len(self.frame)
        random = np.random.default_rng(random_state)
        self.picked = np.vstack([np.arange(n), random.integers(0, n, (DRAWS, n))])

    def of(self, name: str) -> Floats:
        """(draws + 1,); nan where no world has the number."""
        if name not in self.frame:
            return np.full(len(self.picked), np.nan)
        values = self.frame[name].to_numpy(dtype=np.float64)[self.picked]
        known = ~np.isnan(values)
        many = known.sum(axis=1)
        total = np.where(known, values, 0.0).sum(axis=1)
        return np.divide(total, many, out=np.full(len(many), np.nan), where=many > 0)

    def mean(self, name: str) -> float:
        return float(self.of(name)[0])

    def verdict(self, difference: Floats, good: str) -> str:
        return verdict(difference, good, len(self.frame))


def verdict(difference: Floats, good: str, worlds: int) -> str:
    """'better' or 'worse' where the interval of ours less theirs excludes 0, else 'level'."""
    value, low, high = interval(difference)
    if np.isnan(value):
        return "–"
    if worlds < FEWEST_WORLDS:
        return "too few worlds"
    if low <= 0 <= high:
        return "level"
    return "better" if (value < 0) == (good == LESS) else "worse"


def told(drawn: Floats) -> str:
    """`0.950 (0.931 to 0.966)`; a dash where there is no case."""
    value, low, high = interval(drawn)
    return "–" if np.isnan(value) else f"{value:.3f} ({low:.3f} to {high:.3f})"


def diagnosis_table(drawn: Drawn) -> pd.DataFrame:
    """Ours, knowing nothing, and the rules of thumb, by case."""
    records = []
    for case, words in CASES.items():
        start = f"diagnosis/{case}"
        records.append(
            {"of": words, "who": "ours"}
            | {
                column: told(drawn.of(f"{start}/ours/{name}"))
                for column, name in (
                    ("log score", "log_score"),
                    ("decided", "decided"),
                    ("accuracy of the decided", "accuracy"),
                )
            }
        )
        nothing = told(drawn.of(f"{start}/nothing/log_score"))
        records.append({"of": words, "who": "the share of all", "log score": nothing})
        for rule, named in THUMB.items() if case in (BRAND, PRODUCT) else ():
            records.append(
                {
                    "of": words,
                    "who": named,
                    "log score": told(drawn.of(f"{start}/{rule}/log_score")),
                    "decided": told(drawn.of(f"{start}/{rule}/decided")),
                    "accuracy of the decided": told(drawn.of(f"{start}/{rule}/accuracy")),
                }
            )
    return pd.DataFrame(records)


def rules_table(drawn: Drawn) -> pd.DataFrame:
    """Ours less each rule of thumb, on the very pairs that the rule decides."""
    records = []
    for case in (BRAND, PRODUCT):
        for rule, named in THUMB.items():
            start = f"diagnosis/{case}/{rule}"
            score = drawn.of(f"{start}/log_score_of_ours") - drawn.of(f"{start}/log_score")
            right = drawn.of(f"{start}/forced") - drawn.of(f"{start}/accuracy")
            records.append(
                {
                    "of": CASES[case],
                    "ours less": named,
                    "log score": told(score),
                    "ours is": drawn.verdict(score, LESS),
                    "accuracy where it decides": told(right),
                    "ours is then": drawn.verdict(right, MORE),
                }
            )
    return pd.DataFrame(records)


def acceptance_table(drawn: Drawn) -> pd.DataFrame:
    """Log-loss of P(yes): every pair against its true chance, and later answers."""
    records = []
    for words, name in (
        ("with terms (ours)", "ours"),
        ("hierarchical, without terms", "without_terms"),
        ("overall rate", "overall"),
        ("the true chances", "truth"),
    ):
        every = {"ours": "accept/log_loss", "truth": "accept/log_loss_of_truth"}
        of_all = drawn.of(every.get(name, f"accept/{name}"))
        later = drawn.of(f"answers/{name}")
        record = {"P(yes)": words, "every pair": told(of_all), "later invitations": told(later)}
        if name in ("without_terms", "overall"):
            record["ours is, every pair"] = drawn.verdict(
                drawn.of("accept/log_loss") - of_all, LESS
            )
            record["ours is, later"] = drawn.verdict(drawn.of("answers/ours") - later, LESS)
        records.append(record)
    return pd.DataFrame(records).fillna("")


def loss_table(drawn: Drawn) -> pd.DataFrame:
    """P(loss) beside the mean chance and the truth, and its bias."""
    usual = drawn.of("loss/log_loss_of_mean")
    ours = drawn.of("loss/log_loss")
    return pd.DataFrame(
        [
            {"P(loss)": "ours", "log-loss": told(ours), "mean said": told(drawn.of("loss/said"))},
            {
                "P(loss)": "the mean chance of all",
                "log-loss": told(usual),
                "ours is": drawn.verdict(ours - usual, LESS),
            },
            {
                "P(loss)": "the true chances",
                "log-loss": told(drawn.of("loss/log_loss_of_truth")),
                "mean said": told(drawn.of("loss/true")),
            },
        ]
    ).fillna("")


def floors_table(drawn: Drawn) -> pd.DataFrame:
    """What floors cost of the net GMV of all lists, as forecast and in truth."""
    records = []
    for step in FLOOR_STEPS:
        start = f"floor/{step:g}"
        asked = ", ".join(f"{tier} {share * step:.0%}" for tier, share in FLOORS.items())
        records.append(
            {
                "floor of exposure": asked,
                "cost as forecast": told(drawn.of(f"{start}/said")),
                "cost in truth": told(drawn.of(f"{start}/true")),
                "their true exposure without": told(drawn.of(f"{start}/exposure_without")),
                "and with it": told(drawn.of(f"{start}/exposure")),
            }
        )
    return pd.DataFrame(records)


def all_chances(parts: Sequence[Chances]) -> Chances:
    """Those of all worlds, one after the other."""
    return Chances(
        np.concatenate([part.said for part in parts]),
        np.concatenate([part.true for part in parts]),
        np.concatenate([part.creator for part in parts]),
    )


def reliability(chances: Chances, seed: int) -> pd.DataFrame:
    """Bins of what was said, with the share that happened and whether it holds."""
    found = calibration(chances, seed).drop(columns="se")
    words = ["too few creators" if h is None else "yes" if h else "**no**" for h in found["holds"]]
    return found.assign(holds=words)


def drawn_reliability(tables: dict[str, pd.DataFrame]) -> Figure:
    """Happened against said, a panel each; on the line is right."""
    figure = Figure(figsize=(7, 3.4), layout="constrained")
    for axes, (name, bins) in zip(figure.subplots(1, len(tables)), tables.items(), strict=True):
        _panel(axes, name, bins)
    return figure


def _panel(axes: Axes, name: str, bins: pd.DataFrame) -> None:
    axes.plot([0, 1], [0, 1], color="black", linewidth=0.8)
    axes.errorbar(bins["said"], bins["happened"], yerr=bins["band"], fmt="o", color="#4878a8")
    axes.set_title(name, fontsize=9)
    axes.set_xlabel("said")
    axes.set_ylabel("happened")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
