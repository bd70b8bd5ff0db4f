"""GPBoost: a binomial mixed model with crossed effects of brand and store, and as-of rates."""

from collections.abc import Mapping, Sequence
from typing import Any

import gpboost
import numpy as np
import numpy.typing as npt

from benchmarks.quality.peers.outside.exchange import Arrays, serve


def response(arrays: Arrays, settings: Mapping[str, Any]) -> npt.NDArray[np.float64]:
    """`settings`: the positions of the rates that are covariates."""
    covariates = settings["covariates"]
    brands, stores = arrays["now"].shape[:2]
    model = gpboost.GPModel(
        group_data=np.column_stack([arrays["brand"], arrays["store"]]),
        likelihood="binomial_logit",
        weights=arrays["n"],
        num_parallel_threads=1,
    )
    model.fit(y=arrays["k"] / arrays["n"], X=_design(arrays["rates"], covariates))
    brand, store = np.divmod(np.arange(brands * stores), stores)
    now = arrays["now"].reshape(brands * stores, -1)
    forecast = model.predict(
        group_data_pred=np.column_stack([brand, store]),
        X_pred=_design(now, covariates),
        predict_response=True,
    )
    return np.asarray(forecast["mu"]).reshape(brands, stores)


def _design(rates: npt.NDArray[np.float64], columns: Sequence[int]) -> npt.NDArray[np.float64]:
    return np.column_stack([np.ones(len(rates)), rates[:, list(columns)]])


if __name__ == "__main__":
    serve(response)
