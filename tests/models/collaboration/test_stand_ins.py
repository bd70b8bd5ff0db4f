import numpy as np
import pytest
from scipy import sparse

from experiments.collaborations import measures
from models.collaboration import stand_ins
from models.collaboration.pair_features import PairFeatures
from models.collaboration.partners import Floats
from models.collaboration.stand_ins import MOST, StandIns
from tests.models.collaboration.planted import SIZE, side

BRANDS, PARTNERS = 30, 8


def test_a_partner_is_asked_for_the_others_and_not_for_itself() -> None:
    ties = np.zeros((3, 12))
    ties[0, [2, 5, 7]] = 1
    ties[1, 3] = 1  # nobody else to be found
    ties[2, :10] = 1
    some = StandIns.of(sparse.csr_matrix(ties))
    assert some.brand.tolist() == [0, 0, 0, 2, 2, 2, 2]
    assert some.creator.tolist() == [2, 5, 7, 0, 3, 6, 9]
    wanted = some.wanted(sparse.csr_matrix(ties))
    for row, brand, creator in zip(wanted, some.brand, some.creator, strict=True):
        assert np.flatnonzero(np.isnan(row)).tolist() == [creator]
        found = np.nan_to_num(row)
        assert set(np.flatnonzero(found)) == set(np.flatnonzero(ties[brand])) - {creator}
        assert len(set(found[found > 0].tolist())) == 1
    for brand in (0, 2):
        together = np.nansum(wanted[some.brand == brand])
        assert together == pytest.approx(ties[brand].sum()), "they count as much as the brand"


def test_of_many_brands_each_has_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    ties = sparse.csr_matrix(np.ones((5, 20)))
    assert np.bincount(StandIns.of(ties).brand).tolist() == [MOST] * 5
    monkeypatch.setattr(stand_ins, "MOST_IN_ALL", 10)
    assert np.bincount(StandIns.of(ties).brand).tolist() == [2] * 5
    monkeypatch.setattr(stand_ins, "MOST_IN_ALL", 3)
    assert np.bincount(StandIns.of(ties).brand).tolist() == [1] * 5


def test_what_partners_have_in_common_is_learned_where_brands_say_little() -> None:
    """Only two of six tastes matter: partners share them, a brand's own vector is half noise."""
    assert found_of_new_brands(True) > found_of_new_brands(False) + 0.03


def found_of_new_brands(stand_ins: bool) -> float:
    """Mean area under the ROC curve of the learned match, on brands and creators never seen."""
    random = np.random.default_rng(1)
    matters = np.array([1.0, 1.0] + [0.0] * (SIZE - 2))
    wish, creators = random.normal(size=(2 * BRANDS, SIZE)), random.normal(size=(600, SIZE))
    told = side("b", wish + random.normal(size=wish.shape), ["", ""])
    asked = side("c", creators, ["", ""])
    fit = -(((wish[:, None] - creators[None]) ** 2) @ matters)
    known, new = np.arange(BRANDS), np.arange(BRANDS, 2 * BRANDS)
    first, others = np.arange(300), np.arange(300, 600)
    ties = best(fit[np.ix_(known, first)])
    pairs = PairFeatures.learned(
        told.take(known), asked.take(first), sparse.csr_matrix(ties), stand_ins
    )
    brands, seen = pairs.seen_brands(told.take(new)), pairs.seen_creators(asked.take(others))
    chosen = best(fit[np.ix_(new, others)]).astype(bool)
    at, nobody = np.arange(len(others)), np.zeros(0, np.intp)
    areas = [
        measures(pairs.features(brands, i, seen, at, nobody)[:, -1].astype(float), chosen[i])[0, 0]
        for i in range(len(new))
    ]
    return float(np.mean(areas))


def best(fit: Floats) -> Floats:
    ties = np.zeros_like(fit)
    np.put_along_axis(ties, np.argsort(-fit, axis=1)[:, :PARTNERS], 1, axis=1)
    return ties
