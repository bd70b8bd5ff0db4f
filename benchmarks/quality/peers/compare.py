"""Ours beside every peer on the same pairs: paired differences, and a verdict for each."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from benchmarks.quality.journey import Judge
from benchmarks.quality.peers.forecasts import PeerForecast
from experiments.paired import Grid, paired
from models.prediction import Floats

OURS: Final = "ours"
SLICES: Final = {"all": "all pairs", "new": "new pairs"}
NOT_WORSE: Final = -0.003
"""What ours may lose in nDCG to boosters on our features, at the lower end of the interval."""

CALIBRATED: Final = (
    "Peers that only rank are given probabilities in one way for all: logit p = logit(the brand's "
    "rate) + a + b x score, with a and b learned on the last twelve known weeks from the scores "
    "as they were before. Each peer ranks with the settings of best nDCG on weeks 29-40 and says "
    "probabilities with those of least log-loss there, so ours has to beat the best of both."
)


def compare(
    ours: Floats,
    peers: Mapping[str, PeerForecast],
    judge: Judge,
    *,
    draws: int = 1000,
    random_state: int = 0,
) -> pd.DataFrame:
    """One row per slice (all, new), measure (ndcg10, log_loss) and forecast, ours first.

    The columns of `experiments.paired.paired`: what ours has over the peer is `difference`,
    above 0 when ours is better, with the interval over brands and stores.
    """
    stores = judge.stores
    forecasts = {OURS: ours} | {name: peer.probability for name, peer in peers.items()}
    rankings = {name: peer.ranking for name, peer in peers.items()}
    k, n = judge.k[:, stores], judge.n[stores]
    grids = {
        name: Grid.of(k, n, mask[:, stores])
        for name, mask in zip(SLICES, (judge.mask, judge.new), strict=True)
    }
    return paired(
        {name: p[:, stores] for name, p in forecasts.items()},
        OURS,
        grids,
        scores={name: score[:, stores] for name, score in rankings.items()},
        draws=draws,
        random_state=random_state,
    )


def peer_table(compared: pd.DataFrame, measure: str, part: str, scale: float = 1.0) -> pd.DataFrame:
    """For the report: peer, value, what ours has over it with 95 % interval, verdict for ours.

    `part` is a slice (all, new); numbers are multiplied by `scale` (1,000: losses in
    millinats). Calibration errors, in percentage points, stand beside losses.
    """
    rows = compared[(compared["measure"] == measure) & (compared["slice"] == part)]
    interval = [
        "" if name == OURS else f"{low * scale:+.4f} to {high * scale:+.4f}"
        for name, low, high in zip(
            rows["forecast"], rows["difference_lo95"], rows["difference_hi95"], strict=True
        )
    ]
    table = pd.DataFrame(
        {
            "forecast": rows["forecast"],
            measure: rows["value"] * scale,
            "ours is better by": np.where(
                rows["forecast"] == OURS, np.nan, rows["difference"] * scale
            ),
            "95 %": interval,
            "ours is": rows["verdict"],
        }
    )
    if measure == "log_loss":
        table.insert(2, "calibration error, points", rows["calibration_error"] * 100)
    return table.reset_index(drop=True)


def described(peers: Mapping[str, PeerForecast]) -> pd.DataFrame:
    """For the report: what each peer reads, what it says, how many settings were tried."""
    return pd.DataFrame(
        {
            "peer": list(peers),
            "reads": [peer.reads for peer in peers.values()],
            "says": [
                "a probability" if peer.is_probability else "a ranking, calibrated"
                for peer in peers.values()
            ],
            "settings tried": [peer.tried for peer in peers.values()],
        }
    )


def not_beaten(compared: pd.DataFrame) -> tuple[str, ...]:
    """Peers that ours is not strictly better than, each with slice and measure, in sentences."""
    rows = compared[(compared["forecast"] != OURS) & (compared["verdict"] != "better")]
    return tuple(
        f"{row['forecast']}: {row['verdict']} on {row['measure']} of {SLICES[row['slice']]} "
        f"({row['difference']:+.5f}, {row['difference_lo95']:+.5f} to "
        f"{row['difference_hi95']:+.5f})"
        for row in rows.to_dict("records")
    )


def not_worse(compared: pd.DataFrame, name: str) -> bool:
    """Whether ours ranks all pairs at most .003 nDCG worse, at the lower end of the interval."""
    row = compared[
        (compared["forecast"] == name)
        & (compared["measure"] == "ndcg10")
        & (compared["slice"] == "all")
    ]
    return bool(row["difference_lo95"].item() > NOT_WORSE)
