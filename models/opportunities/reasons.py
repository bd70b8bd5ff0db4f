"""What speaks for and against an opportunity, in words a creator may read."""

from collections.abc import Mapping
from typing import Final

from models.matrix.matrix import AllianceMatrix

ALIKE: Final = 0.9
"""Cosine of audience and buyers from which on they are told to be alike."""
UNLIKE: Final = 0.5
BEST: Final = 0.8
WORST: Final = 0.3


class Reasons:
    """Told one after another, in the order in which they are read."""

    def __init__(self) -> None:
        self.for_: list[str] = []
        self.against: list[str] = []

    def of_terms(
        self, matrix: AllianceMatrix, creator: int, offered: Mapping[str, float], earns: bool
    ) -> None:
        """What is paid, against what the creator asks."""
        values = matrix.creator_values
        if earns:
            self.for_.append(f"{offered['commission_rate']:.1%} of what stays sold")
        asked_fee = float(values["slot_fee"][creator])
        if offered["slot_fee"] > 0:
            self.for_.append("a slot fee whatever is sold")
        elif offered["slot_fee"] == 0 and asked_fee > 0:
            self.against.append("no slot fee, though you ask for one")
        if offered["commission_rate"] < float(values["commission_rate"][creator]) - 0.005:
            self.against.append("less commission than you ask")

    def of_past(self, met: str) -> None:
        """How they have met, in words; empty where they have not."""
        if met:
            self.for_.append(met)
        else:
            self.against.append("you have not worked with the brand yet")

    def of_category(self, category: str | None, own: str | None) -> None:
        """The product's category against the creator's main one."""
        if category is None or own is None:
            return
        if category == own:
            self.for_.append(f"{category} is your category")
        else:
            self.against.append(f"{category}, not your {own}")

    def of_fit(self, audience: float | None, interest: float, guess: str | None) -> None:
        """How alike audience and buyers are, the place, and what is a guess, if anything."""
        if audience is not None and audience >= ALIKE:
            self.for_.append("your audience is like the brand's buyers")
        elif audience is not None and audience <= UNLIKE:
            self.against.append("your audience is unlike the brand's buyers")
        if interest >= BEST:
            self.for_.append("you would be among the first the brand would ask")
        elif interest <= WORST:
            self.against.append("many others would come first for the brand")
        if guess is not None:
            self.against.append(f"little like it was seen before: {guess} is a guess")


def text(value: object) -> str | None:
    """A word of the matrix; None where there is none."""
    return value if isinstance(value, str) else None
