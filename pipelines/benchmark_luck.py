"""How unsure a benchmark is: the chance of clicks, and the luck of the evenings it was seen on."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from features.benchmark_evidence import benchmark_evidence
from features.facts import Facts
from models.prediction import Floats, Predictor
from models.predictors.calibrated import CalibratedPredictor
from models.uncertainty.noise import Noise, of_sessions
from pipelines.snapshot import Snapshot


def with_luck(known: Snapshot, facts: Facts, conversion: Predictor | None) -> Snapshot:
    """The same knowledge with the luck of evenings in `benchmark_spread`.

    How much lines and evenings differ is what the predictor of conversion has learned; without
    one that tells it, the benchmark stays as sure as its clicks make it.
    """
    if not isinstance(conversion, CalibratedPredictor):
        return known
    brands = known.tables.brands
    behind = benchmark_evidence(facts, known.tables)
    spread = spread_with_luck(
        brands["benchmark_rate"].to_numpy(dtype=np.float64),
        brands["benchmark_spread"].to_numpy(dtype=np.float64),
        behind["benchmark_sessions"].to_numpy(dtype=np.float64),
        behind["benchmark_lines"].to_numpy(dtype=np.float64),
        conversion.line_noise_,
    )
    brands = brands.assign(**behind, benchmark_spread=spread)
    return replace(known, tables=replace(known.tables, brands=brands))


def spread_with_luck(
    rate: Floats, spread: Floats, sessions: Floats, lines: Floats, noise: Noise
) -> npt.NDArray[np.float64]:
    """Standard deviation of a benchmark's logit, (n,), from that by chance and what it rests on.

    variance = per_trial x chance^2 + line noise / lines apart that tell as much as these
    (`models.uncertainty.noise.of_sessions`); nan where there is no benchmark.
    """
    luck = noise.of_lines(of_sessions(lines, sessions), rate)
    return np.sqrt(noise.per_trial * spread**2 + luck)
