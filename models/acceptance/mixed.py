"""A logistic regression whose groups shift the logit, found by penalised likelihood (Laplace).

logit P(yes) = x b + sum of the shifts of the row's groups + the shift of its unit. Coefficients
have the prior N(0, 1), shifts N(0, v) of their own kind, v found with them (Schall 1991). Units
(creators) are many and stand in the precision matrix as a diagonal block, which is eliminated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit, logit

from models.acceptance.outcomes import Floats

Codes = npt.NDArray[np.intp]

ROUNDS: Final = 40
PRIOR_GROUPS: Final = 2.0
PRIOR_VARIANCE: Final = 0.3
"""A variance is found as if two more groups had been seen, that differ by so much."""
INTERCEPT_VARIANCE: Final = 100.0
CELLS: Final = 4_000_000


@dataclass(frozen=True)
class Fitted:
    """Coefficients and shifts with the joint precision's parts that their variances need."""

    coefficients: Floats  # (p,), the intercept first
    shifts: Floats  # (groups of all kinds,) one kind after the other
    units: Floats  # (units,)
    kinds: tuple[int, ...]
    """How many groups each kind has."""
    variances: Floats  # (kinds + 1,), the units' last
    covariance: Floats  # (p + groups, p + groups)
    unit_precision: Floats  # (units,)
    unit_link: Floats  # (p + groups, units): how far a unit's shift follows the others

    def score(self, x: Floats, groups: Sequence[Codes], unit: Codes) -> tuple[Floats, Floats]:
        """Logit of each row and its variance; a code of -1 is a group (or unit) never seen."""
        z = _design(x, groups, self.kinds)
        known = unit >= 0
        score = z @ np.concatenate([self.coefficients, self.shifts])
        score[known] += self.units[unit[known]]
        variance = self._variance(z, unit)
        for codes, unseen in zip((*groups, unit), self.variances, strict=True):
            variance[codes < 0] += unseen
        return score, variance

    def _variance(self, z: sparse.csr_matrix, unit: Codes) -> Floats:
        """(z - l)' C (z - l) + 1 / d of rows with a known unit, z' C z of others."""
        n, size = z.shape
        variance = np.empty(n)
        towards = self.covariance @ self.unit_link
        own = np.einsum("ij,ij->j", self.unit_link, towards) + 1 / self.unit_precision
        step = max(1, CELLS // size)
        for start in range(0, n, step):
            part, who = z[start : start + step], unit[start : start + step]
            there = np.flatnonzero(who >= 0)
            found = np.asarray(part.multiply(part @ self.covariance).sum(axis=1)).ravel()
            across = part[there].multiply(towards[:, who[there]].T).sum(axis=1)
            found[there] += own[who[there]] - 2 * np.asarray(across).ravel()
            variance[start : start + step] = found
        return variance


def fit_mixed(yes: Floats, x: Floats, groups: Sequence[Codes], unit: Codes) -> Fitted:
    """Learn from n answers: `yes` (n,) 0 or 1, `x` (n, p) with ones in its first column.

    `groups` are codes (n,) of each kind, `unit` codes of the units; all from 0 without gaps.
    """
    kinds = tuple(int(codes.max()) + 1 for codes in groups)
    z, units = _design(x, groups, kinds), int(unit.max()) + 1
    p, size = x.shape[1], x.shape[1] + sum(kinds)
    u = sparse.csr_matrix((np.ones(len(yes)), (np.arange(len(yes)), unit)), (len(yes), units))
    of_kind = np.repeat(np.arange(len(kinds)), kinds)
    dense, shift = np.zeros(size), np.zeros(units)
    dense[0] = logit((yes.sum() + 0.5) / (len(yes) + 1))
    variances = np.full(len(kinds) + 1, PRIOR_VARIANCE)
    for _ in range(ROUNDS):
        penalty = np.concatenate([np.ones(p), 1 / variances[of_kind]])
        penalty[0] = 1 / INTERCEPT_VARIANCE
        chance = expit(z @ dense + shift[unit])
        weight, missed = chance * (1 - chance), yes - chance
        precision = np.bincount(unit, weight, units) + 1 / variances[-1]
        across = (z.T @ u.multiply(weight[:, None])).tocsr()
        link = across.multiply(1 / precision)
        left = (z.T @ z.multiply(weight[:, None]) - link @ across.T).toarray() + np.diag(penalty)
        covariance = np.linalg.inv(left)
        pull = np.bincount(unit, missed, units) - shift / variances[-1]
        step = covariance @ (z.T @ missed - penalty * dense - link @ pull)
        dense += step
        shift += (pull - across.T @ step) / precision
        links = link.toarray()
        doubt = 1 / precision + np.einsum("ij,ij->j", links, covariance @ links)
        squares = np.append(dense[p:] ** 2 + np.diag(covariance)[p:], [])
        sums = np.append(np.bincount(of_kind, squares, len(kinds)), np.sum(shift**2 + doubt))
        many = np.array([*kinds, units], dtype=np.float64)
        variances = (sums + PRIOR_GROUPS * PRIOR_VARIANCE) / (many + PRIOR_GROUPS)
    return Fitted(
        dense[:p], dense[p:], shift, kinds, variances, covariance, precision, link.toarray()
    )


def _design(x: Floats, groups: Sequence[Codes], kinds: Sequence[int]) -> sparse.csr_matrix:
    """X beside an indicator of each row's group of each kind; none where the code is -1."""
    parts = [sparse.csr_matrix(x)]
    for codes, many in zip(groups, kinds, strict=True):
        there = np.flatnonzero(codes >= 0)
        shape = (len(codes), many)
        parts.append(sparse.csr_matrix((np.ones(len(there)), (there, codes[there])), shape))
    return sparse.hstack(parts, format="csr")
