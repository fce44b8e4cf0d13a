"""The memory of checked windows."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bars import DailyBars, RunningPrice, Split
from bot.domain.closes import checked_window
from bot.errors import ForecastError, WindowTooShort
from bot.flow.forecasts import checked_windows
from bot.flow.forecasts.checked_windows import CheckedWindows
from tests.share_bars import B3, at, daily, walk

NOON = at("2026-07-28T12:00")
BARS = daily(walk(at("2026-07-29T00:00").date()), NOON)


def fresh(bars: DailyBars, now: datetime) -> object:
    """What checking from the start gives, or the words of its refusal."""
    try:
        return checked_window(bars, B3, now)
    except ForecastError as error:
        return repr(error)


def remembered(memory: CheckedWindows, bars: DailyBars, now: datetime) -> object:
    """The same through a memory."""
    try:
        return memory.of(bars, B3, now)
    except ForecastError as error:
        return repr(error)


moments = st.integers(-72 * 60, 20 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
variants = st.builds(
    lambda fetched, kept, price, split: replace(
        BARS,
        fetched_at=fetched,
        kept=kept,
        running=price and RunningPrice(price, NOON),
        splits=(Split(NOON.date(), 2.0),) * split,
    ),
    moments,
    st.booleans(),
    st.sampled_from((None, 30.0, 31.0)),
    st.integers(0, 1),
)


@given(
    asked=st.lists(variants, min_size=1, max_size=3).flatmap(
        lambda few: st.lists(st.tuples(st.sampled_from(few), moments), max_size=12)
    )
)
def test_the_memory_never_says_anything_else(asked: list[tuple[DailyBars, datetime]]) -> None:
    """An old window would be a forecast from old closes, with today's date on it."""
    memory = CheckedWindows()

    assert [remembered(memory, *one) for one in asked] == [fresh(*one) for one in asked]


def test_the_same_rows_in_the_same_part_of_the_day_are_checked_once() -> None:
    """A thousand people who ask about ITUB4 before lunch cost one check."""
    memory = CheckedWindows()
    first = memory.of(BARS, B3, NOON)
    again = replace(BARS, fetched_at=NOON + timedelta(minutes=5))

    assert memory.of(again, B3, NOON + timedelta(minutes=6)) is first


def test_the_very_same_rows_under_another_clock_are_looked_at_anew() -> None:
    """The running price of a session that has ended is none; the rows are the same object."""
    memory = CheckedWindows()
    bars = replace(BARS, running=RunningPrice(30.0, NOON))
    found = [memory.of(bars, B3, moment) for moment in (NOON, at("2026-07-28T17:45"))]

    assert [window.running for window in found] == [bars.running, None]


def test_a_refusal_is_not_remembered() -> None:
    """Rows that come later mend it."""
    memory = CheckedWindows()
    with pytest.raises(WindowTooShort):
        memory.of(replace(BARS, bars=BARS.bars[-20:]), B3, NOON)

    assert memory.of(BARS, B3, NOON) == fresh(BARS, NOON)


def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Years of days would fill the memory of the machine."""
    monkeypatch.setattr(checked_windows, "MOST_KEPT", 1)
    memory = CheckedWindows()
    first = memory.of(BARS, B3, NOON)
    memory.of(BARS, B3, NOON + timedelta(days=1))

    assert memory.of(BARS, B3, NOON) is not first
