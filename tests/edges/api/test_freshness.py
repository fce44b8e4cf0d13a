"""Until when a forecast stands."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.forecast import Outlook
from bot.edges.api.freshness import MINUTE, next_turn, stands_until
from tests.share_bars import B3, at
from tests.wording.scenes import CLOSED, KEPT, LAGGING, OPEN, REFERENCE, SIMULATED, WAITING

moments = st.integers(0, 1_000 * 24 * 3600).map(
    lambda seconds: at("2024-01-02T00:00") + timedelta(seconds=seconds)
)


@pytest.mark.parametrize(
    ("outlook", "now", "until"),
    [
        (REFERENCE, "2026-07-29T08:30", "2026-07-29T10:00"),
        (REFERENCE, "2026-02-18T08:30", "2026-02-18T13:00"),  # Ash Wednesday opens later
        (OPEN, "2026-07-29T12:00", "2026-07-29T12:01"),
        (OPEN, "2026-07-29T16:54:30", "2026-07-29T16:55"),
        (WAITING, "2026-07-29T18:00", "2026-07-29T18:01"),
        (CLOSED, "2026-07-29T18:00", "2026-07-30T00:00"),
        (REFERENCE, "2026-08-01T12:00", "2026-08-03T10:00"),
        (KEPT, "2026-07-29T08:30", "2026-07-29T08:31"),
        (LAGGING, "2026-07-29T08:30", "2026-07-29T08:31"),
        (SIMULATED, "2026-07-29T08:30", "2026-07-29T08:31"),
    ],
)
def test_a_forecast_stands_until_something_new_can_be_known(
    outlook: Outlook, now: str, until: str
) -> None:
    """Too long shows old forecasts, too short makes caches useless."""
    assert stands_until(outlook, B3, at(now)) == at(until)


@given(now=moments)
def test_what_stands_has_an_end_ahead(now: datetime) -> None:
    """A time that is over would make every answer stale at once."""
    turn = next_turn(B3, now)

    assert now < turn <= now + timedelta(days=1)
    assert now < stands_until(OPEN, B3, now)


@given(now=moments)
def test_what_is_provisional_is_looked_at_again_within_a_minute(now: datetime) -> None:
    """A source that is behind may catch up at any time."""
    assert now < stands_until(SIMULATED, B3, now) <= now + MINUTE
