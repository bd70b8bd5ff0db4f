"""A portfolio read from a matrix, with what its source does not know."""

import numpy as np
import pytest

from features.errors import UnknownBrand, UnsupportedObjective, WrongInput
from models.fulfilment import Fulfilment
from models.portfolio.limits import Wishes
from models.portfolio.of_matrix import settings_of
from models.portfolio.portfolio import portfolio
from models.portfolio.settings import PortfolioSettings
from models.shortlists.filters import ShortlistFilters
from tests.matrices import rows, small_matrix

SURE = PortfolioSettings(fulfilment=1.0, overlap_loss=0.0, peak_creators=1e6)


def test_without_margins_net_gmv_less_fees_is_the_aim_and_is_said() -> None:
    told = portfolio(small_matrix(), "acme", Wishes(k=2), settings=SURE)
    assert [pick.row.creator_id for pick in told.picks] == ["c1", "c2"]
    assert told.objective == "expected net GMV less slot fees and samples"
    assert told.objective_note is not None
    assert "no product has a margin_rate" in told.objective_note
    assert told.worth == pytest.approx(4_500 + 3_600, rel=1e-5)
    assert any("everybody asked is taken to accept" in note for note in told.notes)
    assert any("slot fee of every candidate is not known" in note for note in told.notes)


def test_with_profit_fees_are_taken_off_once_and_unknown_fees_cannot_meet_a_budget() -> None:
    frame = rows().assign(
        profit=[1_000.0, 800.0, 600.0, 500.0, np.nan],
        slot_fee=[400.0, 100.0, np.nan, 300.0, np.nan],
        p_accept=[0.5, 0.5, 0.5, 0.5, 0.5],
    )
    matrix = small_matrix(frame)
    free = portfolio(matrix, "acme", Wishes(k=4), settings=SURE)
    assert free.objective == "expected profit"
    assert free.worth == pytest.approx(0.5 * (1_000 + 800 + 600 + 500), rel=1e-5)
    held = portfolio(matrix, "acme", Wishes(k=4, budget=250.0), settings=SURE)
    # c1 and c2 cost .5 x (400 + 100) on average; c3's fee is not known
    assert [pick.row.creator_id for pick in held.picks] == ["c1", "c2"]
    assert held.removed["slot fee not known, so no budget can hold them"] == 1
    assert held.spent == pytest.approx(250)
    assert held.spent_if_all == 500
    budget = next(limit for limit in held.limits if limit.name == "budget")
    assert budget.limit == 250


def test_creators_who_cost_more_than_they_bring_are_not_asked() -> None:
    frame = rows().assign(profit=[-5.0, 800.0, -1.0, np.nan, np.nan])
    told = portfolio(small_matrix(frame), "acme", Wishes(k=3), settings=SURE)
    assert [pick.row.creator_id for pick in told.picks] == ["c2"]
    assert told.removed == {"no forecast of profit": 1, "bring no more than they cost": 2}
    assert told.message is not None
    assert "1 are asked and not 3" in told.message


def test_the_spread_of_results_knows_declined_invitations() -> None:
    frame = rows().assign(profit=[1_000.0, 800.0, 600.0, 500.0, np.nan], p_accept=0.5, slot_fee=1.0)
    matrix = small_matrix(frame)
    told = portfolio(matrix, "acme", Wishes(k=2, budget=1e9), ShortlistFilters(tier=["head"]))
    assert told.outcomes.lo80 == 0  # more than one in ten draws end with a no
    assert told.outcomes.hi80 > 1_000 * 0.5
    assert told.outcomes.p_over_budget == 0


def test_filters_count_and_an_empty_portfolio_says_why() -> None:
    told = portfolio(small_matrix(), "acme", filters=ShortlistFilters(tier=["shoulder"]))
    assert told.picks == ()
    assert told.worth == 0
    assert told.message is not None
    assert "None of 4 creators is left" in told.message
    assert "No creator has tier 'shoulder'" in told.message
    nobody = portfolio(small_matrix(), "quiet")
    assert nobody.message is not None
    assert nobody.message.startswith("No creator was scored for 'quiet'")


def test_what_cannot_be_answered_is_refused_in_a_sentence() -> None:
    with pytest.raises(UnknownBrand, match="no brand 'acm'"):
        portfolio(small_matrix(), "acm")
    with pytest.raises(WrongInput, match="A budget has nothing to hold"):
        portfolio(small_matrix(), "acme", Wishes(budget=10.0))
    poor = rows().drop(columns=[n for n in rows() if "gmv" in str(n)])
    with pytest.raises(UnsupportedObjective, match="this matrix forecasts none: no returns"):
        portfolio(small_matrix(poor, null_columns={"gmv": "no returns"}), "acme")


def test_the_least_of_a_tier_is_kept_even_at_a_loss() -> None:
    frame = rows().assign(profit=[-5.0, 800.0, 700.0, np.nan, np.nan])
    told = portfolio(
        small_matrix(frame), "acme", Wishes(k=2, tiers={"head": (1, None)}), settings=SURE
    )
    assert {pick.row.creator_id for pick in told.picks} == {"c1", "c2"}


def test_fulfilment_is_given_else_learned_else_assumed() -> None:
    learned = small_matrix(fulfilment=Fulfilment(share=0.7, accepted=41))
    assert portfolio(learned, "acme").settings.learned_from == 41
    assert portfolio(learned, "acme").settings.fulfilment == 0.7
    given = settings_of(learned, fulfilment=0.9)
    assert (given.fulfilment, given.learned_from) == (0.9, 0)
    assert settings_of(small_matrix()) == PortfolioSettings()
