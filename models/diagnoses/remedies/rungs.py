"""The rungs of the ladder, in their order, and how people spell them."""

from difflib import get_close_matches
from typing import Final

from features.errors import UnknownRung

RUNGS: Final = ("product", "pitch", "live offer")
"""In this order: change the product, then how it is told, then what is offered live."""


def rung_named(name: str) -> str:
    """The rung of that name, however it is spelled ('live-offer', 'Pitch'); raises UnknownRung.

    >>> rung_named("Live-Offer")
    'live offer'
    """
    asked = " ".join(name.replace("-", " ").replace("_", " ").casefold().split())
    if asked in RUNGS:
        return asked
    close = get_close_matches(asked, RUNGS, n=1)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    raise UnknownRung(f"no rung '{name}': the rungs are {', '.join(RUNGS)}, in this order.{hint}")
