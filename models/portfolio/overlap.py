"""Overlap: how much of one creator's audience also follows another."""

from dataclasses import dataclass

import numpy as np

from models.portfolio.candidates import Floats
from models.portfolio.settings import PortfolioSettings


@dataclass(frozen=True)
class Market:
    """All creators of the matrix together: whom people could follow instead."""

    followers: Floats
    """(g,) followers in each audience group, summed over creators."""


def market_of(followers: Floats, audience: Floats) -> Market:
    """Of creators' followers (n,) and their shares by group (n, g); unknown followers count 0."""
    return Market(np.nan_to_num(followers) @ audience)


def overlap(
    followers: Floats,
    audience: Floats,
    market: Market,
    settings: PortfolioSettings,
    together: Floats | None = None,
) -> Floats:
    """(n, n): the share of creator i's audience that follows creator j.

    On the diagonal what it would share with a twin of its own.

    A person of group g who follows anybody follows `m` of the market's creators, each in
    proportion to the followers it has in that group, so follows j with probability
    q_jg = m F_j a_jg / sum over the market of F a_g. Then

        overlap_ij = min(1, (1 + affinity x together_ij) x sum over g of a_ig q_jg)

    with F followers, a the shares of the groups, and together_ij in 0..1 how alike the brands are
    that both sold for (`together`, None where not known).
    """
    total = np.where(market.followers > 0, market.followers, np.inf)
    follows = np.nan_to_num(followers)[:, None] * audience * (settings.follows / total)
    shared = audience @ np.minimum(follows, 1.0).T
    if together is not None:
        shared *= 1 + settings.affinity * together
    return np.asarray(np.minimum(shared, 1.0))


def sold_together(brands: Floats) -> Floats:
    """Cosine of the brands (n, b), 1 where a creator has sold for one, of every two creators.

    Creators who sold for none are like nobody.

    >>> sold_together(np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 0.0]])).round(3).tolist()
    [[1.0, 0.707, 0.0], [0.707, 1.0, 0.0], [0.0, 0.0, 0.0]]
    """
    length = np.sqrt((brands**2).sum(axis=1))
    unit = brands / np.where(length > 0, length, 1.0)[:, None]
    return np.asarray(unit @ unit.T)
