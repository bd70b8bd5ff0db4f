"""Embeddings: creators and items as vectors, and what their closeness says of a pair."""

from models.embeddings.fitting import fit_embeddings
from models.embeddings.settings import EmbeddingSettings
from models.embeddings.similarity import SIMILARITY_FEATURES, Embeddings

__all__ = ["SIMILARITY_FEATURES", "EmbeddingSettings", "Embeddings", "fit_embeddings"]
