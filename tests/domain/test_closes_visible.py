from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bars import DailyBars, RunningPrice, Split
from bot.domain.closes import visible
from bot.domain.sessions import SAO_PAULO
from tests.share_bars import B3, at, daily, walk

TUESDAY = date(2026, 7, 28)
BARS = walk(TUESDAY)


def seen(now: str, *, running: RunningPrice | None = None) -> DailyBars:
    """What is left at `now` of bars that end on the Tuesday."""
    return visible(replace(daily(BARS, at(now)), running=running), B3, at(now))


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2026-07-28T15:00", date(2026, 7, 27)),
        ("2026-07-28T17:29", date(2026, 7, 27)),
        ("2026-07-28T17:30", date(2026, 7, 28)),
        ("2026-07-20T08:00", date(2026, 7, 17)),
    ],
)
def test_a_bar_is_a_close_only_when_its_session_is_final(now: str, newest: date) -> None:
    """Else a forecast starts from a price that is still moving, or from the future."""
    assert seen(now).bars[-1].session == newest


def test_a_running_price_of_the_open_session_stays() -> None:
    """It narrows today's forecast."""
    running = RunningPrice(30.5, at("2026-07-28T14:45"))

    assert seen("2026-07-28T15:00", running=running).running == running


@pytest.mark.parametrize(
    ("now", "price", "traded"),
    [
        ("2026-07-28T15:00", 30.5, "2026-07-28T15:01"),  # from the future
        ("2026-07-28T15:00", 30.5, "2026-07-27T16:00"),  # of another session
        ("2026-07-28T15:00", 30.5, "2026-07-28T09:30"),  # before the open
        ("2026-07-28T09:30", 30.5, "2026-07-28T09:20"),  # there is no open session
        ("2026-07-28T18:00", 30.5, "2026-07-28T16:59"),  # its close is final
        ("2026-07-25T12:00", 30.5, "2026-07-25T11:00"),  # Saturday
        ("2026-07-28T15:00", 0.0, "2026-07-28T14:45"),
        ("2026-07-28T15:00", float("nan"), "2026-07-28T14:45"),
    ],
)
def test_any_other_running_price_is_dropped(now: str, price: float, traded: str) -> None:
    """A wrong running price bends the forecast more than none."""
    assert seen(now, running=RunningPrice(price, at(traded))).running is None


def test_splits_of_the_future_are_not_known_yet() -> None:
    """A replay must not take out a jump that has not happened."""
    splits = (Split(date(2026, 7, 27), 2.0), Split(date(2026, 7, 29), 3.0))
    bars = replace(daily(BARS, at("2026-07-28T15:00")), splits=splits)

    assert visible(bars, B3, at("2026-07-28T15:00")).splits == splits[:1]


@given(
    now=st.datetimes(
        datetime(2026, 1, 5),  # noqa: DTZ001, hypothesis wants the zone apart
        datetime(2026, 12, 1),  # noqa: DTZ001, the same
        timezones=st.just(SAO_PAULO),
    )
)
def test_nothing_visible_is_newer_than_the_clock(now: datetime) -> None:
    """`--at` replays see what could be seen then."""
    found = visible(daily(BARS, now), B3, now)

    assert all(B3.final(bar.session) <= now for bar in found.bars)
    assert found.bars == BARS[: len(found.bars)]
