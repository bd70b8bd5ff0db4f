"""What these stores can decide: how often a forecast that is the truth would be shown better."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from benchmarks.quality.journey import Judge
from benchmarks.quality.peers.compare import NOT_WORSE, OURS, compare, not_worse
from benchmarks.quality.peers.forecasts import PeerForecast
from benchmarks.quality.peers.our_features import GROWN
from benchmarks.quality.report import table
from models.prediction import Floats
from models.predictors.together import ITEM_VARIANCE

OUTCOMES, DRAWS = 20, 200
"""Two hundred draws tell an interval of one outcome well enough for a share of twenty."""
COLUMNS: Final = {
    ("all", "ndcg10"): "nDCG@10",
    ("all", "log_loss"): "log-loss",
    ("new", "ndcg10"): "new: nDCG@10",
    ("new", "log_loss"): "new: log-loss",
}
TEXT: Final = """
Were ours the truth itself, could it be shown here? {outcomes} outcomes of the target weeks were
drawn with our forecast as what is expected of each pair, rates varying around it (sd {scatter:.2f}
of their logs, as in these weeks, up to {together:.2f} of it shared by all pairs of a brand), and
judged like the real ones. No forecast can do better in them; it was strictly better in
{expected:.1f} of {comparisons} comparisons on average. Below: the share of outcomes in which it
was. Near 0 these stores cannot decide, whoever forecasts; near 1 they can, and a comparison that is
level on the real weeks says that ours is some way from the truth.
"""


@dataclass(frozen=True)
class Decidable:
    """Of outcomes drawn, the share in which the truth was strictly better than each forecast."""

    shares: pd.DataFrame  # rows: forecasts, columns: COLUMNS
    not_worse: Mapping[str, float]
    """Of boosters on our features: the share in which the truth was shown to be as good."""
    scatter: float
    outcomes: int

    def text(self) -> str:
        """Paragraph and table for the report."""
        others = self.shares.drop(index=list(self.not_worse))
        told = TEXT.strip().format(
            outcomes=self.outcomes,
            scatter=self.scatter,
            together=ITEM_VARIANCE**0.5,
            expected=float(others.to_numpy().sum()),
            comparisons=others.size,
        )
        for name, share in self.not_worse.items():
            told += (
                f"\nAgainst {name} the truth would be shown to be as good (lower bound above "
                f"{NOT_WORSE} nDCG) in {share:.0%} of outcomes."
            )
        return told + "\n\n" + table(self.shares.rename_axis("forecast").reset_index(), digits=2)


def decidable(
    truth: Floats,
    peers: Mapping[str, PeerForecast],
    judge: Judge,
    *,
    outcomes: int = OUTCOMES,
    draws: int = DRAWS,
    random_state: int = 0,
) -> Decidable:
    """How often `truth` (brands, stores) is better than each peer where it is what is expected.

    Outcomes are drawn for the judge's trials (parametric bootstrap); peers forecast what they did.
    """
    random = np.random.default_rng(random_state)
    sd = scatter(truth, judge)
    better = pd.DataFrame(0.0, index=list(peers), columns=list(COLUMNS.values()))
    as_good = dict.fromkeys((name for name in GROWN if name in peers), 0.0)
    for number in range(outcomes):
        drawn = replace(judge, k=outcome(truth, judge.n, sd, random))
        compared = compare(truth, peers, drawn, draws=draws, random_state=number)
        for row in compared[compared["forecast"] != OURS].to_dict("records"):
            column = COLUMNS[row["slice"], row["measure"]]
            better.loc[row["forecast"], column] += (row["verdict"] == "better") / outcomes
        for name in as_good:
            as_good[name] += not_worse(compared, name) / outcomes
    return Decidable(better, as_good, sd, outcomes)


def outcome(expected: Floats, n: Floats, sd: float, random: np.random.Generator) -> Floats:
    """Successes (brands, stores) in n trials (stores,) of rates lognormal around `expected`.

    Of the variance of their logs, as much as trees take for it is shared by a brand's pairs.
    """
    together = min(ITEM_VARIANCE, sd**2)
    brand = random.normal(0, np.sqrt(together), (len(expected), 1))
    pair = random.normal(0, np.sqrt(sd**2 - together), expected.shape)
    rate = np.minimum(expected * np.exp(brand + pair - sd**2 / 2), 1.0)
    return random.binomial(n.astype(np.int64), rate).astype(float)


def scatter(p: Floats, judge: Judge) -> float:
    """Log sd of true rates around p, from how far outcomes lie from it beyond chance (Pearson)."""
    share, k = p[judge.mask], judge.k[judge.mask]
    n = np.broadcast_to(judge.n, p.shape)[judge.mask]
    squares = (k - n * share) ** 2 / (n * share * (1 - share))
    relative = (squares - 1).sum() / ((n - 1) * share / (1 - share)).sum()
    return float(np.sqrt(np.log1p(max(relative, 0.0))))
