"""How embeddings are learned: sizes, strengths and work limits, each with a default to defend."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EmbeddingSettings:
    """Settings of `fit_embeddings`. Defaults suit a thousand creators and a thousand products."""

    size: int = 24
    """Dimensions of the collaborative vectors."""
    als_iterations: int = 10
    als_steps: int = 8_000_000
    """At most this many pairs visited in all: large histories get fewer rounds (at least 4)."""
    als_regularization: float = 15.0
    """Strong: thin creators stay near the middle, and spare dimensions do no harm."""
    als_confidence: float = 4.0
    """Confidence in a sold pair is 1 + this x log(1 + decayed orders); in an unsold one, 1."""
    bpr_iterations: int = 60
    bpr_steps: int = 6_000_000
    """At most this many sampled steps in all: large histories get fewer rounds (at least 3)."""
    bpr_learning_rate: float = 0.03
    bpr_regularization: float = 0.05
    title_size: int = 24
    title_ngrams: tuple[int, int] = (1, 3)
    """Lengths of the character n-grams. Chinese words are mostly one to three characters."""
    title_vocabulary: int = 20_000
    content_penalty: float = 3.0
    """Ridge penalty of the map from content to vectors, in pairs of history."""
    half_evidence: float = 60.0
    """Decayed lines at which a vector is half learned from its history, half from its content."""
    neighbours: int = 20
    """How many similar creators vouch for a creator."""
    neighbour_pool: int = 5_000
    """Neighbours are looked for among this many creators, those with the most history."""
    neighbour_strength: float = 2.0
    """Orders' worth of doubt in the neighbours' lift: it stays near 0 on fewer orders."""
    alike_cells: int = 4_000_000
    """What creators and items that sell alike tell of pairs is learned up to this many pairs."""
