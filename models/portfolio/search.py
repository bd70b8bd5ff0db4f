"""Search: a good set of many candidates, by swapping from several starts. Deterministic."""

from collections.abc import Iterable

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from models.portfolio.candidates import Floats, Mask
from models.portfolio.limits import Limits
from models.portfolio.value import SetValue

STARTS = 4
"""Linear programs solved for starts: the first knows no losses, each next those of the last."""
FEW_STARTS = 2
"""The same for what is asked many times, from a good set."""
CLIMBED_FURTHER = 3
"""Of the sets that no swap improves, so many of the best are tried with double moves."""
STEPS = 1_000
PAIRED_WITH = 40
"""Best candidates tried as a second addition when one goes and two come."""
ROUNDING = 1e-6
AT_A_TIME = 32
"""Candidates held against the limits together."""
OPTIONS = {"mip_rel_gap": 2e-3, "node_limit": 200}
"""A start need not be the best one."""
LEAST_GAIN = 1e-9
"""A move must gain so much, as a share of the best single candidate: rounding is no gain."""


def searched(
    value: SetValue, limits: Limits, starts: Iterable[Mask] = (), *, thorough: bool = True
) -> Mask | None:
    """The best set found within the limits, as a mask; None where no set keeps them.

    Climbs from the starts given (those that keep the limits), from the optima of `STARTS` linear
    programs, and from nobody; ties go to the earlier start and the earlier candidate.
    Not `thorough`: swaps alone, for what is asked many times.
    """
    climbed = [
        improved(value, limits, start, double=False)
        for start in (*starts, *_starts(value, limits, STARTS if thorough else FEW_STARTS))
        if limits.hold(start)
    ]
    different = list({chosen.tobytes(): chosen for chosen in climbed}.values())
    first = sorted(different, key=lambda chosen: -value.worth(chosen))[:CLIMBED_FURTHER]
    if not thorough:
        return first[0] if first else None
    further = [improved(value, limits, chosen) for chosen in first]
    return max(further, key=value.worth, default=None)


def relaxed_optimum(gains: Floats, limits: Limits) -> Floats | None:
    """(n,): shares 0..1 of the largest sum of gains within the limits; None where there is none."""
    if not len(gains):
        return gains if limits.hold(limits.forced) else None
    held = np.vstack([limits.weights, -limits.weights])
    ends = np.concatenate([limits.high, -limits.low])
    finite = np.isfinite(ends)
    found = linprog(
        -gains,
        A_ub=held[finite],
        b_ub=ends[finite],
        bounds=np.column_stack([limits.forced.astype(float), np.ones(len(gains))]),
    )
    return np.asarray(found.x) if found.status == 0 else None


def whole_optimum(gains: Floats, limits: Limits) -> Mask | None:
    """A set of (nearly) the largest sum of gains within the limits; None where there is none."""
    found = milp(
        -gains,
        constraints=LinearConstraint(limits.weights, limits.low, limits.high),
        integrality=np.ones(len(gains)),
        bounds=Bounds(limits.forced.astype(float), 1.0),
        options=OPTIONS,
    )
    return None if found.x is None else np.asarray(found.x > 0.5)


def improved(value: SetValue, limits: Limits, start: Mask, *, double: bool = True) -> Mask:
    """The set that no addition, removal or swap improves, nor two for one or one for two."""
    chosen, least = start.copy(), _least(value)
    for _ in range(STEPS):
        gain, out, come = _best_simple(value, limits, chosen)
        if gain <= least and double:
            gain, out, come = _best_double(value, limits, chosen)
        if gain <= least:
            break
        chosen[list(out)] = False
        chosen[list(come)] = True
    return chosen


Move = tuple[float, tuple[int, ...], tuple[int, ...]]
"""What it gains, who goes, who comes."""

NO_MOVE: Move = (0.0, (), ())


def addition(gains: Floats, limits: Limits, chosen: Mask) -> Move:
    """The candidate of the largest gain above 0 who may come alone; ties go to the earlier."""
    found = _best_allowed(
        np.where(chosen, -np.inf, gains)[None], np.zeros((len(limits.names), 1)), limits, chosen
    )
    return NO_MOVE if found is None else (float(gains[found[1]]), (), (found[1],))


def _best_simple(value: SetValue, limits: Limits, chosen: Mask) -> Move:
    """The best of adding one, leaving one out, and swapping one for one."""
    losses = value.losses
    marginal = value.marginal(chosen)
    best = addition(marginal, limits, chosen)
    free = np.flatnonzero(chosen & ~limits.forced)
    for i in free[-marginal[free] > best[0]].tolist():
        rest = chosen.copy()
        rest[i] = False
        if limits.hold(rest):
            best = max(best, (float(-marginal[i]), (i,), ()), key=_gain)
    gains = losses[free] + np.where(chosen, -np.inf, marginal) - marginal[free, None]
    found = _best_allowed(gains, -limits.weights[:, free], limits, chosen, best[0])
    if found is None:
        return best
    return float(gains[found]), (int(free[found[0]]),), (found[1],)


def _best_double(value: SetValue, limits: Limits, chosen: Mask) -> Move:
    """The best of two for one and one for two: what a budget may need and a swap cannot do."""
    losses = value.losses
    marginal = value.marginal(chosen)
    open_to = np.where(chosen, -np.inf, marginal)
    free = np.flatnonzero(chosen & ~limits.forced)
    best = NO_MOVE
    first, second = (free[ends] for ends in np.triu_indices(len(free), 1))
    gone = marginal[first] + marginal[second] + losses[first, second]
    gains = losses[first] + losses[second] + open_to - gone[:, None]
    weights = -limits.weights[:, first] - limits.weights[:, second]
    if found := _best_allowed(gains, weights, limits, chosen, best[0]):
        best = (
            float(gains[found]),
            (int(first[found[0]]), int(second[found[0]])),
            (found[1],),
        )
    for i in free.tolist():
        alone = losses[i] + open_to
        come = np.argsort(-alone, kind="stable")[:PAIRED_WITH]
        come = come[alone[come] > 0]
        gains = alone + alone[come][:, None] - losses[come] - marginal[i]
        gains[np.arange(len(come)), come] = -np.inf
        weights = limits.weights[:, come] - limits.weights[:, [i]]
        if found := _best_allowed(gains, weights, limits, chosen, best[0]):
            best = (float(gains[found]), (i,), (int(come[found[0]]), found[1]))
    return best


def _best_allowed(
    gains: Floats, weights: Floats, limits: Limits, chosen: Mask, above: float = 0.0
) -> tuple[int, int] | None:
    """Where (m, n) gains are largest, and above so much, of the moves that keep the limits.

    `weights` (r, m) is what the rest of each of the m moves changes in the limits; the column is
    who comes. Ties go to the earlier.
    """
    better = np.flatnonzero(gains > above)
    better = better[np.argsort(-gains.ravel()[better], kind="stable")]
    used = limits.used(chosen)
    room, owed = (limits.most - used)[:, None], (limits.least - used)[:, None]
    start, size = 0, AT_A_TIME
    while start < len(better):
        move, come = np.divmod(better[start : start + size], gains.shape[1])
        change = weights[:, move] + limits.weights[:, come]
        fit = ((change <= room) & (change >= owed)).all(axis=0)
        if fit.any():
            at = int(np.argmax(fit))
            return int(move[at]), int(come[at])
        start, size = start + size, size * 4
    return None


def _gain(move: Move) -> float:
    return move[0]


def _starts(value: SetValue, limits: Limits, many: int) -> Iterable[Mask]:
    """Sets to climb from: so many optima of the slope of V, rounded down; whoever is forced."""
    mean = limits.forced.astype(float)
    for i in range(many):
        slope = value.alone - value.losses @ mean
        found = relaxed_optimum(slope, limits)
        if found is None:
            return
        down = found > 1 - ROUNDING
        whole = down if limits.hold(down) else whole_optimum(slope, limits)
        if whole is None:
            return
        yield whole
        mean = found if i == 0 else (mean + found) / 2
    if many > FEW_STARTS:
        yield limits.forced.copy()


def _least(value: SetValue) -> float:
    return LEAST_GAIN * float(np.abs(value.alone).max(initial=0.0))
