"""When the day's duties are due."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agenda import due_slots, moment, next_run, recording_due, too_late, warming_due
from bot.domain.sessions import SAO_PAULO
from tests.share_bars import B3, at

SLOTS = (time(8), time(9), time(16, 54), time(17, 30), time(21))
MINUTES = st.builds(
    lambda day, minute: datetime.combine(day, time(), SAO_PAULO) + timedelta(minutes=minute),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 24 * 60 - 1),
)
HOURS = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-07-29T07:59", ()),
        ("2026-07-29T08:00", (time(8),)),
        ("2026-07-29T09:40", (time(8), time(9))),
        ("2026-07-29T16:54", (time(8), time(9), time(16, 54))),
        ("2026-07-29T16:55", ()),  # the closing call: New York is on daylight time
        ("2026-11-23T17:40", (time(8), time(9), time(16, 54), time(17, 30))),
        ("2026-11-23T17:55", ()),
        ("2026-08-01T09:40", ()),  # a Saturday
        ("2026-09-07T09:40", ()),  # Independence Day, a Monday
    ],
)
def test_a_slot_is_due_from_its_hour_until_the_closing_call(
    now: str, due: tuple[time, ...]
) -> None:
    """A bot that was down catches up; what would be stale is not sent."""
    assert due_slots(B3, reversed(SLOTS), at(now)) == due


@given(MINUTES, HOURS)
def test_a_slot_comes_next_when_it_will_be_due(now: datetime, slot: time) -> None:
    """A job armed for a moment at which nothing is due would be for nothing."""
    run = next_run(B3, slot, now)

    assert run is None or (run > now and slot in due_slots(B3, [slot], run))


@given(MINUTES, HOURS)
def test_no_session_passes_between_now_and_the_next_run(now: datetime, slot: time) -> None:
    """Nobody's morning message may be skipped."""
    run = next_run(B3, slot, now)
    days = B3.between(now.date(), run.date() - timedelta(days=1)) if run else ()

    assert all(moment(day, slot) <= now for day in days)


@pytest.mark.parametrize(
    ("slot", "now", "run"),
    [
        (time(9), "2026-07-29T08:59", "2026-07-29T09:00"),
        (time(9), "2026-07-29T09:00", "2026-07-30T09:00"),
        (time(9), "2026-07-31T12:00", "2026-08-03T09:00"),  # over the weekend
        (time(17, 30), "2026-07-29T09:00", None),
        (time(17, 30), "2026-11-23T09:00", "2026-11-23T17:30"),
    ],
)
def test_the_next_run_is_on_a_session_day(slot: time, now: str, run: str | None) -> None:
    """Weekends and holidays have no message; a late slot exists in New York's winter only."""
    assert next_run(B3, slot, at(now)) == (run and at(run))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-07-29T08:56", False),
        ("2026-07-29T08:57", True),
        ("2026-07-29T08:59", True),
        ("2026-07-29T09:00", False),
        ("2026-08-01T08:58", False),
    ],
)
def test_the_endpoint_is_woken_minutes_before_a_slot(now: str, *, due: bool) -> None:
    """A serverless endpoint that sleeps would cost the first batch its time-out."""
    assert warming_due(B3, [time(9)], at(now)) is due


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-07-29T08:59", False),
        ("2026-07-29T09:00", True),
        ("2026-07-29T16:54", True),
        ("2026-07-29T16:55", False),
        ("2026-08-01T09:30", False),
        ("2026-02-18T11:59", False),  # Ash Wednesday opens at one
        ("2026-02-18T12:00", True),
    ],
)
def test_forecasts_are_recorded_around_the_open(now: str, *, due: bool) -> None:
    """Before yesterday's close is there in all sources it would be an older forecast."""
    assert recording_due(B3, at(now)) is due


@given(MINUTES)
def test_nothing_is_ever_due_once_it_is_too_late(now: datetime) -> None:
    """After the closing call nobody can use a forecast of that close."""
    session = B3.today(now)
    late = B3.is_session(now.date()) and now >= too_late(B3, session)

    assert not (late and (due_slots(B3, SLOTS, now) or recording_due(B3, now)))
