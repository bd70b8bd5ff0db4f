"""Which of several forecasts of the same grid is better, and how sure that is.

A grid holds what happened between brands and stores (or creators). Both are samples of those one
will meet, so both are drawn with replacement and a cell counts as often as its brand times its
store was drawn (the pigeonhole bootstrap of Owen, 2007). Every forecast is judged on the same
draws. They tell how far a measure varies, with two corrections that simulation bears out:
- Copies of a store rank together, which shifts the nDCG of drawn stores: draws are moved to have
  the grid's own value as their mean.
- The noise of single cells enters three times: with brands, with stores and with their product.
  Drawn alone, brands and stores each hold it once, so the variance with it counted once is
  2 (brands + stores) - both, and at least that of either alone (two-way clustering, Cameron,
  Gelbach and Miller, 2011). Draws are drawn in to that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.metrics import SURE, calibration_error
from models.prediction import Floats

Mask = npt.NDArray[np.bool_]

TOP: Final = 10
TRIALS_TO_RANK: Final = 20
"""Fewest trials at which a store's realised rate may rank it for a brand."""
STORES_TO_RANK: Final = 20
"""Fewest such stores (copies of drawn ones included) with which a brand's ranking counts."""
MEASURES: Final = {"ndcg10": True, "log_loss": False}
"""What is compared, and whether higher is better."""
BLOCK: Final = 32


@dataclass(frozen=True)
class Grid:
    """Successes k (brands, stores) in trials n (stores,), and the cells that are judged.

    The order of stores is the order in which equal scores are ranked.
    """

    k: Floats
    n: Floats
    judged: Mask

    @classmethod
    def of(
        cls,
        k: npt.NDArray[np.number],
        n: npt.NDArray[np.number],
        judged: Mask | None = None,
    ) -> Self:
        """`judged` defaults to every cell with a trial."""
        cells = np.ones(k.shape, dtype=bool) if judged is None else judged
        return cls(k.astype(float), n.astype(float), cells & (n > 0))

    def only(self, mask: Mask) -> Self:
        """The same grid judged on fewer cells."""
        return type(self)(self.k, self.n, self.judged & mask)

    @property
    def gains(self) -> Floats:
        """Realised rates of the stores that may be ranked, NaN elsewhere."""
        rate = self.k / np.maximum(self.n, 1)
        return np.where(self.judged & (self.n >= TRIALS_TO_RANK), rate, np.nan)


@dataclass(frozen=True)
class Draws:
    """How often each brand and each store was drawn, (draws + 1, brands) and (draws + 1, stores).

    The first row is the grid itself, each brand and store once.
    """

    brands: Floats
    stores: Floats

    @classmethod
    def of(cls, brands: int, stores: int, draws: int = 1000, random_state: int = 0) -> Self:
        random = np.random.default_rng(random_state)
        return cls(_times(brands, draws, random), _times(stores, draws, random))


def paired(
    forecasts: Mapping[str, Floats],
    ours: str,
    grids: Mapping[str, Grid],
    *,
    scores: Mapping[str, Floats] | None = None,
    draws: int = 1000,
    random_state: int = 0,
) -> pd.DataFrame:
    """One row per slice, measure and forecast, in the order given.

    `value` with its 95 % interval (`lo95`, `hi95`); `difference` is what ours has over this
    forecast, signed so that above 0 is better, with its paired interval (`difference_lo95`,
    `difference_hi95`); `verdict` is better, level or worse for ours (the interval lies above,
    around or below 0), empty for ours itself. `scores` are ranked in place of the forecasts of
    those names (probabilities may have rounded differences away). Also `calibration_error` and,
    once for both measures, `brands` ranked and `trials` judged.
    """
    ranked = {**forecasts, **(scores or {})}
    records = []
    for slice_name, grid in grids.items():
        drawn = Draws.of(len(grid.k), len(grid.n), draws, random_state)
        best = ideal(grid, drawn)
        values = {
            "ndcg10": {name: drawn_ndcg(ranked[name], grid, drawn, best) for name in forecasts},
            "log_loss": {name: drawn_log_loss(p, grid, drawn) for name, p in forecasts.items()},
        }
        shared = {
            "brands": int(_counted(grid, drawn, best)[0].sum()),
            "trials": float((grid.judged * grid.n).sum()),
        }
        errors = {name: _calibration_error(p, grid) for name, p in forecasts.items()}
        for measure, higher_is_better in MEASURES.items():
            own = values[measure][ours]
            for name, value in values[measure].items():
                gap = own - value if higher_is_better else value - own
                records.append(
                    {"slice": slice_name, "measure": measure, "forecast": name}
                    | _with_interval("", value)
                    | _with_interval("difference", gap)
                    | {"verdict": "" if name == ours else verdict(gap)}
                    | {"calibration_error": errors[name], **shared}
                )
    return pd.DataFrame(records)


def drawn_log_loss(p: Floats, grid: Grid, drawn: Draws) -> Floats:
    """Log-loss a trial of judged cells, (3, draws + 1): both drawn, brands alone, stores alone.

    The first column is the grid itself.
    """
    share = np.clip(p, SURE, 1 - SURE)
    loss = -(grid.k * np.log(share) + (grid.n - grid.k) * np.log1p(-share))
    total = _drawn_sums(np.where(grid.judged, loss, 0.0), drawn)
    return _ratio(total, _drawn_sums(np.where(grid.judged, grid.n, 0.0), drawn))


def drawn_ndcg(scores: Floats, grid: Grid, drawn: Draws, best: Floats | None = None) -> Floats:
    """Mean nDCG@10 over the brands that count, (3, draws + 1), drawn as for the log-loss.

    Gains are realised rates, linear. A brand counts with at least 20 stores to rank and any
    sale among them, and as often as it was drawn. Copies of a drawn store hold neighbouring
    ranks; equal scores keep the order of stores. `best` is `ideal(grid, drawn)` if at hand.
    NaN where no brand counts.
    """
    best = ideal(grid, drawn) if best is None else best
    counted = _counted(grid, drawn, best)
    got = _discounted(scores, grid.gains, drawn.stores)
    each = np.divide(got, best, out=np.zeros_like(got), where=counted)
    weights = (drawn.brands * counted, drawn.brands * counted[:1], counted.astype(float))
    per_brand = (each, each[:1], each)
    total = [(w * e).sum(axis=1) for w, e in zip(weights, per_brand, strict=True)]
    return _ratio(np.stack(total), np.stack([w.sum(axis=1) for w in weights]))


def ideal(grid: Grid, drawn: Draws) -> Floats:
    """Gain of the best possible ranking of each brand's drawn stores, (draws + 1, brands)."""
    return _discounted(grid.gains, grid.gains, drawn.stores)


def verdict(gap: Floats) -> str:
    """better, level or worse: does the central 95 % lie above, around or below 0."""
    low, high = interval(gap)
    return "better" if low > 0 else "worse" if high < 0 else "level"


def interval(drawn: Floats) -> tuple[float, float]:
    """95 % around the grid's own value of a measure (3, draws + 1); NaN where no draw tells any."""
    said = drawn[:, 1:][:, ~np.isnan(drawn[:, 1:]).any(axis=0)]
    if said.shape[1] == 0:
        return float("nan"), float("nan")
    both, brands, stores = said.var(axis=1)
    once = max(2 * (brands + stores) - both, brands, stores)
    drawn_in = np.sqrt(min(once / both, 1.0)) if both > 0 else 1.0
    ends = np.quantile(said[0], [0.025, 0.975]) - said[0].mean()
    low, high = drawn[0, 0] + drawn_in * ends
    return float(low), float(high)


def _discounted(scores: Floats, gains: Floats, stores: Floats) -> Floats:
    """Discounted gain of each brand's first ten ranks when its stores come in these numbers.

    The stores of a brand are sorted once. Of a store with c copies ranked before it and m of its
    own, the copies up to rank 10 hold discounts that sum to D(c + m) - D(c).
    """
    reached = np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(2, TOP + 2)))])
    total = np.zeros((len(stores), len(scores)))
    for brand, (score, gain) in enumerate(zip(scores, gains, strict=True)):
        candidates = np.flatnonzero(~np.isnan(gain))
        order = candidates[np.argsort(-score[candidates], kind="stable")]
        before = np.zeros(len(stores))
        for start in range(0, len(order), BLOCK):
            some = order[start : start + BLOCK]
            copies = before[:, None] + np.cumsum(stores[:, some], axis=1)
            ranks = np.column_stack([before, copies]).clip(max=TOP).astype(int)
            total[:, brand] += np.diff(reached[ranks], axis=1) @ gain[some]
            before = copies[:, -1]
            if before.min() >= TOP:
                break
    return total


def _counted(grid: Grid, drawn: Draws, best: Floats) -> Mask:
    """Whether a brand has enough drawn stores and any sale, (draws + 1, brands)."""
    rankable = (~np.isnan(grid.gains)).astype(float)
    return np.asarray((drawn.stores @ rankable.T >= STORES_TO_RANK) & (best > 0))


def _drawn_sums(cells: Floats, drawn: Draws) -> Floats:
    both = ((drawn.brands @ cells) * drawn.stores).sum(axis=1)
    return np.stack([both, drawn.brands @ cells.sum(axis=1), drawn.stores @ cells.sum(axis=0)])


def _calibration_error(p: Floats, grid: Grid) -> float:
    cells = grid.judged
    n = np.broadcast_to(grid.n, grid.k.shape)
    return calibration_error(grid.k[cells], n[cells], p[cells])


def _times(things: int, draws: int, random: np.random.Generator) -> Floats:
    drawn = random.multinomial(things, np.full(things, 1 / things), size=draws)
    return np.vstack([np.ones(things), drawn]).astype(float)


def _ratio(total: Floats, per: Floats) -> Floats:
    return np.divide(total, per, out=np.full(total.shape, np.nan), where=per > 0)


def _with_interval(name: str, drawn: Floats) -> dict[str, float]:
    low, high = interval(drawn)
    prefix = f"{name}_" if name else ""
    return {name or "value": float(drawn[0, 0]), f"{prefix}lo95": low, f"{prefix}hi95": high}
