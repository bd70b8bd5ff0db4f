"""What the features of a collaboration score are called in a reason."""

from collections.abc import Sequence
from dataclasses import dataclass

ENDINGS = {
    ".rare.close_hub": ("like", "rare {set} like the brand's more than other brands', {value}"),
    ".close_hub": ("like", "{set} like the brand's more than other brands', {value}"),
    ".rare.close": ("like", "rare {set} like the brand's, cosine {value}"),
    ".close": ("like", "{set} like the brand's, cosine {value}"),
    ".alike_partners": ("partners", "{set} like the partners of brands alike, {value} above usual"),
    ".industry_partners": ("partners", "{set} like the industry's partners, {value} above usual"),
    ".own_partners": ("own", "{set} like the brand's own partners, mean cosine {value}"),
}
GROUPS = {
    "like": "{set} beside the brand's",
    "partners": "{set} beside partners of such brands",
    "own": "{set} beside the brand's own partners",
}
LEARNED = {
    "learned": "matches the brand as partners matched theirs, {value}",
    "learned_hub": "matches this brand more than others, as partners did, {value}",
}


@dataclass(frozen=True)
class CollaborationFeature:
    """A feature with its words, as reasons want them."""

    name: str
    group: str
    words: str
    unit: str = "score"


def worded(names: Sequence[str]) -> tuple[CollaborationFeature, ...]:
    """Each feature's group and words; sets of vectors are called by their names.

    >>> [feature.words for feature in worded(["hashtag.rare.close"])]
    ["rare hashtag like the brand's, cosine {value}"]
    """
    return tuple(_worded(name) for name in names)


def _worded(name: str) -> CollaborationFeature:
    if name in LEARNED:
        return CollaborationFeature(name, "match learned from past partners", LEARNED[name])
    ending = next(end for end in ENDINGS if name.endswith(end))
    group, words = ENDINGS[ending]
    of_set = name.removesuffix(ending)
    return CollaborationFeature(
        name, GROUPS[group].replace("{set}", of_set), words.replace("{set}", of_set)
    )
