"""Close matches of an id that was mistyped, among ids and names."""

from collections.abc import Mapping
from difflib import get_close_matches

SHOWN = 3


def close_ids(wanted: str, names: Mapping[str, str | float | None], n: int = SHOWN) -> list[str]:
    """At most n ids whose id or name resembles what was asked for, the nearest first.

    A name that contains the words asked for (or is contained in them) comes before a merely
    similar one, so that a part of a Chinese name is enough. Case is ignored.

    >>> close_ids("acme-eu", {"acme": "Acme", "acme-us": "Acme US", "zeta": None})
    ['acme', 'acme-us']
    >>> close_ids("兰黛", {"b7": "雅诗兰黛", "b8": "欧莱雅"})
    ['b7']
    """
    asked = wanted.casefold().strip()
    if not asked:
        return []
    spelled: dict[str, list[str]] = {}
    for brand, name in names.items():
        for text in (brand, name):
            if isinstance(text, str) and text:
                spelled.setdefault(text.casefold(), []).append(brand)
    whole = [text for text in spelled if asked in text or (len(text) > 1 and text in asked)]
    similar = get_close_matches(asked, spelled, n=n, cutoff=0.6)
    nearest = sorted(whole, key=lambda text: (text != asked, abs(len(text) - len(asked)), text))
    found = [brand for text in [*nearest, *similar] for brand in spelled[text]]
    return list(dict.fromkeys(found))[:n]
