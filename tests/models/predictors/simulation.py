"""A small market with planted rates, for predictors to learn."""

from dataclasses import dataclass, replace

import numpy as np

from models.prediction import LEVELS, Floats, PairRows, Target, concatenate

FEATURES = ("price_gap", "creator_rate", "item_rate", "pair_rate", "taste", "weather")
"""`taste` shows part of the fit of creator and item, `weather` is noise."""


@dataclass(frozen=True)
class Market:
    """Windows of one market; `rate` is each row's true mean of successes per trial."""

    rows: PairRows
    rate: Floats

    def window(self, *numbers: int) -> "Market":
        days = np.unique(self.rows.as_of)
        kept = np.isin(self.rows.as_of, days[list(numbers)])
        return Market(self.rows.take(kept), self.rate[kept])


def market(
    seed: int,
    target: Target = Target.CONVERSION,
    creators: int = 120,
    items: int = 60,
    per_creator: int = 12,
    windows: int = 4,
    traffic: float = 60.0,
    fit_sd: float = 0.5,
) -> Market:
    """Pairs with logit (log) effects of category, creator, item and fit, in several windows.

    A tenth of the creators has no history. Trials a window are lognormal around `traffic` for
    shares, 1 to 6 lines for counts, whose successes vary by a factor of e from line to line.
    """
    random = np.random.default_rng(seed)
    creator = np.repeat(np.arange(creators), per_creator)
    item = np.concatenate(
        [random.choice(items, per_creator, replace=False) for _ in range(creators)]
    )
    category = random.integers(0, 4, items)[item]
    price_gap = random.normal(0, 1, len(item))
    taste = random.normal(0, 1, len(item))
    creator_effect = random.normal(0, 0.5, creators)[creator]
    item_effect = random.normal(0, 0.3, items)[item]
    hidden = random.normal(0, fit_sd / 2, len(item))
    eta = (
        (-2.8 if target.is_rate else 6.0)
        + random.normal(0, 0.4, 4)[category]
        + creator_effect
        + item_effect
        - 0.3 * price_gap
        + fit_sd * np.tanh(taste)
        + hidden
    )
    rate = 1 / (1 + np.exp(-eta)) if target.is_rate else np.exp(eta)
    size = traffic * np.exp(random.normal(0, 1.2, creators))[creator]
    cold = random.random(creators) < 0.1
    history = _drawn(random, target, rate, size, len(item))
    history = tuple(np.where(cold[creator], 0.0, part) for part in history)  # type: ignore[assignment]
    brand = item % 20
    keys = _keys(creator, item, brand, category)
    parts = []
    for window in range(windows):
        counts = {level: _totals(keys[level], *history) for level in LEVELS}
        new = _drawn(random, target, rate, size, len(item))
        parts.append(_rows(target, keys, counts, new, price_gap, taste, random, window))
        history = tuple(
            np.where(cold[creator], 0.0, a + b) for a, b in zip(history, new, strict=True)
        )  # type: ignore[assignment]
    return Market(concatenate(parts), np.tile(rate, windows))


def _drawn(
    random: np.random.Generator, target: Target, rate: Floats, size: Floats, n: int
) -> tuple[Floats, Floats]:
    if target.is_rate:
        trials = random.poisson(size * np.exp(random.normal(0, 0.5, n))).astype(float)
        return random.binomial(trials.astype(int), rate).astype(float), trials
    lines = random.integers(0, 7, n)
    noise = np.exp(random.normal(-0.5, 1, (n, 6))) * (np.arange(6) < lines[:, None])
    return np.round(rate * noise.sum(axis=1)), lines.astype(float)


def _keys(
    creator: np.ndarray, item: np.ndarray, brand: np.ndarray, category: np.ndarray
) -> dict[str, np.ndarray]:
    return {
        "overall": np.zeros_like(creator),
        "category": category,
        "brand": brand,
        "creator": creator,
        "item": item,
        "creator_category": creator * 1000 + category,
        "creator_brand": creator * 1000 + brand,
        "pair": creator * 1000 + item,
    }


def _totals(key: np.ndarray, k: Floats, n: Floats) -> tuple[Floats, Floats]:
    index = np.unique(key, return_inverse=True)[1]
    return np.bincount(index, k)[index].astype(float), np.bincount(index, n)[index].astype(float)


def _rows(
    target: Target,
    keys: dict[str, np.ndarray],
    counts: dict[str, tuple[Floats, Floats]],
    new: tuple[Floats, Floats],
    price_gap: Floats,
    taste: Floats,
    random: np.random.Generator,
    window: int,
) -> PairRows:
    def shown(level: str) -> Floats:
        k, n = counts[level]
        overall = counts["overall"][0] / np.maximum(counts["overall"][1], 1)
        return (k + 5 * overall) / (n + 5)

    features = [
        price_gap,
        np.where(counts["creator"][1] > 0, shown("creator"), np.nan),
        shown("item"),
        (counts["pair"][0] + 20 * shown("creator")) / (counts["pair"][1] + 20)
        if target.is_rate
        else (counts["pair"][0] + shown("creator")) / (counts["pair"][1] + 1),
        taste,
        random.normal(0, 1, len(taste)),
    ]
    return PairRows(
        features=np.column_stack(features).astype(np.float32),
        feature_names=FEATURES,
        creator_id=np.char.add("c", keys["creator"].astype(str)),
        item_id=np.char.add("p", keys["item"].astype(str)),
        brand_id=np.char.add("b", keys["brand"].astype(str)),
        category=np.char.add("k", keys["category"].astype(str)),
        as_of=np.full(len(taste), np.datetime64("2026-01-01") + 28 * window),
        counts=counts,
        successes=new[0],
        trials=new[1],
    )


def repeated(rows: PairRows, times: np.ndarray) -> PairRows:
    """Each row as often as `times` says, instead of weighing so much."""
    again = rows.take(np.repeat(np.arange(len(rows)), times))
    return replace(again, weight=np.ones(len(again)))
