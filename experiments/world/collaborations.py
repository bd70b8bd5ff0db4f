"""Collaborations: whom brands invite, who accepts, and what happens until the goods are shown."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from experiments.world.brands import Brands, Products
from experiments.world.creators import FIT_SPREAD, Creators
from experiments.world.randomness import Flags, Floats, Ints, logistic, stream
from experiments.world.settings import WorldSettings

_OPEN = 0.10
"""Invitations that are never answered. Not sourced."""
_CANCELLED = 0.07
"""Accepted, then called off before the sample was sent. Not sourced."""
_PATIENCE_DAYS = 45
"""A sample that led to no session by then is lost. Not sourced."""
_REASONS = np.array(["档期冲突", "佣金偏低", "品类不符", "坑位费未谈拢"], dtype=object)


@dataclass(frozen=True)
class Invitations:
    """Every invitation ever sent; days count from the first day of the history."""

    brand: Ints
    creator: Ints
    product: Ints
    invited: Floats
    answered: Floats
    """Infinite while open."""
    sampled: Floats
    """Infinite unless accepted and not cancelled."""
    cancelled: Floats
    accepted: Flags
    slot_fee: Floats
    commission: Floats
    acceptance: Floats
    """Probability with which this very offer is accepted."""


def acceptance(
    creators: Creators,
    brands: Brands,
    creator: Ints,
    brand: Ints,
    fee_ratio: Floats,
    commission: Floats,
) -> Floats:
    """P(accept) of offers: logistic in fit, log fee offered over asked, commission, tier, fame."""
    industry = brands.industry[brand]
    score = (
        -0.1
        + 0.7 * creators.fit[creator, industry] / FIT_SPREAD
        + 0.8 * (creators.main_category[creator] == industry)
        + 1.0 * np.where(creators.slot_fee[creator] > 0, fee_ratio, 0.0)
        + 0.5 * (commission - creators.commission_asked[creator]) / 0.03
        - 0.45 * creators.tier[creator]
        + 0.35 * brands.size[brand]
    )
    return logistic(score)


def usual_acceptance(creators: Creators, brands: Brands) -> Floats:
    """Creator x brand: P(accept) of the brand's usual offer."""
    c, b = np.indices((len(creators.ids), len(brands.ids)))
    flat = acceptance(
        creators,
        brands,
        c.ravel(),
        b.ravel(),
        brands.generosity[b.ravel()],
        brands.commission_offered[b.ravel()],
    )
    return flat.reshape(c.shape)


def invitations(
    settings: WorldSettings, creators: Creators, brands: Brands, products: Products
) -> Invitations:
    """Each brand with an alliance invites creators who look right for it; offers vary a little."""
    rng = stream(settings.seed, "invitations")
    brand, creator = _invited_pairs(rng, settings, creators, brands)
    n = len(brand)
    ratio = brands.generosity[brand] + rng.normal(0, 0.2, n)
    commission = np.clip(brands.commission_offered[brand] + rng.normal(0, 0.015, n), 0.03, 0.5)
    chance = acceptance(creators, brands, creator, brand, ratio, commission)
    draws, product = rng.random((n, 3)), _one_product(rng, products, brand)
    first_day = np.maximum(products.launch_day[product], 0)
    invited = first_day + rng.random(n) * (settings.days - first_day)
    answered = np.where(draws[:, 0] < _OPEN, np.inf, invited + rng.uniform(0.2, 6, n))
    accepted = (draws[:, 1] < chance) & np.isfinite(answered)
    off = accepted & (draws[:, 2] < _CANCELLED)
    wait = rng.uniform(1, 6, n)
    return Invitations(
        brand=brand,
        creator=creator,
        product=product,
        invited=invited,
        answered=answered,
        sampled=np.where(accepted & ~off, answered + wait, np.inf),
        cancelled=np.where(off, answered + wait, np.inf),
        accepted=accepted,
        slot_fee=np.round(creators.slot_fee[creator] * np.exp(ratio), -2),
        commission=np.round(commission, 3),
        acceptance=chance,
    )


def _invited_pairs(
    rng: np.random.Generator, settings: WorldSettings, creators: Creators, brands: Brands
) -> tuple[Ints, Ints]:
    """Distinct pairs, brand by brand: fit, main category and followers raise the chance."""
    months = settings.days / 30
    n = len(creators.ids)
    parts = []
    for b in np.flatnonzero(brands.with_alliance):
        industry = brands.industry[b]
        weight = (
            0.5 * creators.fit[:, industry] / FIT_SPREAD
            + 1.0 * (creators.main_category == industry)
            + 0.25 * np.log(creators.followers)
        )
        many = settings.invitations_per_brand_month * months * np.exp(0.4 * brands.size[b])
        chosen = np.argsort(-(weight + rng.gumbel(size=n)))[: min(round(many), n // 2)]
        parts.append(np.stack([np.full(len(chosen), b), chosen]))
    if not parts:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    pairs = np.concatenate(parts, axis=1)
    return pairs[0], pairs[1]


def _one_product(rng: np.random.Generator, products: Products, brand: Ints) -> Ints:
    """A product of each brand, at random."""
    counts = np.bincount(products.brand)
    starts = np.cumsum(counts) - counts
    return starts[brand] + (rng.random(len(brand)) * counts[brand]).astype(np.int64)


def collaborations_table(
    settings: WorldSettings,
    creators: Creators,
    brands: Brands,
    products: Products,
    invitations: Invitations,
    aired_session: np.ndarray,
    aired_day: Floats,
) -> pd.DataFrame:
    """The append-only history up to the last day, oldest first.

    `aired_session` has a session id or None for each invitation, `aired_day` when it began.
    """
    rng = stream(settings.seed, "reasons")
    declined = np.isfinite(invitations.answered) & ~invitations.accepted
    steps = (
        ("invited", invitations.invited),
        ("accepted", np.where(invitations.accepted, invitations.answered, np.inf)),
        ("declined", np.where(declined, invitations.answered, np.inf)),
        ("cancelled", invitations.cancelled),
        ("sampled", invitations.sampled),
        ("aired", aired_day),
    )
    reason = _REASONS[rng.integers(len(_REASONS), size=len(declined))]
    parts = []
    for order, (status, day) in enumerate(steps):
        rows = np.flatnonzero(day < settings.days)
        part = pd.DataFrame({"invitation": rows, "order": order, "status": status})
        part["day"] = day[rows]
        part["session_id"] = aired_session[rows] if status == "aired" else None
        part["reason"] = reason[rows] if status == "declined" else None
        parts.append(part)
    history = pd.concat([part.astype({"session_id": object, "reason": object}) for part in parts])
    history = history.sort_values(["day", "invitation", "order"], ignore_index=True)
    who = history["invitation"].to_numpy()
    seconds = np.round(history["day"].to_numpy() * 86_400).astype("timedelta64[s]")
    start = np.datetime64(datetime.combine(settings.start, datetime.min.time()), "us")
    return pd.DataFrame(
        {
            "collaboration_id": np.array([f"x{i + 1:06d}" for i in range(len(declined))], object)[
                who
            ],
            "status": history["status"],
            "at": start + seconds,
            "brand_id": brands.ids[invitations.brand[who]],
            "creator_id": creators.ids[invitations.creator[who]],
            "product_id": products.ids[invitations.product[who]] if settings.products else None,
            "session_id": history["session_id"],
            "slot_fee": invitations.slot_fee[who],
            "commission_rate": invitations.commission[who],
            "reason": history["reason"],
        }
    )


def aired_in(
    invitations: Invitations,
    products: Products,
    creator: Ints,
    product: Ints,
    day: Floats,
) -> Ints:
    """For each invitation the first line of the brand by the creator after the sample; else -1.

    `creator`, `product`, `day` describe the lines of creators' sessions.
    """
    result = np.full(len(invitations.brand), -1, dtype=np.int64)
    many = int(products.brand.max()) + 1
    pair = creator * many + products.brand[product]
    order = np.lexsort((day, pair))
    key = pair[order] * 1e6 + day[order]
    sent = np.flatnonzero(np.isfinite(invitations.sampled))
    wanted_pair = invitations.creator[sent] * many + invitations.brand[sent]
    at = np.searchsorted(key, wanted_pair * 1e6 + invitations.sampled[sent] + 0.5)
    found = at < len(order)
    line = order[np.where(found, at, 0)] if len(order) else np.zeros(len(sent), dtype=np.int64)
    if len(order):
        waited = day[line] - invitations.sampled[sent]
        found &= (pair[line] == wanted_pair) & (waited <= _PATIENCE_DAYS)
        result[sent[found]] = line[found]
    return result
