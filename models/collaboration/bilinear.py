"""A bilinear map between brands and creators, learned by telling partners from the others.

Two-way softmax: each brand must find its creators among all creators, and each creator its
brands among all brands (the loss of contrastive language-image models, with many positives).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from models.collaboration.partners import Floats, Vectors

Array = npt.NDArray[np.floating[Any]]

PENALTY = 0.02
"""On squared weights, per tie; inputs on both sides as long as `Landmarks` makes them."""
STEPS = 20
AMONG_BRANDS = 10.0
"""How much finding a creator's brands counts beside finding a brand's creators: it orders all
creators of a brand better, where the other is about the first few."""
NOT_ASKED = -1_000.0
"""As a logit, leaves nothing of it in a softmax."""


@dataclass(frozen=True)
class BilinearMap:
    """logit = sum of scales x closeness + brand' weights creator."""

    scales: Floats
    weights: Vectors

    def logits(self, brand: Vectors, creators: Vectors, closeness: Sequence[Vectors]) -> Vectors:
        """Of one brand (or several) with creators: brand (b, d) and creators (c, e) inputs."""
        return np.asarray(
            _logits(self.scales, self.weights, brand, creators, closeness), np.float32
        )


def learned_map(
    brands: Vectors, creators: Vectors, closeness: Sequence[Vectors], ties: Array
) -> BilinearMap:
    """From inputs (b, d) and (c, e), each closeness (b, c) and the weight of each tie (b, c).

    A tie of nan is not asked about: the pair is in nobody's choice. In double precision: steps are
    stopped early, so that rounding would be carried into the map.
    """
    x, y = brands.astype(float), creators.astype(float)
    close = [of_set.astype(float) for of_set in closeness]
    apart = np.nonzero(np.isnan(ties))
    ties = np.nan_to_num(ties.astype(float))
    n, shape = len(closeness), (brands.shape[1], creators.shape[1])
    total = max(float(ties.sum()), 1.0) * (1 + AMONG_BRANDS) / 2
    of_brand = ties.sum(axis=1, keepdims=True)
    of_creator = AMONG_BRANDS * ties.sum(axis=0, keepdims=True)
    wanted = (1 + AMONG_BRANDS) * ties

    def cost(v: Floats) -> tuple[float, Floats]:
        logits = _logits(v[:n], v[n:].reshape(shape), x, y, close)
        logits[apart] = NOT_ASKED
        of_creators, among_creators = _shares(logits, 1)
        of_brands, among_brands = _shares(logits, 0)
        missed = np.vdot(of_brand, among_creators) + np.vdot(of_creator, among_brands)
        loss = float(missed - np.vdot(wanted, logits)) / total
        slope = of_creators
        slope *= of_brand
        of_brands *= of_creator
        slope += of_brands
        slope -= wanted
        slope /= total
        by_scale = [float(np.vdot(slope, of_set)) for of_set in close]
        by_weight = (x.T @ (slope @ y)).ravel()
        penalised = loss + PENALTY / 2 * float(v[n:] @ v[n:])
        return penalised, np.concatenate([by_scale, by_weight + PENALTY * v[n:]])

    start = np.concatenate([np.full(n, 3.0), np.zeros(shape[0] * shape[1])])
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return BilinearMap(found.x[:n], found.x[n:].reshape(shape).astype(np.float32))


def _logits(
    scales: Floats,
    weights: Array,
    brands: Array,
    creators: Array,
    closeness: Sequence[Array],
) -> Array:
    own = brands @ weights @ creators.T
    for scale, of_set in zip(scales, closeness, strict=True):
        own = own + of_set * own.dtype.type(scale)
    return np.asarray(own)


def _shares(logits: Array, axis: int) -> tuple[Array, Array]:
    """Softmax along an axis and the logarithm of what it was divided by."""
    highest = logits.max(axis=axis, keepdims=True)
    shares = np.exp(logits - highest)
    summed = shares.sum(axis=axis, keepdims=True)
    shares /= summed
    return shares, highest + np.log(summed)


def log_sum(logits: Array, axis: int) -> Array:
    """Logarithm of the sum of exp along an axis, which is kept."""
    highest = logits.max(axis=axis, keepdims=True)
    summed = np.exp(logits - highest).sum(axis=axis, keepdims=True)
    return np.asarray(highest + np.log(summed))
