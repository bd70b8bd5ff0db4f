"""Conditional logit: which of its candidates a brand chooses, linear in what is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import logsumexp

from models.collaboration.partners import Floats, Vectors

PENALTY = 0.001
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ConditionalLogit:
    """log odds of a choice = slopes x (features - mean) / spread; unknown features count 0."""

    mean: Floats
    spread: Floats
    slopes: Floats

    @classmethod
    def fitted(cls, questions: Sequence[tuple[Vectors, Mask]]) -> Self:
        """From the features (n, f) of each brand's candidates and which of them were chosen.

        Each brand's chosen candidates share one choice among all its candidates.
        """
        stacked = np.concatenate([features for features, _ in questions]).astype(float)
        known = np.isfinite(stacked)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, stacked, 0).sum(axis=0) / count
        squared = np.where(known, stacked - mean, 0) ** 2
        spread = np.sqrt(squared.sum(axis=0) / count)
        spread[spread < 1e-9] = 1.0
        told = cls(mean, spread, np.zeros(len(mean)))
        x = told._standardised(stacked)
        sizes = [len(chosen) for _, chosen in questions]
        starts = np.cumsum([0, *sizes[:-1]])
        chosen = np.concatenate([chosen for _, chosen in questions]).astype(float)
        of = np.repeat(np.arange(len(questions)), sizes)
        picks = np.bincount(of, chosen)

        def cost(slopes: Floats) -> tuple[float, Floats]:
            logits = x @ slopes
            highest = np.maximum.reduceat(logits, starts)
            sums = np.add.reduceat(np.exp(logits - highest[of]), starts)
            total = highest + np.log(sums)
            gap = picks[of] * np.exp(logits - total[of]) - chosen
            loss = float(picks @ total - chosen @ logits) / len(picks)
            penalised = loss + PENALTY / 2 * float(slopes @ slopes)
            return penalised, gap @ x / len(picks) + PENALTY * slopes

        found = minimize(cost, told.slopes, jac=True, method="L-BFGS-B")
        return cls(mean, spread, found.x)

    def logits(self, features: Vectors) -> Floats:
        return np.asarray(self._standardised(features) @ self.slopes)

    def loss(self, questions: Sequence[tuple[Vectors, Mask]]) -> float:
        """Minus log probability of what was chosen, in nats a brand."""
        told = 0.0
        for features, chosen in questions:
            logits = self.logits(features)
            told += float(chosen.sum() * logsumexp(logits) - logits[chosen].sum())
        return told / len(questions)

    def contributions(self, features: Vectors) -> Floats:
        """What each feature adds to the log odds, (n, f)."""
        return np.asarray(self._standardised(features) * self.slopes)

    def _standardised(self, features: npt.NDArray[np.floating]) -> Floats:
        return np.nan_to_num((features - self.mean) / self.spread)
