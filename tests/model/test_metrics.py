"""Every metric against a version of two lines, and scikit-learn's where it has one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from model import metrics

RNG = np.random.default_rng(7)
ACTUAL = RNG.uniform(5, 50, 200)
LAST = ACTUAL * RNG.uniform(0.95, 1.05, 200)
FORECAST = LAST * RNG.uniform(0.97, 1.03, 200)
LEVELS = np.array([0.05, 0.5, 0.95])
QUANTILES = np.sort(FORECAST[:, None] * RNG.uniform(0.9, 1.1, (200, 3)), axis=1)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (metrics.mean_absolute_error, sklearn_metrics.mean_absolute_error),
        (metrics.root_mean_squared_error, sklearn_metrics.root_mean_squared_error),
        (
            metrics.mean_absolute_percentage_error,
            sklearn_metrics.mean_absolute_percentage_error,
        ),
    ],
    ids=lambda metric: metric.__name__,
)
def test_errors_are_those_of_scikit_learn(ours: object, theirs: object) -> None:
    """Published figures must mean what their names mean everywhere else."""
    assert callable(ours)
    assert callable(theirs)

    assert math.isclose(ours(ACTUAL, FORECAST), theirs(ACTUAL, FORECAST), rel_tol=1e-12)


def test_pinball_loss_is_the_mean_of_scikit_learn_s_over_the_levels() -> None:
    """It is what the comparison with EWMA-t is made of."""
    theirs = [
        sklearn_metrics.mean_pinball_loss(ACTUAL, QUANTILES[:, i], alpha=level)
        for i, level in enumerate(LEVELS)
    ]

    ours = metrics.pinball_loss(ACTUAL, QUANTILES, LEVELS)

    assert math.isclose(ours, float(np.mean(theirs)), rel_tol=1e-12)


def test_losses_row_by_row_are_those_of_each_forecast_alone() -> None:
    """Tests of significance look at single days."""
    alone = [
        metrics.pinball_loss(ACTUAL[i : i + 1], QUANTILES[i : i + 1], LEVELS) for i in range(200)
    ]
    errors = [abs(float(a) - float(f)) for a, f in zip(ACTUAL, FORECAST, strict=True)]

    np.testing.assert_allclose(metrics.pinball_losses(ACTUAL, QUANTILES, LEVELS), alone)
    assert metrics.absolute_errors(ACTUAL, FORECAST).tolist() == errors


def test_being_below_a_high_quantile_costs_little() -> None:
    """The sign convention: at 90 %, one real below costs 0.10 and one real above 0.90."""
    costs = [
        metrics.pinball_loss(np.array([close]), np.array([[10.0]]), np.array([0.9]))
        for close in (9.0, 11.0)
    ]

    assert costs == pytest.approx([0.1, 0.9])


def test_coverage_counts_borders_as_inside() -> None:
    """A constant series sits exactly on its band."""
    low, high = np.full(5, 9.0), np.full(5, 11.0)

    assert metrics.coverage(np.array([8.9, 9.0, 10.0, 11.0, 11.1]), low, high) == 0.6


def test_direction_counts_a_forecast_of_no_move_as_half_a_hit() -> None:
    """Naive then scores as a coin does: nothing was risked, nothing was known."""
    last = np.full(5, 10.0)
    actual = np.array([11.0, 11.0, 9.0, 9.0, 10.0])
    forecast = np.array([10.5, 10.0, 9.5, 10.5, 12.0])

    assert metrics.direction_hits(last, actual, forecast) == (1 + 0.5 + 1 + 0) / 4


def test_direction_of_a_series_that_never_moves_is_unknown() -> None:
    """There was nothing to hit."""
    assert metrics.direction_hits(np.ones(3), np.ones(3), np.ones(3)) is None


@given(
    loss=st.floats(0, 1e6), compared_with=st.floats(1e-6, 1e6), sign=st.sampled_from([0.0, -0.0])
)
def test_a_ratio_to_nothing_is_unknown(loss: float, compared_with: float, sign: float) -> None:
    """On a constant series naive is perfect, and no factor describes being worse."""
    assert metrics.ratio(loss, compared_with) == loss / compared_with
    assert metrics.ratio(loss, sign) is None
