"""What forecasts are compared with, against versions that fit on two lines."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.baselines import drift_forecasts, ewma_quantiles, ewma_volatility, unit_student_t4
from tests.random_shares import random_share

LEVELS = np.array([0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975])


def test_the_variance_is_the_weighted_mean_of_all_past_squares() -> None:
    """The recursion must equal its definition, weight by weight."""
    closes = random_share("ITUB4.SA", 400).closes
    squares = np.diff(np.log(closes)) ** 2
    weights = 0.06 * 0.94 ** np.arange(len(squares))[::-1]

    expected = np.sqrt(weights @ squares + 0.94 ** len(squares) * squares[:20].mean())

    np.testing.assert_allclose(ewma_volatility(closes)[-1], expected, rtol=1e-12)


@given(origin=st.integers(30, 99), seed=st.integers(0, 2**32 - 1))
def test_the_baseline_does_not_see_the_future(origin: int, seed: int) -> None:
    """A baseline that knew more than the model would make it look bad, one that erred, good."""
    closes = random_share("ITUB4.SA", 100).closes
    other = closes.copy()
    other[origin + 1 :] *= np.random.default_rng(seed).uniform(0.9, 1.1, 99 - origin)

    np.testing.assert_array_equal(
        ewma_volatility(other)[: origin + 1], ewma_volatility(closes)[: origin + 1]
    )


def test_a_corporate_action_does_not_widen_the_baseline() -> None:
    """Otherwise it would be easy to beat for months after every split."""
    closes = random_share("ITUB4.SA", 200).closes
    split = np.where(np.arange(200) >= 100, closes / 2, closes)

    after_split, usual = ewma_volatility(split), ewma_volatility(closes)

    np.testing.assert_array_equal(after_split[:100], usual[:100])
    assert after_split[100] == after_split[99]
    np.testing.assert_allclose(after_split[-1], usual[-1], rtol=0.01)


def test_quantiles_are_those_of_the_tables() -> None:
    """2.776, 2.132, 1.533, 0.741: any table of Student's t with 4 degrees of freedom."""
    half = np.array([0.740697, 1.533206, 2.131847, 2.776445]) / np.sqrt(2)

    np.testing.assert_allclose(
        unit_student_t4(LEVELS), [*-half[::-1], 0.0, *half], rtol=1e-6, atol=1e-12
    )


def test_the_spread_grows_with_the_square_root_of_time() -> None:
    """Moves of independent sessions add up in variance."""
    prices = ewma_quantiles(np.array([10.0]), np.array([0.02]), 4, LEVELS)

    np.testing.assert_allclose(
        np.log(prices[0, 3] / 10), 2 * np.log(prices[0, 0] / 10), rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(np.log(prices[0, 0, -1] / 10), 0.02 * 2.776445 / 2**0.5, rtol=1e-6)


def test_drift_goes_on_as_the_last_year_went() -> None:
    """Two lines: mean log return of the last 250 sessions, times the sessions ahead."""
    closes = random_share("ITUB4.SA", 400).closes
    mean = np.log(closes[390] / closes[140]) / 250

    forecasts = drift_forecasts(closes, closes[[390]], np.array([390]), 6)

    np.testing.assert_allclose(forecasts[0], closes[390] * np.exp(mean * np.arange(1, 7)))


def test_drift_of_a_young_share_is_that_of_its_life() -> None:
    """Fewer than 250 returns are better than none."""
    closes = random_share("ITUB4.SA", 100).closes

    forecasts = drift_forecasts(closes, closes[[99]], np.array([99]), 1)

    np.testing.assert_allclose(forecasts[0, 0], closes[99] * (closes[99] / closes[0]) ** (1 / 99))


def test_a_corporate_action_is_no_drift() -> None:
    """A split would send the forecast down for a year."""
    closes = random_share("ITUB4.SA", 300).closes
    split = np.where(np.arange(300) >= 200, closes / 2, closes)
    mean = (np.log(closes[299] / closes[200]) + np.log(closes[199] / closes[49])) / 249

    forecasts = drift_forecasts(split, split[[299]], np.array([299]), 1)

    np.testing.assert_allclose(forecasts[0, 0], split[299] * np.exp(mean))
