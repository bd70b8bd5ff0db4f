"""What past collaborations say of each pair: how likely a yes, or how alike past partners are."""

from datetime import date

import numpy as np
import pandas as pd

from features.facts import Facts
from features.history import collaboration_history
from models.acceptance import fit_acceptance
from models.collaboration import Vectors, collaboration_scores
from pipelines.columns import Columns
from pipelines.snapshot import Snapshot, given_vectors


def collaboration_columns(
    columns: Columns, known: Snapshot, facts: Facts, as_of: date
) -> tuple[Columns, dict[str, str]]:
    """`p_accept` and `p_collaboration` of each pair, and why either is null."""
    history = collaboration_history(facts, as_of)
    if not len(history):
        why = "the source has no collaborations"
        return {}, {"p_accept": why, "p_collaboration": why}
    tables = known.tables
    creators, brands = columns["creator_id"].astype(str), columns["brand_id"].astype(str)
    made: Columns = {}
    absent: dict[str, str] = {}
    accepted = fit_acceptance(history, tables.creators).predict(creators.tolist(), brands.tolist())
    if np.isnan(accepted.p).all():
        absent["p_accept"] = (
            "no invitation was ever declined in the source, so a yes cannot be told from silence"
        )
    else:
        made["p_accept"] = accepted.p
    vectors = {name: frame for name, frame in given_vectors(facts).items() if len(frame)}
    sets = sorted(n.partition(".")[2] for n in vectors if n.startswith("creator_embeddings."))
    if not sets:
        absent["p_collaboration"] = "no vectors of creators were given to compare partners by"
        return made, absent
    scores = [_scores_of_set(history, vectors, one, tables.creators, tables.brands) for one in sets]
    grid = np.mean(scores, axis=0)
    row = tables.creators.index.get_indexer(pd.Index(creators, dtype="str"))
    column = tables.brands.index.get_indexer(pd.Index(brands, dtype="str"))
    made["p_collaboration"] = grid[row, column]
    return made, absent


def _scores_of_set(
    history: pd.DataFrame,
    vectors: dict[str, pd.DataFrame],
    embedding_set: str,
    creators: pd.DataFrame,
    brands: pd.DataFrame,
) -> Vectors:
    of_creators = _aligned(vectors[f"creator_embeddings.{embedding_set}"], creators.index)
    given = vectors.get(f"brand_embeddings.{embedding_set}")
    same_space = given is not None and given.shape[1] == of_creators.shape[1]
    scores = collaboration_scores(
        history,
        creators.index.tolist(),
        of_creators,
        brands.index.tolist(),
        _aligned(given, brands.index) if given is not None and same_space else None,
    )
    return scores.astype(np.float32)


def _aligned(vectors: pd.DataFrame, ids: pd.Index) -> Vectors:
    return vectors.reindex(ids).to_numpy(dtype=np.float32)
