"""Two forecasters meet: on the same closes, in one number, with its chance of being luck."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.closes import Share
from model.errors import NothingToScore
from model.head_to_head import Bout, Forecaster, compared, fought, losses
from model.metrics import coverage, pinball_loss
from model.windows import Windows, make_windows
from tests.random_shares import random_share

LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
OFFSETS = np.array([-0.06, -0.05, -0.04, -0.02, 0.0, 0.02, 0.04, 0.05, 0.06])


def forecaster(width: float) -> Forecaster:
    """Bands around the last close, all steps alike."""

    def prices(windows: Windows) -> NDArray[np.float64]:
        factors = np.broadcast_to(1 + width * OFFSETS, (len(windows), 6, 9))
        return windows.closes[:, -1, None, None] * factors

    return Forecaster(LEVELS, prices)


USUAL, WIDE = forecaster(1.0), forecaster(2.0)


def bout(share: Share, second: Forecaster = WIDE) -> Bout:
    """The usual one against the second, on all windows of a share."""
    return fought(share.ticker, make_windows(share), USUAL, second)


def test_losses_are_those_of_the_metrics() -> None:
    """What decides here must be what `evaluate` publishes."""
    windows = make_windows(random_share("AAAA3.SA", 120))
    prices = USUAL.prices(windows)

    scored = losses(prices, LEVELS, windows.targets)

    inner = np.array(LEVELS[1:8])
    for step in range(6):
        actual = windows.targets[:, step]
        expected = pinball_loss(actual, prices[:, step, 1:8], inner)
        assert scored.pinball[:, step].mean() == pytest.approx(expected)
        held = coverage(actual, prices[:, step, 2], prices[:, step, 6])
        assert scored.held[:, step].mean() == pytest.approx(held)


def test_the_pooled_ratio_weighs_shares_by_their_forecasts() -> None:
    """The contract of every pooled ratio here; coverage is over all forecasts."""
    bouts = [bout(random_share("AAAA3.SA", 200)), bout(random_share("BBBB4.SA", 100, seed=1))]

    comparison = compared(bouts)[2]

    counts = [len(one.days) for one in bouts]
    ratios = [one.second.pinball[:, 2].mean() / one.first.pinball[:, 2].mean() for one in bouts]
    first = np.concatenate([one.first.held[:, 2] for one in bouts])
    second = np.concatenate([one.second.held[:, 2] for one in bouts])
    assert (comparison.n, comparison.sessions) == (sum(counts), max(counts))
    assert comparison.pinball_ratio == pytest.approx(np.average(ratios, weights=counts))
    assert comparison.coverage80 == pytest.approx((first.mean(), second.mean()))


def test_a_forecaster_ties_with_itself() -> None:
    """No difference is no evidence, for either side."""
    steps = compared([bout(random_share("AAAA3.SA", 100), USUAL)])

    assert [(one.pinball_ratio, one.p_value) for one in steps] == [(1.0, None)] * 6
    assert not any(one.surely_worse(0.05) or one.surely_better(0.05) for one in steps)


def test_a_clear_difference_is_no_luck_and_has_a_side() -> None:
    """Bands twice as wide as the moves lose at the first step, whoever is called second."""
    share = random_share("AAAA3.SA", 400)
    windows = make_windows(share)

    worse = compared([fought("A", windows, USUAL, WIDE)])[0]
    better = compared([fought("A", windows, WIDE, USUAL)])[0]

    assert (worse.surely_worse(0.05), worse.surely_better(0.05)) == (True, False)
    assert (better.surely_worse(0.05), better.surely_better(0.05)) == (False, True)


def test_a_share_in_two_bouts_is_one_share() -> None:
    """Periods of a backtest are parts of the same share: each half has no ratio of its own."""
    share = random_share("AAAA3.SA", 200)
    windows = make_windows(share)
    early = np.arange(len(windows)) < 50
    halves = [fought(share.ticker, windows.where(part), USUAL, WIDE) for part in (early, ~early)]

    assert compared(halves) == compared([bout(share)])


@given(factor=st.sampled_from([0.001, 7.0, 1e6]))
def test_the_currency_of_a_share_changes_nothing(factor: float) -> None:
    """Reais, dollars and points are pooled: none may weigh more."""
    one, other = random_share("AAAA3.SA", 90), random_share("BBBB4.SA", 90, seed=1)
    dearer = replace(
        other, closes=other.closes * factor, highs=other.highs * factor, lows=other.lows * factor
    )

    ratios = [
        [step.pinball_ratio for step in compared([bout(one), bout(share)])]
        for share in (other, dearer)
    ]

    np.testing.assert_allclose(ratios[0], ratios[1])


def test_a_share_that_never_moves_is_left_out() -> None:
    """Against a band of no width that is always right there is no ratio."""
    moving = random_share("AAAA3.SA", 100)
    still = replace(moving, ticker="BBBB4.SA", closes=np.full(100, 10.0))
    exact = forecaster(0.0)

    def against(share: Share) -> Bout:
        return fought(share.ticker, make_windows(share), exact, USUAL)

    assert compared([against(moving), against(still)]) == compared([against(moving)])


def test_nothing_to_compare_is_said() -> None:
    """An average over nothing would be NaN in a decision."""
    with pytest.raises(NothingToScore, match="no share has a forecast"):
        compared([])
