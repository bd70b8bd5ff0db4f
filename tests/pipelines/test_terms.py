"""Which fee and commission a deal is reckoned with."""

import numpy as np
import pandas as pd

from pipelines.terms import PairTerms, _first_known


def test_the_most_specific_term_that_is_known_wins() -> None:
    nan = np.nan
    session, collaboration, product = (
        np.array([0.3, nan, nan]),
        np.array([0.2, 0.2, nan]),
        np.array([0.1, 0.1, 0.1]),
    )
    assert _first_known([session, collaboration, product]).tolist() == [0.3, 0.2, 0.1]


def test_terms_are_found_by_position_and_strangers_are_left_out() -> None:
    index = pd.MultiIndex.from_tuples([("c2", "b1"), ("stranger", "b1"), ("c1", "b2")])
    terms = pd.DataFrame({"slot_fee": [100.0, 999.0, 300.0]}, index=index)
    found = PairTerms.of(terms, pd.Index(["c1", "c2"]), pd.Index(["b1", "b2"]))
    creators, brands = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    fees = found.get("slot_fee", creators, brands)
    assert np.isnan(fees[[0, 3]]).all()
    assert fees[[1, 2]].tolist() == [300.0, 100.0]


def test_without_terms_nothing_is_known() -> None:
    empty = pd.DataFrame({"slot_fee": []}, index=pd.MultiIndex.from_arrays([[], []]), dtype=float)
    found = PairTerms.of(empty, pd.Index(["c1"], dtype="str"), pd.Index(["b1"], dtype="str"))
    assert np.isnan(found.get("slot_fee", np.array([0]), np.array([0]))).all()
