"""What a diagnosis rests on beside the benchmark: peer creators, and what would settle it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logit

from features.peers import PEER_LEVELS, category_codes
from features.tables import FeatureTables
from models.bundle import AllianceModel
from models.diagnoses.settling import open_questions, sessions_to_settle
from models.links import LINES_POWER
from models.matrix.diagnosis import HIGH, LOW, log_middle, logit_middle, p_above
from models.prediction import Floats, Forecast, Predictor, Target
from models.predictors.calibrated import CalibratedPredictor
from pipelines.grid import Block, Known, unknown
from pipelines.snapshot import Positions

Columns = dict[str, npt.NDArray[Any]]
Forecasts = Mapping[Target, Forecast]

PEERS_TOLD: Final = np.array([*PEER_LEVELS, None], dtype=object)
TRIALS: Final[Mapping[str | None, tuple[Target, ...]]] = {
    "clicks": (Target.EXPOSURE, Target.CLICK_THROUGH),
    "impressions": (Target.EXPOSURE,),
    "viewers": (Target.TRAFFIC,),
    "views": (Target.TRAFFIC,),
}
"""What multiplies to the denominators of a line."""


@dataclass(frozen=True)
class Session:
    """What one more session of each row brings, (n,) each."""

    trials: Floats
    """Of the denominator, over all lines."""
    lines: Floats
    products: Floats
    """Over so many the row's conversion is a mean."""


def pair_yardsticks(
    block: Block,
    known: Known,
    model: AllianceModel,
    columns: Columns,
    conversion: Forecast,
    of_best: Forecasts,
) -> Columns:
    """Peers and sessions to settle of each pair; `columns` has its diagnosis and evidence."""
    tables = (known.brands or known.products).tables
    creators, items, starts = block.creators, block.items, block.starts
    if known.brands is not None:
        ids = known.products.tables.creators.index[block.pair_creator]
        creators = tables.creators.index.get_indexer(ids)
        items = tables.items.index.get_indexer(pd.Index(block.pair_brand, dtype="str"))
        starts = np.arange(len(items))
    rate, spread, level = peers_of_pairs(known, creators, items, starts)
    products = np.diff(np.append(starts, len(items))).astype(np.float64)
    told = {} if known.brands else of_best
    per_line = trials_per_line(known, told, usual_trials(tables), len(starts))
    lines = lines_per_session(
        block.pair_brand, columns["evidence_sessions"], columns["evidence_clicks"], per_line
    )
    session = Session(
        trials=per_line * lines,
        lines=np.ones(len(starts)) if known.brands else np.minimum(lines, products),
        products=products,
    )
    brand = tables.brands.index.get_indexer(pd.Index(block.pair_brand, dtype="str"))
    target = Target.CONVERSION if known.brands is None else Target.BRAND_CONVERSION
    sessions, question = settling(
        columns["p_above_benchmark"],
        columns["p_impressions_above_benchmark"],
        Question(model.predictors.get(target), conversion, tables.brands.iloc[brand], session),
        traffic(known, model, block.pair_brand, of_best),
    )
    return {
        "peer_rate": rate,
        "peer_level": PEERS_TOLD[level],
        "p_above_peers": p_above(conversion.mean, conversion.spread, rate, spread, conversion.wild),
        "sessions_to_settle": sessions,
        "open_question": question,
    }


def offer_yardsticks(
    block: Block, known: Known, model: AllianceModel, columns: Columns, forecasts: Forecasts
) -> Columns:
    """The same of each product with each creator, which is one line of a session."""
    tables, n = known.products.tables, len(block.creators)
    conversion = forecasts.get(Target.CONVERSION) or unknown(n)
    rate, spread, _ = known.product_peers.of(block.creators, category_codes(tables)[block.items])
    brands = np.repeat(block.pair_brand, np.diff(np.append(block.starts, n)))
    per_line = trials_per_line(known, forecasts, usual_trials(tables), n)
    brand = tables.brands.index.get_indexer(pd.Index(brands, dtype="str"))
    one = np.ones(n)
    sessions, _ = settling(
        columns["p_above_benchmark"],
        columns["p_impressions_above_benchmark"],
        Question(
            model.predictors.get(Target.CONVERSION),
            conversion,
            tables.brands.iloc[brand],
            Session(per_line, one, one),
        ),
        traffic(known, model, brands, forecasts),
    )
    return {
        "peer_rate": rate,
        "p_above_peers": p_above(conversion.mean, conversion.spread, rate, spread, conversion.wild),
        "sessions_to_settle": sessions,
    }


def peers_of_pairs(
    known: Known, creators: Positions, items: Positions, starts: Positions
) -> tuple[Floats, Floats, Positions]:
    """Rate, spread and level of peers: of a pair the mean over its products.

    Products whose category nobody else sold are left out; the widest level used is told.
    """
    tables = (known.brands or known.products).tables
    rate, spread, level = known.peers.of(creators, category_codes(tables)[items])
    seen = ~np.isnan(rate)
    many = np.add.reduceat(seen.astype(np.float64), starts)

    def mean(values: Floats) -> Floats:
        total = np.add.reduceat(np.where(seen, values, 0.0), starts)
        return np.divide(total, many, out=np.full(len(many), np.nan), where=many > 0)

    return mean(rate), mean(spread), np.maximum.reduceat(np.where(seen, level, -1), starts)


def trials_per_line(known: Known, forecasts: Forecasts, usual: float, n: int) -> Floats:
    """Denominators that a product brings in one session; the usual ones where not forecast."""
    factors = TRIALS.get(known.denominator, ())
    if not factors or any(target not in forecasts for target in factors):
        return np.full(n, usual)
    told = np.prod([forecasts[target].mean for target in factors], axis=0)
    return np.where(told > 0, told, usual)


def usual_trials(tables: FeatureTables) -> float:
    """Denominator of an average line of everybody; nan where none was counted."""
    trials, lines = (tables.overall.get(f"{name}_decayed", 0.0) for name in ("trials", "offered"))
    return trials / lines if lines > 0 else float("nan")


def lines_per_session(
    brand: npt.NDArray[np.object_], sessions: Floats, trials: Floats, per_line: Floats
) -> Floats:
    """Lines that the brand has in a session with the creator, at least 1.

    From the pair's own sessions; of a pair that never met, the median of the brand's others.

    >>> brands = np.array(["b", "b", "b"], dtype=object)
    >>> clicks = np.array([60.0, 0.0, 20.0])
    >>> lines_per_session(brands, np.array([2.0, 0.0, 1.0]), clicks, np.full(3, 10.0)).tolist()
    [3.0, 2.5, 2.0]
    """
    met = (sessions > 0) & (per_line > 0)
    own = np.full(len(sessions), np.nan)
    own[met] = np.maximum(trials[met] / sessions[met] / per_line[met], 1.0)
    others = pd.Series(own).groupby(brand.astype(str)).transform("median").to_numpy()
    return np.nan_to_num(np.where(np.isnan(own), others, own), nan=1.0)


@dataclass(frozen=True)
class Question:
    """Whether a forecast lies above its benchmark, and what one more session would tell of it."""

    predictor: Predictor | None
    forecast: Forecast
    benchmarks: pd.DataFrame
    session: Session

    def sessions(self, rows: npt.NDArray[np.bool_]) -> Floats:
        """That would settle it, for these rows; nan where none would and where it is unknown."""
        if not isinstance(self.predictor, CalibratedPredictor):
            return np.full(np.count_nonzero(rows), np.nan)
        width, is_rate = self.predictor.width_, self.predictor.target.is_rate
        mean, spread = self.forecast.mean[rows], self.forecast.spread[rows]
        trials, lines, products = (
            values[rows]
            for values in (self.session.trials, self.session.lines, self.session.products)
        )
        name = "rate" if is_rate else "impressions"
        against = self.benchmarks[f"benchmark_{name}"].to_numpy(dtype=np.float64)[rows]
        unsure = "spread" if is_rate else "impressions_spread"
        against_spread = self.benchmarks[f"benchmark_{unsure}"].to_numpy(dtype=np.float64)[rows]
        with np.errstate(divide="ignore", invalid="ignore"):
            middle = logit(against) if is_rate else np.log(against)
            gap = (logit_middle if is_rate else log_middle)(mean, spread) - middle
        lasting = np.minimum(width.lasting_of(mean, products), spread**2)
        found = sessions_to_settle(
            gap,
            lasting + against_spread**2,
            spread**2 - lasting,
            width.told_by(trials, lines, mean),
            self.forecast.wild,
        )
        # Lines of a count tell less together than each alone.
        return found if is_rate else np.ceil(found ** (1 / LINES_POWER))


def traffic(
    known: Known, model: AllianceModel, brands: npt.NDArray[np.object_], forecasts: Forecasts
) -> Question:
    """Whether a product is shown above the benchmark: a line of it in each session."""
    tables, one = known.products.tables, np.ones(len(brands))
    brand = tables.brands.index.get_indexer(pd.Index(brands, dtype="str"))
    forecast = forecasts.get(Target.EXPOSURE) or unknown(len(brands))
    predictor = model.predictors.get(Target.EXPOSURE)
    return Question(predictor, forecast, tables.brands.iloc[brand], Session(one, one, one))


def settling(
    p_conversion: Floats, p_impressions: Floats, conversion: Question, shown: Question
) -> tuple[Floats, npt.NDArray[np.object_]]:
    """How many more sessions would settle each row, and what the open question is.

    0 and no question where the quadrant is settled; of conversion as long as that is open.
    """
    high, low = p_conversion >= HIGH, p_conversion <= LOW
    asked = ~high & ~low & ~np.isnan(p_conversion)
    asked_of_traffic = high & (p_impressions > LOW) & (p_impressions < HIGH)
    converts, is_shown = conversion.sessions(asked), shown.sessions(asked_of_traffic)
    open_still = np.isnan(p_conversion) | (high & np.isnan(p_impressions))
    sessions = np.where(open_still, np.nan, 0.0)
    sessions[asked], sessions[asked_of_traffic] = converts, is_shown
    return sessions, open_questions(p_conversion, p_impressions, sessions)
