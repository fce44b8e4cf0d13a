from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sessions import SAO_PAULO, Phase, Sessions, ash_wednesday
from bot.edges.b3_calendar import load
from tests.share_bars import at

B3 = load()

moments = st.datetimes(
    datetime(2000, 3, 1),  # noqa: DTZ001, hypothesis wants the zone apart
    datetime(2035, 12, 1),  # noqa: DTZ001, the same
    timezones=st.just(SAO_PAULO),
)
days = st.dates(date(2000, 3, 1), date(2035, 12, 1))


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        ("2026-07-28T00:00:00", Phase.BEFORE_OPEN),
        ("2026-07-28T09:59:59", Phase.BEFORE_OPEN),
        ("2026-07-28T10:00:00", Phase.OPEN),
        ("2026-07-28T16:54:59", Phase.OPEN),
        ("2026-07-28T16:55:00", Phase.CLOSING),
        ("2026-07-28T17:00:00", Phase.CLOSING),
        ("2026-07-28T17:29:59", Phase.CLOSING),
        ("2026-07-28T17:30:00", Phase.CLOSED),
        ("2026-07-28T23:59:59", Phase.CLOSED),
        ("2026-07-25T12:00:00", Phase.HOLIDAY),
        ("2026-11-20T12:00:00", Phase.HOLIDAY),
    ],
)
def test_a_day_has_its_phases(moment: str, phase: Phase) -> None:
    """What the answer may call a close depends on nothing else."""
    assert B3.phase(at(moment)) is phase


def test_the_phase_is_that_of_sao_paulo_wherever_the_machine_is() -> None:
    """Servers run on UTC; 00:30 there is still yesterday evening in São Paulo."""
    assert B3.phase(datetime.fromisoformat("2026-07-29T00:30:00+00:00")) is Phase.CLOSED


@pytest.mark.parametrize(
    ("session", "hour"),
    [
        (date(2026, 3, 6), 18),  # the Friday before New York's clocks go forward
        (date(2026, 3, 9), 17),
        (date(2026, 10, 30), 17),  # the Friday before they go back
        (date(2026, 11, 3), 18),
        (date(2027, 3, 12), 18),
        (date(2027, 3, 15), 17),
    ],
)
def test_the_close_follows_the_clock_of_new_york(session: date, hour: int) -> None:
    """Ready-made calendars say 18:00 all year, an hour late for two thirds of it."""
    assert B3.close(session) == datetime.combine(session, time(hour), SAO_PAULO)


@pytest.mark.parametrize("day", [date(2025, 3, 5), date(2026, 2, 18), date(2027, 2, 10)])
def test_ash_wednesday_opens_at_one(day: date) -> None:
    """Carnival ends at noon; before 13:00 there is no running price to wait for."""
    assert ash_wednesday(day.year) == day
    assert B3.opening(day) == datetime.combine(day, time(13), SAO_PAULO)


def test_on_ash_wednesday_morning_the_session_has_not_begun() -> None:
    """At noon every other Wednesday is open."""
    assert B3.phase(at("2026-02-18T12:59:59")) is Phase.BEFORE_OPEN


def test_hours_given_for_a_day_win_over_the_usual_ones() -> None:
    """B3 announces exceptions, such as World Cup days."""
    day = date(2026, 6, 25)
    sessions = Sessions((day,), opens={day: time(11)}, closes={day: time(16)})

    assert [sessions.opening(day).hour, sessions.close(day).hour] == [11, 16]


def test_on_friday_night_today_is_still_friday_and_next_is_monday() -> None:
    """D+0 is the session of the day until midnight."""
    friday = at("2026-07-24T22:00")

    assert B3.today(friday) == date(2026, 7, 24)
    assert B3.after(B3.today(friday), 1) == (date(2026, 7, 27),)
    assert B3.newest_final(friday) == date(2026, 7, 24)


@pytest.mark.parametrize("moment", ["2026-07-25T00:00", "2026-07-26T23:59", "2026-07-27T09:00"])
def test_on_the_weekend_today_is_monday(moment: str) -> None:
    """Who asks on Saturday wants to know about the session that comes."""
    assert (B3.today(at(moment)), B3.newest_final(at(moment))) == (
        date(2026, 7, 27),
        date(2026, 7, 24),
    )


def test_the_holidays_of_2026_are_those_that_b3_published() -> None:
    """A wrong day shifts every date that people are told."""
    weekdays = (date(2026, 1, 1) + timedelta(days=index) for index in range(365))

    assert [str(day) for day in weekdays if day.weekday() < 5 and not B3.is_session(day)] == [
        "2026-01-01",
        "2026-02-16",
        "2026-02-17",
        "2026-04-03",
        "2026-04-21",
        "2026-05-01",
        "2026-06-04",
        "2026-09-07",
        "2026-10-12",
        "2026-11-02",
        "2026-11-20",
        "2026-12-24",
        "2026-12-25",
        "2026-12-31",
    ]


def test_the_year_ends_on_the_last_session_before_new_year_s_eve() -> None:
    """B3 trades neither on 24 nor on 31 December, nor on 1 January."""
    assert B3.after(date(2026, 12, 23), 4) == (
        date(2026, 12, 28),
        date(2026, 12, 29),
        date(2026, 12, 30),
        date(2027, 1, 4),
    )


def test_a_close_becomes_final_half_an_hour_after_it() -> None:
    """Yahoo is a quarter of an hour late, and auctions can be too."""
    assert B3.newest_final(at("2026-07-28T17:29:59")) == date(2026, 7, 27)
    assert B3.newest_final(at("2026-07-28T17:30:00")) == date(2026, 7, 28)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-07-28T12:00", "2026-07-28T17:30"),
        ("2026-07-28T17:30", "2026-07-29T17:30"),
        ("2026-10-30T20:00", "2026-11-03T18:30"),  # over a weekend, a holiday, and New York's clock
    ],
)
def test_the_next_final_close_is_known_in_advance(now: str, then: str) -> None:
    """Until then nobody has to ask the source again."""
    assert B3.next_final(at(now)) == at(then)


def test_beyond_the_calendar_nothing_is_dated() -> None:
    """A made-up date would be worse than an error."""
    with pytest.raises(ValueError, match="ends on 2035-12-28"):
        B3.after(date(2035, 12, 27), 2)


def test_before_the_calendar_there_are_fewer_sessions() -> None:
    """The other direction has no error: the past simply begins."""
    assert B3.before(date(2000, 1, 5), 5) == (date(2000, 1, 3), date(2000, 1, 4))


@given(day=days, count=st.integers(1, 9))
def test_sessions_after_a_day_are_after_it_ascending_and_true(day: date, count: int) -> None:
    """Dates of forecasts are made of these."""
    found = B3.after(day, count)

    assert len(found) == count
    assert found == tuple(sorted(set(found)))
    assert all(session > day and B3.is_session(session) for session in found)
    assert B3.between(day + timedelta(days=1), found[-1]) == found


@given(day=days, count=st.integers(1, 9))
def test_before_undoes_after(day: date, count: int) -> None:
    """Two ways to count the same days agree."""
    last = B3.after(day, count)[-1]

    assert B3.before(last + timedelta(days=1), count) == B3.after(day, count)


@given(now=moments)
def test_the_newest_final_close_is_never_in_the_future(now: datetime) -> None:
    """Else a replay would look ahead."""
    newest = B3.newest_final(now)

    assert B3.final(newest) <= now < B3.final(B3.after(newest, 1)[0])


@given(now=moments)
def test_today_is_the_first_session_from_the_calendar_day_on(now: datetime) -> None:
    """Never a day that has gone by."""
    today = B3.today(now)

    assert B3.between(now.date(), today) == (today,)


@given(now=moments)
def test_the_next_final_close_is_the_one_after_the_newest(now: datetime) -> None:
    """Memory is fresh exactly until then."""
    assert B3.next_final(now) == B3.final(B3.after(B3.newest_final(now), 1)[0])


@given(now=moments)
def test_the_phase_agrees_with_the_hours(now: datetime) -> None:
    """One clock for everything."""
    phase = B3.phase(now)
    day = now.date()

    assert (phase is Phase.HOLIDAY) == (not B3.is_session(day))
    assert (phase is Phase.CLOSED) == (B3.newest_final(now) == day)
