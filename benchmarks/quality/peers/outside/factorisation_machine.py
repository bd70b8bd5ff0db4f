"""myFM: a Bayesian factorisation machine on brand, store and category, by Gibbs sampling."""

from collections.abc import Mapping
from typing import Any

import myfm
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from benchmarks.quality.peers.outside.exchange import Arrays, serve

Positions = npt.NDArray[np.intp]


def lifts(arrays: Arrays, settings: Mapping[str, Any]) -> npt.NDArray[np.float64]:
    """Learns the log lift of every pair of a known store; forecasts that of all pairs."""
    lift = arrays["lift"]
    brands, stores = lift.shape
    names, category = np.unique(arrays["category"], return_inverse=True)
    brand, store = np.divmod(np.arange(lift.size), stores)
    one_hot = _one_hot([brand, store, category[brand]], [brands, stores, len(names)])
    known = np.tile(arrays["known"], brands)
    model = myfm.MyFMRegressor(rank=settings["rank"], random_seed=0)
    model.fit(
        one_hot[known],
        lift.ravel()[known],
        n_iter=settings["iterations"],
        n_kept_samples=settings["iterations"] // 2,
        group_shapes=[brands, stores, len(names)],
    )
    return np.asarray(model.predict(one_hot)).reshape(lift.shape)


def _one_hot(fields: list[Positions], sizes: list[int]) -> csr_matrix:
    rows = np.tile(np.arange(len(fields[0])), len(fields))
    starts = np.cumsum([0, *sizes[:-1]])
    columns = np.concatenate([start + f for start, f in zip(starts, fields, strict=True)])
    return csr_matrix((np.ones(len(rows)), (rows, columns)), (len(fields[0]), sum(sizes)))


if __name__ == "__main__":
    serve(lifts)
