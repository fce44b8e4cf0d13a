"""Dates for the model's steps, and the running price of an open session."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.closes import RunningPrice
from bot.domain.forecast import Forecast, Model, Step, Steps, dated, narrowed, scaled, variance_left
from bot.domain.sessions import SAO_PAULO

HOURS = (
    datetime(2026, 7, 29, 10, tzinfo=SAO_PAULO),
    datetime(2026, 7, 29, 17, tzinfo=SAO_PAULO),
)
MORNING = Forecast(date(2026, 7, 29), 42.9, 42.2, 43.5, 41.5, 44.2)
LAST_CLOSE = 42.8

moments = st.integers(0, 7 * 60).map(lambda minutes: HOURS[0] + timedelta(minutes=minutes))
prices = st.floats(1.0, 200.0)


def test_each_step_gets_the_date_of_its_session() -> None:
    """Step 1 is the session after the newest close, whatever day the question is asked."""
    steps = Steps(
        tuple(Step(10.0 + n, 9.0, 11.0, 8.0, 12.0) for n in range(6)), Model("m", "1", "0" * 64)
    )
    days = tuple(date(2026, 7, day) for day in (29, 30, 31)) + tuple(
        date(2026, 8, day) for day in (3, 4, 5)
    )

    assert [(found.session, found.expected) for found in dated(steps, days)] == [
        (day, 10.0 + n) for n, day in enumerate(days)
    ]


@given(moments, prices)
def test_the_running_price_moves_the_centre_to_itself(at: datetime, price: float) -> None:
    """During the session the close is known to be near the running price."""
    now = narrowed(MORNING, LAST_CLOSE, RunningPrice(price, at), HOURS)
    drift = MORNING.expected / LAST_CLOSE

    assert price <= now.expected <= price * drift
    assert now.running == RunningPrice(price, at)


@given(moments, prices)
def test_the_band_is_narrower_than_in_the_morning_and_in_order(at: datetime, price: float) -> None:
    """Part of the day's uncertainty is over once the session is open."""
    now = narrowed(MORNING, LAST_CLOSE, RunningPrice(price, at), HOURS)

    assert now.low95 < now.low80 < now.expected < now.high80 < now.high95
    assert now.high80 / now.low80 < MORNING.high80 / MORNING.low80


@given(moments, moments)
def test_uncertainty_only_falls_as_the_session_goes_on(one: datetime, other: datetime) -> None:
    """A later price never leaves more doubt than an earlier one."""
    earlier, later = sorted((one, other))

    assert variance_left(earlier, HOURS) >= variance_left(later, HOURS)


@pytest.mark.parametrize(
    ("minutes", "left"), [(-30, 0.78), (0, 0.78), (210, 0.395), (420, 0.01), (500, 0.01)]
)
def test_the_curve_of_the_variance_still_to_come(minutes: int, left: float) -> None:
    """The overnight part is gone at the open, half the rest at noon, all but the auction late."""
    assert variance_left(HOURS[0] + timedelta(minutes=minutes), HOURS) == pytest.approx(left)


def test_the_first_hour_settles_more_than_an_hour_at_noon() -> None:
    """Volatility within a session is U-shaped."""
    at = [variance_left(HOURS[0] + timedelta(hours=hours), HOURS) for hours in (0, 1, 3, 4)]

    assert at[0] - at[1] > at[2] - at[3]


@given(st.floats(0.1, 10.0))
def test_a_corporate_action_scales_every_price(factor: float) -> None:
    """The morning's forecast is compared with the close on the same price basis."""
    moved = scaled(MORNING, factor)

    assert moved.expected == MORNING.expected * factor
    assert (moved.low95, moved.high80) == (MORNING.low95 * factor, MORNING.high80 * factor)
    assert moved.session == MORNING.session
