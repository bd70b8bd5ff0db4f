"""How a creator takes to each category: how often it chooses it, beyond the category's share.

Thin creators are pulled to what creators of like content (audience, main category, given
vectors) do, not to zero: content knows much of a choice before the first session.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

from models.embeddings.content import ridge
from models.embeddings.history import History
from models.embeddings.products import VectorProduct
from models.embeddings.settings import EmbeddingSettings

Vectors = npt.NDArray[np.float32]
Counts = npt.NDArray[np.float64]

FIRST_DOUBT = 3.0
"""Expected counts that temper the ratios from which the pull of content is learned."""
LOG_DOUBTS = (np.log(0.3), np.log(1000.0))


def category_choice(
    past: History, items: pd.DataFrame, creator_content: Vectors, settings: EmbeddingSettings
) -> dict[str, VectorProduct]:
    """`category_choice` of a creator in an item's category, as a log; none without categories.

    Lines over those expected if all creators offered categories in the overall proportions:
    (seen + doubt x what content suggests) / (expected + doubt), doubt found by likelihood. nan
    for items of no category or one never offered.
    """
    if "category" not in items.columns:
        return {}
    values = items["category"].astype("string")
    offered = values[past.item_evidence > 0].dropna()
    categories = pd.Index(sorted(offered.unique()))
    if categories.empty:
        return {}
    code = categories.get_indexer(pd.Index(values)).astype(np.intp)
    lines = (past.lines @ _membership(code, len(categories))).toarray()
    usual = np.outer(lines.sum(axis=1), lines.sum(axis=0)) / lines.sum()
    choice = _posterior(lines, usual, creator_content, past, settings)
    nowhere = np.full((1, len(categories)), np.nan)
    one_hot = np.vstack([np.eye(len(categories)), nowhere]).astype(np.float32)
    row = np.where(code < 0, len(categories), code)
    return {"category_choice": VectorProduct(choice.astype(np.float32), one_hot, row)}


def _membership(code: npt.NDArray[np.intp], n_categories: int) -> sparse.csr_matrix:
    """Items x categories: 1 where the item is of the category."""
    known = np.flatnonzero(code >= 0)
    ones = np.ones(len(known))
    return sparse.csr_matrix((ones, (known, code[known])), shape=(len(code), n_categories))


def _posterior(
    seen: Counts,
    expected: Counts,
    content: Vectors,
    past: History,
    settings: EmbeddingSettings,
) -> Counts:
    """Log of seen over expected, pulled towards what content suggests.

    How hard is found by likelihood, as if the true ratio were gamma-distributed around what
    content suggests and counts Poisson: the worse content does, the less it counts.
    """
    plain = np.log((seen + FIRST_DOUBT) / (expected + FIRST_DOUBT))
    suggested = np.exp(ridge(plain, content, past.creator_evidence, settings.content_penalty))
    doubt = _doubt(seen, expected, suggested)
    return np.asarray(np.log((seen + doubt * suggested) / (expected + doubt)))


def _doubt(seen: Counts, expected: Counts, suggested: Counts) -> float:
    """The gamma's rate, in expected counts, most likely for what was seen."""
    shown = expected > 0
    k, e, ratio = seen[shown], expected[shown], suggested[shown]

    def surprise(log_doubt: float) -> float:
        a = np.exp(log_doubt)
        shape = a * ratio
        fit = gammaln(k + shape) - gammaln(shape) - shape * np.log1p(e / a)
        return -float(np.sum(fit - k * np.log(a + e)))

    return float(np.exp(minimize_scalar(surprise, bounds=LOG_DOUBTS, method="bounded").x))
