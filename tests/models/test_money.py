"""Money of a session, worked by hand, and its intervals against Monte Carlo."""

import numpy as np
import numpy.typing as npt
import pytest

from models.money import PRODUCT_GPM, DealInputs, deal_money, lognormal, profit
from models.prediction import Floats, Forecast


def one(mean: float, spread: float = 0.0) -> Forecast:
    value = np.array([mean])
    return Forecast(value, value, value, np.array([spread]))


def array(value: float) -> Floats:
    return np.array([value])


CLICKS = DealInputs(
    denominator="clicks",
    impressions=one(10_000.0),
    click_through=one(0.1),
    conversion=one(0.05),
    order_value=array(80.0),
    return_rate=one(0.25),
    margin_rate=array(0.6),
    commission_rate=array(0.2),
    return_handling_rate=array(0.04),
    slot_fee=array(500.0),
    sample_cost=array(30.0),
)


def test_gmv_is_impressions_times_both_rates_times_the_order_value() -> None:
    money = deal_money(CLICKS)
    assert money.gmv.mean[0] == pytest.approx(10_000 * 0.1 * 0.05 * 80)  # 4,000
    assert money.net_gmv.mean[0] == pytest.approx(4_000 * 0.75)
    assert money.gpm.mean[0] == pytest.approx(1000 * 4_000 / 10_000)
    assert money.gpm_is == PRODUCT_GPM
    assert money.absent == {}
    assert money.assumed == ()


def test_profit_is_what_is_kept_less_returns_fee_and_samples() -> None:
    money = deal_money(CLICKS)
    kept = 0.75 * (0.6 - 0.2) - 0.25 * 0.04
    assert money.profit.mean[0] == pytest.approx(4_000 * kept - 500 - 30)
    assert money.profit.lo80[0] == pytest.approx(money.profit.mean[0])


def test_a_source_of_viewers_has_the_gpm_of_viewers() -> None:
    money = deal_money(
        DealInputs(
            denominator="viewers", traffic=one(2_000.0), conversion=one(0.03), order_value=array(10)
        )
    )
    assert money.gmv.mean[0] == pytest.approx(2_000 * 0.03 * 10)
    assert money.gpm.mean[0] == pytest.approx(1000 * 600 / 2_000)
    assert money.gpm_is == "1000 x GMV / viewers of the session"
    assert np.isnan(money.net_gmv.mean[0])
    assert money.absent == {
        "net_gmv": "no returns were given, so no return rate is forecast",
        "profit": "no product has a margin_rate",
    }


def test_impressions_as_denominator_need_no_clicks() -> None:
    money = deal_money(
        DealInputs(
            denominator="impressions",
            impressions=one(1_000.0),
            conversion=one(0.01),
            order_value=array(50),
        )
    )
    assert money.gmv.mean[0] == pytest.approx(500)
    assert money.gpm.mean[0] == pytest.approx(500)


@pytest.mark.parametrize("denominator", ["clicks", "views", None])
def test_without_a_volume_there_is_no_money_and_the_reason_is_told(denominator: str | None) -> None:
    deal = DealInputs(denominator=denominator, conversion=one(0.05), order_value=array(80))  # type: ignore[arg-type]  # parametrised words
    money = deal_money(deal)
    for name in ("gmv", "net_gmv", "gpm", "profit"):
        assert np.isnan(getattr(money, name).mean).all()
        assert money.absent[name]


def test_unknown_fees_count_as_zero_and_that_is_said() -> None:
    deal = DealInputs(
        denominator="impressions",
        impressions=one(1_000.0),
        conversion=one(0.01),
        order_value=array(50),
        return_rate=one(0.0),
        margin_rate=array(0.5),
        commission_rate=array(0.1),
        slot_fee=array(np.nan),
    )
    money = deal_money(deal)
    assert money.profit.mean[0] == pytest.approx(500 * 0.4)
    assert money.assumed == (
        "profit takes the handling cost of returns as 0 where it is not known",
        "profit takes the slot fee as 0 where it is not known",
        "profit takes the cost of samples as 0 where it is not known",
    )


def draws(n: int = 400_000) -> npt.NDArray[np.float64]:
    return np.random.default_rng(7).standard_normal((4, n))


def lognormal_draws(mean: float, spread: float, z: Floats) -> Floats:
    return np.asarray(mean * np.exp(-(spread**2) / 2 + spread * z))


def logit_normal_draws(mean: float, spread: float, z: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-(np.log(mean / (1 - mean)) + spread * z))))


@pytest.mark.parametrize(
    ("click_through", "conversion", "returned"), [(0.1, 0.05, 0.3), (0.02, 0.15, 0.6)]
)
def test_intervals_agree_with_monte_carlo(
    click_through: float, conversion: float, returned: float
) -> None:
    deal = DealInputs(
        denominator="clicks",
        impressions=one(10_000.0, 0.6),
        click_through=one(click_through, 0.3),
        conversion=one(conversion, 0.4),
        order_value=array(80.0),
        return_rate=one(returned, 0.3),
    )
    z = draws()
    gmv = (
        lognormal_draws(10_000, 0.6, z[0])
        * logit_normal_draws(click_through, 0.3, z[1])
        * logit_normal_draws(conversion, 0.4, z[2])
        * 80
    )
    net = gmv * (1 - logit_normal_draws(returned, 0.3, z[3]))
    money = deal_money(deal)
    for forecast, sample in ((money.gmv, gmv), (money.net_gmv, net)):
        low, high = np.quantile(sample, [0.1, 0.9])
        assert forecast.lo80[0] == pytest.approx(low, rel=0.12)
        assert forecast.hi80[0] == pytest.approx(high, rel=0.12)
        covered = np.mean((sample >= forecast.lo80[0]) & (sample <= forecast.hi80[0]))
        assert covered == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize(
    ("kept", "handling"),
    [(0.4, 0.05), (0.02, 0.1), (-0.1, 0.0)],
    ids=["earns", "doubtful", "loses"],
)
def test_the_profit_interval_agrees_with_monte_carlo(kept: float, handling: float) -> None:
    gmv, returned = lognormal(array(10_000.0), array(0.7)), one(0.3, 0.4)
    forecast = profit(gmv, returned, array(kept), array(handling), array(300.0))
    z = draws()
    r = logit_normal_draws(0.3, 0.4, z[1])
    sample = lognormal_draws(10_000, 0.7, z[0]) * ((1 - r) * kept - r * handling) - 300
    covered = np.mean((sample >= forecast.lo80[0]) & (sample <= forecast.hi80[0]))
    assert covered == pytest.approx(0.8, abs=0.02)
    assert np.mean(sample < forecast.lo80[0]) == pytest.approx(0.1, abs=0.015)


def test_more_returns_never_earn_more() -> None:
    rates = np.linspace(0, 1, 11)
    spread = np.full(11, 0.2)
    gmv = lognormal(np.full(11, 1_000.0), np.full(11, 0.5))
    forecast = profit(
        gmv,
        Forecast(rates, rates, rates, spread),
        np.full(11, 0.3),
        np.full(11, 0.1),
        np.zeros(11),
    )
    assert (np.diff(forecast.mean) < 0).all()
    assert (np.diff(forecast.lo80) < 0).all()
    assert forecast.mean[-1] == pytest.approx(-100)  # all returned: only the handling is left


def test_a_pair_without_an_order_value_has_no_money_and_spoils_no_other() -> None:
    values = np.array([np.nan, 80.0])
    two = Forecast(*(np.array([0.05, 0.05]),) * 3, spread=np.array([0.2, 0.2]))
    deal = DealInputs(
        denominator="impressions",
        impressions=Forecast(*(np.array([100.0, 100.0]),) * 3, spread=np.array([0.2, 0.2])),
        conversion=two,
        order_value=values,
        return_rate=two,
        margin_rate=np.array([0.5, 0.5]),
        commission_rate=np.array([0.1, 0.1]),
    )
    for forecast in (deal_money(deal).gmv, deal_money(deal).profit):
        assert np.isnan(forecast.hi80[0])
        assert forecast.lo80[1] < forecast.mean[1] < forecast.hi80[1]
