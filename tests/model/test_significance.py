"""The Diebold-Mariano test: its formula, its size, and what it must not be fooled by."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.closes import Prices
from model.significance import by_day, diebold_mariano, long_run_variance, relative

RNG = np.random.default_rng(3)
DIFFERENCES = np.convolve(RNG.normal(0.1, 1, 305), np.ones(6), "valid")


@given(lags=st.integers(0, 12))
def test_the_variance_is_newey_and_west_s(lags: int) -> None:
    """As a sum over all pairs of forecasts, each pair weighted by how far apart it lies."""
    centred = DIFFERENCES - DIFFERENCES.mean()
    apart = np.abs(np.subtract.outer(np.arange(300), np.arange(300)))
    weights = np.maximum(1 - apart / (lags + 1), 0)

    assert math.isclose(long_run_variance(DIFFERENCES, lags), centred @ weights @ centred / 300)


def test_a_p_value_worked_out_by_hand() -> None:
    """Mean 2, variance 2/3 over 3 forecasts: 2 / √(2/9) standard errors."""
    expected = 2 * (1 - NormalDist().cdf(2 / math.sqrt(2 / 9)))

    assert diebold_mariano(np.array([1.0, 2.0, 3.0]), lags=0) == pytest.approx(expected, rel=1e-6)


def test_it_does_not_matter_who_is_called_the_rival() -> None:
    """Two-sided: being worse by as much is as surprising."""
    assert diebold_mariano(DIFFERENCES, 5) == diebold_mariano(-DIFFERENCES, 5)


def test_overlapping_forecasts_are_fewer_than_they_look() -> None:
    """Without lags, six forecasts that share five sessions would count as six witnesses."""
    overlapping, naive = (diebold_mariano(DIFFERENCES, lags) for lags in (5, 0))

    assert overlapping is not None
    assert naive is not None
    assert overlapping > 2 * naive


def test_twenty_shares_that_move_as_one_are_one_witness() -> None:
    """A pooled p that counted shares one by one would always be near zero."""
    days = np.arange("2024-01-01", "2024-10-27", dtype="datetime64[D]")

    together = by_day([days] * 20, [DIFFERENCES] * 20)

    np.testing.assert_allclose(together, DIFFERENCES, rtol=1e-12)


def test_a_day_is_the_mean_of_the_shares_that_it_has() -> None:
    """Shares start, end and rest on different days."""
    early, late = (
        np.array(["2024-01-02", "2024-01-03"], "datetime64[D]"),
        np.array(["2024-01-03", "2024-01-04"], "datetime64[D]"),
    )

    together = by_day([late, early], [np.array([3.0, 4.0]), np.array([1.0, 2.0])])

    assert together.tolist() == [1.0, 2.5, 4.0]


@pytest.mark.parametrize("differences", [np.zeros(50), np.full(50, 0.1), np.empty(0)])
def test_differences_that_never_vary_have_no_p_value(differences: Prices) -> None:
    """A centre fixed at naive cannot be told from naive: null, and neither 0 nor 1."""
    assert diebold_mariano(differences, 5) is None


def test_fewer_forecasts_than_lags_are_no_error() -> None:
    """Short spans are scored as well."""
    assert diebold_mariano(np.array([1.0, -2.0]), lags=5) == pytest.approx(
        math.erfc(0.5 / math.sqrt(long_run_variance(np.array([1.0, -2.0]), 1) / 2) / math.sqrt(2))
    )


def test_relative_differences_average_to_the_ratio() -> None:
    """So that the p-value is about the figure beside it, in no currency."""
    losses, rivals = RNG.uniform(1, 2, 40), RNG.uniform(1, 2, 40)

    difference = relative(losses, rivals)

    assert difference is not None
    assert math.isclose(difference.mean() + 1, losses.mean() / rivals.mean())
    assert relative(losses, np.zeros(40)) is None


def test_equal_forecasters_are_rarely_called_different() -> None:
    """The test's size: of 400 fair contests about 5 % may end below 0.05 by chance."""
    contests = np.random.default_rng(0).normal(size=(400, 500))

    found = np.array([diebold_mariano(contest, 0) for contest in contests], float)

    assert 0.03 < (found < 0.05).mean() < 0.07
