"""Titles as vectors: which products are called alike, by characters, so that Chinese works."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

from models.embeddings.settings import EmbeddingSettings

Vectors = npt.NDArray[np.float32]


def title_vectors(
    titles: pd.Series,
    known: npt.NDArray[np.bool_],
    settings: EmbeddingSettings,
    random_state: int,
) -> Vectors:
    """Unit vectors of the titles, (n, size); rows of nan for items without a readable title.

    Vocabulary, weights and directions are learned from the titles of `known` items (those with
    history) alone, so that a product added later moves nobody else's vector. The directions are
    those of an SVD of the TF-IDF of character n-grams. A title that shares no n-gram with the
    known ones is nan too.
    """
    words = titles.fillna("").astype(str).str.strip().str.lower()
    distinct = pd.Index(sorted(set(words[known]) - {""}))
    if distinct.empty:
        return np.full((len(words), 1), np.nan, np.float32)
    grams = TfidfVectorizer(
        analyzer="char",
        ngram_range=settings.title_ngrams,
        max_features=settings.title_vocabulary,
        sublinear_tf=True,
        dtype=np.float32,
    )
    counted = grams.fit_transform(distinct)
    everything, position = np.unique(words.to_numpy(str), return_inverse=True)
    weights = grams.transform(everything)
    size = min(settings.title_size, min(counted.shape) - 1)
    if size < 1:
        return _unit(np.asarray(weights.todense(), np.float32))[position]
    with threadpool_limits(1):
        directions = TruncatedSVD(size, random_state=random_state).fit(counted)
        vectors = directions.transform(weights)
    return _unit(np.asarray(vectors, np.float32))[position]


def _unit(vectors: Vectors) -> Vectors:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    length[length < 1e-6] = np.nan
    return np.asarray(vectors / length, np.float32)
