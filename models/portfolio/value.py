"""Value of a portfolio: what its creators bring together, less what they take from each other."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from models.portfolio.candidates import Candidates, Floats, Mask
from models.portfolio.settings import PortfolioSettings


@dataclass(frozen=True)
class SetValue:
    """Expected profit of any set S of n candidates:

        V(S) = sum of alone_i  -  sum over pairs of S of (overlap_ij + crowding_ij)

    Exact for creators who accept independently of each other, since E[A_i A_j] = p_i p_j. With p
    the chance of a yes, f the fulfilment, live a = p f, w the worth of a session:

    - alone_i = a_i (w_i - slot fee) - p_i x sample: the fee is paid for a session, the sample is
      sent on a yes and lost with the share 1 - f;
    - overlap_ij = a_i a_j x overlap_loss x min(o_ij w_i, o_ji w_j): people who follow both buy
      once, and the smaller of the two purchases is lost in part;
    - crowding_ij = a_i a_j x crowding x min(w_i, w_j): sales are an inverted U in the number of
      creators (see `PortfolioSettings.crowding`).

    Losses are of pairs: a person who follows three creators counts as three pairs, so much
    overlap among many is overstated rather than missed.
    """

    alone: Floats
    overlap: Floats
    """(n, n), symmetric, 0 on the diagonal; expected loss of each pair. So is `crowding`."""
    crowding: Floats
    twin: Floats
    """(n,): what each would lose to a twin of its own. With it on the diagonal the losses are
    positive semidefinite but for clipped overlaps (min is a positive semidefinite kernel, and so
    are products and sums of such), hence V is concave between sets."""

    @classmethod
    def of(cls, some: Candidates, shared: Floats, settings: PortfolioSettings) -> Self:
        """From the candidates and `overlap.overlap` of them (each with itself on the diagonal)."""
        live = some.accept * settings.fulfilment
        sold = np.maximum(some.worth, 0.0)
        lost = shared * sold[:, None]
        both = np.outer(live, live)
        overlapping = both * settings.overlap_loss * np.minimum(lost, lost.T)
        crowded = both * settings.crowding * np.minimum(sold[:, None], sold)
        twin = np.diag(overlapping) + np.diag(crowded)
        np.fill_diagonal(overlapping, 0.0)
        np.fill_diagonal(crowded, 0.0)
        return cls(alone(some, settings), overlapping, crowded, twin)

    def __len__(self) -> int:
        return len(self.alone)

    @cached_property
    def losses(self) -> Floats:
        """(n, n): what each two lose when both are asked."""
        return self.overlap + self.crowding

    def worth(self, chosen: Mask | npt.NDArray[np.intp]) -> float:
        """V of the set, as a mask or as positions."""
        who = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        within = np.ix_(who, who)
        return float(self.alone[who].sum() - self.losses[within].sum() / 2)

    def marginal(self, chosen: Mask) -> Floats:
        """(n,): what each adds to the set; of its members, what would be lost without them."""
        return np.asarray(self.alone - self.losses[chosen].sum(axis=0))


def alone(some: Candidates, settings: PortfolioSettings) -> Floats:
    """Expected profit of asking each creator and nobody else."""
    live = some.accept * settings.fulfilment
    return live * (some.worth - some.slot_fee) - some.accept * some.sample_cost


def sample_loss(some: Candidates, settings: PortfolioSettings) -> Floats:
    """Expected cost of samples that are sent and never become a session."""
    return some.accept * (1 - settings.fulfilment) * some.sample_cost
