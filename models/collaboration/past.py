"""Who has worked with brands of an industry: what past collaborations say where nothing else does.

A score to rank by, not a probability, and the same for every brand of an industry but for what the
brand itself did: what others did is told, not whom the brand already knows.
"""

import numpy as np

from models.collaboration.partners import Floats, Side, Ties

PRIOR_BRANDS = 10.0
"""Brands of the industry that all brands together count for; *not sourced*."""


def past_scores(brands: Side, ties: Ties) -> Floats:
    """Share of other brands of the industry that worked with a creator, (brands, creators).

    (of the industry + PRIOR_BRANDS x share of all) / (brands of the industry + PRIOR_BRANDS), the
    brand itself left out of each; brands without any collaboration do not count. nan for a
    creator without a collaboration with another brand: nothing is known of it. An industry that
    is not known ('') has no other brand.
    """
    told = ties.toarray().astype(float)
    with_past = (told.sum(axis=1) > 0).astype(float)
    same = (brands.category[:, None] == brands.category[None, :]) & (brands.category != "")
    same = same * with_past
    np.fill_diagonal(same, 0)
    of_all = told.sum(axis=0) - told
    others = np.maximum(with_past.sum() - with_past, 1)[:, None]
    of_industry, in_industry = same @ told, same.sum(axis=1, keepdims=True)
    scores = (of_industry + PRIOR_BRANDS * of_all / others) / (in_industry + PRIOR_BRANDS)
    return np.where(of_all > 0, scores, np.nan)
