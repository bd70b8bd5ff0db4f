"""What a portfolio assumes where no source tells it; each may be set, and the answer names it."""

from dataclasses import dataclass

from features.errors import WrongInput


@dataclass(frozen=True)
class PortfolioSettings:
    """Assumptions of a portfolio's value; of them only fulfilment may be learned."""

    overlap_loss: float = 0.5
    """Share of what people would buy at the second creator whom they follow that is lost because
    they already bought at the first. 0: overlap is harmless. Not sourced: it can help or hurt."""
    follows: float = 3.0
    """How many of the matrix's creators a follower of one follows, on average. Not sourced."""
    affinity: float = 1.0
    """Two creators who sold for the same brands share 1 + affinity times the audience that their
    groups alone would tell. Not sourced."""
    peak_creators: float = 30.0
    """So many creators live for one brand sell the most together; more sell less. That sales are
    an inverted U in their number is Li & Tang (2024); where it peaks is not sourced."""
    fulfilment: float = 0.8
    """Share of accepted invitations that go live: a sample is lost with the rest. Not sourced."""
    learned_from: int = 0
    """Accepted invitations that `fulfilment` was learned from; 0 where it is assumed."""
    proven_sessions: int = 3
    """With fewer sessions for the brand a creator may be picked to explore."""
    draws: int = 1_000
    """Draws from the forecasts, to tell how likely a creator is among the best."""
    random_state: int = 0

    def __post_init__(self) -> None:
        for name, low, high in (
            ("overlap_loss", 0.0, 1.0),
            ("follows", 0.0, 1e3),
            ("affinity", 0.0, 1e2),
            ("peak_creators", 1.0, 1e6),
            ("fulfilment", 0.0, 1.0),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise WrongInput(f"{name} is from {low:g} to {high:g}, not {value:g}.")

    @property
    def crowding(self) -> float:
        """Share of the smaller one's sales that two creators live for the brand lose together.

        The m-th best then sells 1 - (m - 1) crowding of what it would alone, so n equal creators
        n (1 - (n - 1) crowding / 2): a parabola with its top at n = 1/2 + 1 / crowding, which is
        `peak_creators`; whatever their sizes, from there on the next one takes more than it adds.

        >>> PortfolioSettings(peak_creators=5.5).crowding
        0.2
        """
        return 1 / (self.peak_creators - 0.5)
