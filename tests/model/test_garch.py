"""GARCH(1,1)-t: what `arch` fits, filtered by hand, blind to what comes after."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from arch import arch_model
from hypothesis import given, settings
from hypothesis import strategies as st

from model.closes import Prices, Share
from model.garch import LONGEST, Garch, filtered, fit, garch_quantiles, unit_student_t
from tests.random_shares import random_share

LEVELS = np.array([0.05, 0.5, 0.95])
PROCESS = Garch(2e-6, 0.08, 0.9, 6.0, 4e-4)
SHARE = random_share("ITUB4.SA", 800, seed=4)
FIRST = SHARE.days[600].item()
ORIGINS = np.arange(599, 790)


def log_returns(share: Share) -> Prices:
    """Of all closes, oldest first."""
    return np.diff(np.log(share.closes))


def quantiles(share: Share, first: date = FIRST) -> Prices:
    """Relative to the last close, (origins, 6, levels)."""
    found = garch_quantiles(share, first, ORIGINS, 6, LEVELS)
    assert found is not None
    return found


def test_the_filter_gives_the_volatility_that_arch_gives() -> None:
    """Otherwise the rival would be a home-made one under a known name."""
    returns = log_returns(SHARE)
    process = fit(returns)
    model = arch_model(100 * returns, mean="Zero", vol="GARCH", dist="t", rescale=False)
    theirs = model.fit(disp="off", show_warning=False)
    assert process is not None

    variances = filtered(process, returns)[:-1]

    np.testing.assert_allclose(np.sqrt(variances), theirs.conditional_volatility / 100, rtol=1e-9)


def test_the_spread_ahead_is_the_one_that_arch_forecasts() -> None:
    """The variance of a move is the sum of its sessions' variances."""
    returns = log_returns(SHARE)
    process = fit(returns)
    model = arch_model(100 * returns, mean="Zero", vol="GARCH", dist="t", rescale=False)
    forecast = model.fit(disp="off", show_warning=False).forecast(horizon=6, reindex=False)
    assert process is not None

    summed = process.summed(filtered(process, returns)[-1:], 6)[0]

    expected = np.cumsum(np.asarray(forecast.variance)[0]) / 100**2
    np.testing.assert_allclose(summed, expected, rtol=1e-9)


def test_the_filter_is_its_recursion() -> None:
    """In two lines, without a loop over a class."""
    returns = log_returns(SHARE)[:50]
    variances = filtered(PROCESS, returns)

    assert variances[0] == PROCESS.start
    for (now, after), r in zip(pairwise(variances), returns, strict=True):
        assert after == pytest.approx(2e-6 + 0.08 * r**2 + 0.9 * now, rel=1e-12)


def test_quantiles_are_those_of_a_student_t_of_unit_variance() -> None:
    """Scaled, or the rival's bands would be too wide and easy to beat."""
    expected = np.array([-2.015048, 0.0, 2.015048]) * np.sqrt(3 / 5)  # any table of Student's t

    np.testing.assert_allclose(unit_student_t(LEVELS, 5.0), expected, rtol=1e-6, atol=1e-12)


def test_prices_are_made_of_spread_and_quantiles() -> None:
    """From the fit before the day to the price, worked out again step by step."""
    returns = log_returns(SHARE)
    process = fit(returns[:599])
    assert process is not None
    variance = filtered(process, returns)[ORIGINS]

    total = sum(
        process.omega * sum((process.alpha + process.beta) ** k for k in range(step))
        + (process.alpha + process.beta) ** step * variance
        for step in range(3)
    )
    expected = np.exp(np.sqrt(total)[:, None] * unit_student_t(LEVELS, process.degrees))

    np.testing.assert_allclose(quantiles(SHARE)[:, 2], expected, rtol=1e-9)


@given(known=st.integers(599, 790), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_shuffling_the_future_changes_no_forecast_made_before(known: int, seed: int) -> None:
    """A rival that knew more than the model would make it look bad, one that erred, good."""
    other = SHARE.closes.copy()
    np.random.default_rng(seed).shuffle(other[known + 1 :])

    before = known + 1 - ORIGINS[0]
    np.testing.assert_array_equal(
        quantiles(replace(SHARE, closes=other))[:before], quantiles(SHARE)[:before]
    )


def test_what_happened_before_the_day_does_change_forecasts() -> None:
    """The counterpart: a fit that ignored the past would pass the test above."""
    wilder = SHARE.closes[599] * (SHARE.closes / SHARE.closes[599]) ** np.where(
        np.arange(800) < 599, 2, 1
    )

    assert (quantiles(replace(SHARE, closes=wilder))[0, :, 2] > quantiles(SHARE)[0, :, 2]).all()


def test_a_split_leaves_the_rival_as_it_was() -> None:
    """Before the day it must not spoil the fit, after it not the variance."""
    closes = SHARE.closes
    split = [np.where(np.arange(800) >= day, closes / 2, closes) for day in (300, 700)]
    returns = log_returns(SHARE)

    fitted_over, filtered_over = (quantiles(replace(SHARE, closes=prices)) for prices in split)

    process = fit(np.delete(returns[:599], 299))
    assert process is not None
    known = filtered(process, np.delete(returns, 299))[ORIGINS - 1]
    spread = np.sqrt(process.summed(known, 6))[:, :, None]
    expected = np.exp(spread * unit_student_t(LEVELS, process.degrees))
    np.testing.assert_allclose(fitted_over, expected, rtol=1e-4)  # the optimiser's tolerance
    np.testing.assert_array_equal(filtered_over[:101], quantiles(SHARE)[:101])
    assert PROCESS.after(1e-4, float("nan")) == 1e-4


def test_returns_older_than_ten_years_are_not_fitted() -> None:
    """The definition that published figures are compared by: the last 2,500."""
    share = random_share("PETR4.SA", LONGEST + 300, seed=5)
    first, origins = share.days[LONGEST + 200].item(), np.array([LONGEST + 199])
    wild = share.closes.copy()
    wild[:199] *= np.where(np.arange(199) % 2, 1.2, 1.0)

    kept, same = (
        garch_quantiles(one, first, origins, 6, LEVELS)
        for one in (share, replace(share, closes=wild))
    )

    assert kept is not None
    assert same is not None
    np.testing.assert_array_equal(kept, same)


@pytest.mark.parametrize(
    "share",
    [random_share("CCCC3.SA", 250), replace(SHARE, closes=np.full(800, 16.0))],
    ids=["too short", "never moves"],
)
def test_a_share_that_cannot_be_fitted_has_no_such_rival(share: Share) -> None:
    """No figure is honest; parameters from nothing are not."""
    assert garch_quantiles(share, date(2030, 1, 1), np.array([249]), 6, LEVELS) is None


def test_where_no_optimum_is_found_there_is_no_rival() -> None:
    """A share that hardly ever trades: the optimiser's last guess would be easy to beat."""
    moves = np.where(np.arange(300) % 50 == 0, 0.01, 0.0)

    assert fit(moves) is None


def test_250_returns_are_enough() -> None:
    """The border of the rule above."""
    share = random_share("CCCC3.SA", 251)

    assert garch_quantiles(share, date(2030, 1, 1), np.array([250]), 6, LEVELS) is not None


def test_a_day_before_all_closes_leaves_nothing_to_fit() -> None:
    """Somebody measures from the year 2000 on."""
    assert garch_quantiles(SHARE, date(2000, 1, 1), np.array([100]), 6, LEVELS) is None
