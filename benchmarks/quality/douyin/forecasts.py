"""Rates forecast for rows held out: simple means, the parts of ours, and their mix."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from benchmarks.quality.rate_models import (
    Floats,
    Model,
    cross_entropy,
    crossed,
    mean_of,
    trees,
)

FOLDS: Final = 5
INNER_FOLDS: Final = 3
OURS: Final = "ours"
BASELINES: Final[Mapping[str, Model]] = {
    "overall mean": mean_of(),
    "category mean": mean_of("category"),
    "host mean": mean_of("creator_id"),
    "host x category mean": mean_of("creator_id", "category"),
}
PARTS: Final[Mapping[str, Model]] = {
    "crossed effects": crossed(host=3.0, fit=3.0),
    "trees": trees,
}
SHARES: Final = (1.0, 0.5, 0.25)
"""Of the way from the overall rate to what the parts say, in logits."""
MIXES: Final = {"crossed effects": (1.0, 0.0), "trees": (0.0, 1.0), "both": (0.5, 0.5)}


def held_out(
    rows: pd.DataFrame, fold: npt.NDArray[np.intp], by_host: bool
) -> tuple[dict[str, Floats], list[str]]:
    """Forecasts of each row from the other folds, and what inner folds chose in each."""
    forecasts = {name: np.empty(len(rows)) for name in (*BASELINES, *PARTS, OURS)}
    chosen = []
    for i in range(FOLDS):
        known, asked, at = rows[fold != i], rows[fold == i], fold == i
        for name, model in BASELINES.items():
            forecasts[name][at] = model(known, asked)
        parts = {name: model(known, asked) for name, model in PARTS.items()}
        for name, forecast in parts.items():
            forecasts[name][at] = forecast
        mix, share = best_mix(known, by_host, seed=i)
        overall = float(known["conversion_rate"].mean())
        forecasts[OURS][at] = mixed(parts, overall, mix, share)
        chosen.append(f"{mix} {share:g}")
    return forecasts, chosen


def best_mix(known: pd.DataFrame, by_host: bool, seed: int) -> tuple[str, float]:
    """The mix and share with the lowest cross-entropy on folds inside the known rows."""
    random = np.random.default_rng(seed)
    host = pd.factorize(known["creator_id"], sort=True)[0]
    if by_host:
        fold = (random.permutation(host.max() + 1) % INNER_FOLDS)[host]
    else:
        fold = random.permutation(len(known)) % INNER_FOLDS
    losses = {(mix, share): 0.0 for mix in MIXES for share in SHARES}
    for i in range(INNER_FOLDS):
        inner, asked = known[fold != i], known[fold == i]
        parts = {name: model(inner, asked) for name, model in PARTS.items()}
        overall = float(inner["conversion_rate"].mean())
        rate = asked["conversion_rate"].to_numpy(float)
        for mix, share in losses:
            forecast = mixed(parts, overall, mix, share)
            losses[mix, share] += float(cross_entropy(rate, forecast).sum())
    return min(losses, key=lambda choice: losses[choice])


def mixed(parts: Mapping[str, Floats], overall: float, mix: str, share: float) -> Floats:
    """Mean logit of the parts, and only a share of the way there from the overall rate."""
    logits = sum(w * logit(parts[name]) for w, name in zip(MIXES[mix], parts, strict=True))
    base = float(logit(overall))
    return np.asarray(expit(base + share * (logits - base)))
