"""Rates that behave on thin data: unknown where nothing was tried, pulled to a prior where little.

The same formulas serve Ibis columns and numpy arrays: they only add, multiply and divide.
"""

from typing import Any

import ibis.expr.types as ir


def share(successes: ir.Value, trials: ir.Value) -> ir.Value:
    """Successes / trials; null where there were no trials."""
    return successes / trials.nullif(0)


def shrunken(successes: Any, trials: Any, prior: Any, strength: float) -> Any:
    """(successes + strength) / (trials + strength / prior), written so that a prior of 0 gives 0.

    `strength` is the number of expected successes the prior is worth.

    >>> shrunken(3, 20, 0.10, 5.0)  # (3 + 5) / (20 + 50)
    0.1142857142857143
    """
    return prior * (successes + strength) / (trials * prior + strength)


def log_ratio(recent: ir.Value, before: ir.Value) -> ir.Value:
    """ln(recent / before); null where either is zero or unknown."""
    return (recent.nullif(0) / before.nullif(0)).ln()
