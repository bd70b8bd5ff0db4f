"""RecTools: its pure SVD, and its ALS with the brand's category as a feature of the user."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from implicit.als import AlternatingLeastSquares
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import ImplicitALSWrapperModel, PureSVDModel

from benchmarks.quality.peers.outside.exchange import Arrays, serve


def recommended(arrays: Arrays, settings: Mapping[str, Any]) -> npt.NDArray[np.float64]:
    """Scores of all stores for each brand as user; below all others where nothing is known."""
    met = arrays["interactions"]
    model = _model({**settings, "factors": min(settings["factors"], min(met.shape) - 1)})
    users = _dataset(met, arrays["category"])
    model.fit(users)
    found = model.recommend(users.user_id_map.external_ids, users, met.shape[1], False)
    scores = np.full(met.shape, np.nan)
    scores[found[Columns.User], found[Columns.Item]] = found[Columns.Score]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a brand without a sale has no score at all
        lowest = np.nan_to_num(np.nanmin(scores, axis=1, keepdims=True))
    return np.where(np.isnan(scores), lowest, scores)


def _model(settings: Mapping[str, Any]) -> Any:
    if settings["model"] == "pure SVD":
        return PureSVDModel(factors=settings["factors"], random_state=0)
    return ImplicitALSWrapperModel(
        AlternatingLeastSquares(
            factors=settings["factors"],
            alpha=settings["alpha"],
            regularization=settings["regularization"],
            num_threads=1,
            random_state=0,
        )
    )


def _dataset(met: npt.NDArray[np.float64], category: npt.NDArray[np.str_]) -> Dataset:
    user, item = np.nonzero(met)
    table = pd.DataFrame({Columns.User: user, Columns.Item: item, Columns.Weight: met[user, item]})
    table[Columns.Datetime] = "2017-01-01"
    seen = np.unique(user)
    features = pd.DataFrame({"id": seen, "feature": "category", "value": category[seen]})
    return Dataset.construct(table, user_features_df=features, cat_user_features=["category"])


if __name__ == "__main__":
    serve(recommended)
