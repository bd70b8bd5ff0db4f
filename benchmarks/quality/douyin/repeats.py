"""What repeats: the sizes of effects, and how far the fit of a host and a category does."""

import numpy as np
import pandas as pd

from benchmarks.quality.rate_effects import TOLD, Effects, drawn_hosts, split_half


def what_repeats(
    rows: pd.DataFrame, draws: int, random_state: int
) -> tuple[pd.DataFrame, dict[str, tuple[float, ...]]]:
    """The sizes of effects beside those told before, and how far the fit of a pair repeats.

    Intervals draw hosts with replacement.
    """
    random = np.random.default_rng(random_state)
    found = Effects.of(rows).told()
    r, share, cells = split_half(rows, 100, random_state)
    drawn_effects, drawn_repeats = [], []
    for _ in range(draws):
        some = drawn_hosts(rows, random)
        drawn_effects.append(Effects.of(some).told())
        drawn_repeats.append(split_half(some, 5, random_state)[:2])
    sizes = pd.DataFrame(drawn_effects)
    effects = pd.DataFrame(
        [
            {
                "effect on log conversion": name,
                "found": value,
                "95 % from": float(sizes[name].quantile(0.025)),
                "to": float(sizes[name].quantile(0.975)),
                "domain notes": TOLD[name],
            }
            for name, value in found.items()
        ]
    )
    low, high = np.quantile(np.array(drawn_repeats), [0.025, 0.975], axis=0)
    spread = float(np.log(rows["conversion_rate"][rows["conversion_rate"] > 0]).var())
    repeats: dict[str, tuple[float, ...]] = {
        "r": (r, float(low[0]), float(high[0])),
        "share": (share, float(low[1]), float(high[1])),
        "sd": tuple(float(np.sqrt(max(s, 0) * spread)) for s in (share, low[1], high[1])),
        "cells": (float(cells),),
    }
    return effects, repeats
