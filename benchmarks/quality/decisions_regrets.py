"""What choosing creators by a rule loses of the best choice, pooled over worlds and brands."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from benchmarks.quality.decisions_portfolio import PORTFOLIO, RULES
from benchmarks.quality.decisions_scores import WorldDecisions
from benchmarks.quality.decisions_tables import DRAWS, MORE, told, verdict
from experiments.oracle import interval
from models.prediction import Floats


class Regrets:
    """Shares of the best choice's true worth by rule and k; worlds and their brands drawn."""

    def __init__(self, worlds: Sequence[WorldDecisions], random_state: int = 0) -> None:
        rows = pd.concat([world.regrets for world in worlds], ignore_index=True)
        self.ks = sorted(rows["k"].unique().tolist())
        self.rules = RULES
        self.worlds = int(rows["world"].nunique())
        keys = pd.MultiIndex.from_product([self.ks, RULES])
        self.worth, self.best = (
            rows.pivot_table(
                index=["world", "brand_id"], columns=["k", "rule"], values=value
            ).reindex(columns=keys)
            for value in ("worth", "best")
        )
        of_world = self.worth.reset_index()["world"].to_numpy()
        members = [np.flatnonzero(of_world == world) for world in dict.fromkeys(of_world)]
        random = np.random.default_rng(random_state)
        self.picked = [np.arange(len(of_world))]
        for _ in range(DRAWS):
            some = random.integers(0, len(members), len(members))
            self.picked.append(
                np.concatenate([random.choice(members[i], len(members[i])) for i in some])
            )

    def shares(self, rule: str, k: int) -> Floats:
        """(draws + 1,): worth of the rule's choices over that of the best, all brands summed."""
        return self._over(self.worth[k, rule].to_numpy(), k, rule)

    def of_brands(self, rule: str, k: int) -> Floats:
        """(draws + 1,): mean over brands of each one's share, which counts none as below 0."""
        best = self.best[k, rule].to_numpy()
        share = np.full(len(best), np.nan)
        able = best > 0
        share[able] = np.maximum(self.worth[k, rule].to_numpy()[able] / best[able], 0.0)
        return np.array([np.nanmean(share[chosen]) for chosen in self.picked])

    def _over(self, worth: Floats, k: int, rule: str) -> Floats:
        best = self.best[k, rule].to_numpy()
        return np.array(
            [worth[chosen].sum() / max(best[chosen].sum(), 1e-9) for chosen in self.picked]
        )

    def table(self, k: int) -> pd.DataFrame:
        records = []
        ours = self.of_brands(PORTFOLIO, k)
        for rule in RULES:
            mean = self.of_brands(rule, k)
            less = ours - mean
            records.append(
                {
                    "chosen by": rule,
                    "share of the best, mean of brands": told(mean),
                    "of all brands' money": told(self.shares(rule, k)),
                    "portfolio less this": "" if rule == PORTFOLIO else told(less),
                    "portfolio is": "" if rule == PORTFOLIO else verdict(less, MORE, self.worlds),
                }
            )
        return pd.DataFrame(records)

    def drawn(self) -> Figure:
        """Regret (1 - share of the best) against k, a line for each rule."""
        figure = Figure(figsize=(8.5, 3.6), layout="constrained")
        axes = figure.subplots()
        for i, rule in enumerate(RULES):
            told_ = np.array([interval(1 - self.of_brands(rule, k)) for k in self.ks])
            axes.plot(self.ks, told_[:, 0], marker="o", color=f"C{i}", label=rule)
            axes.fill_between(self.ks, told_[:, 1], told_[:, 2], color=f"C{i}", alpha=0.12)
        axes.set_ylim(0, 1)
        axes.set_xticks(self.ks)
        axes.set_xlabel("creators asked (k)")
        axes.set_ylabel("regret: share of the best lost")
        figure.legend(fontsize=8, loc="outside right upper")
        return figure
