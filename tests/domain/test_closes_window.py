import math
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain import forecast
from bot.domain.bars import Bar, RunningPrice
from bot.domain.closes import REACH, WINDOW, Dropped, Window, checked_window
from bot.errors import ClosesStale, WindowTooShort
from tests.share_bars import B3, ITUB4, at, closes_only, daily, walk

TUESDAY = date(2026, 7, 28)
NIGHT = at("2026-07-28T20:00")
BARS = walk(TUESDAY)
NAN = float("nan")


def window(*bars: Bar, now: str = "2026-07-28T20:00") -> Window:
    """The checked window of `bars`."""
    return checked_window(daily(bars, at(now)), B3, at(now))


def test_good_bars_leave_as_their_last_sixty() -> None:
    """Nothing is touched that is right."""
    assert window(*BARS) == Window(ITUB4, BARS[-WINDOW:], daily(BARS, NIGHT).origin)


def test_the_reach_of_a_window_is_the_steps_of_the_model() -> None:
    """The staleness rule and the endpoint's answer are the same six."""
    assert REACH == forecast.STEPS


@pytest.mark.parametrize("close", [NAN, 0.0, -3.0, math.inf, 1e12])
def test_a_row_without_a_price_is_dropped_and_reported(close: float) -> None:
    """Yahoo gives null and zero closes with volume."""
    broken = replace(BARS[-10], close=close)
    found = window(*BARS[:-10], broken, *BARS[-9:])

    assert found.bars == (*BARS[-61:-10], *BARS[-9:])
    assert found.dropped == (Dropped(broken.session, "no close"),)


@pytest.mark.parametrize("day", [date(2026, 7, 26), date(2026, 6, 4)])
def test_a_row_on_a_day_without_session_is_dropped(day: date) -> None:
    """Yahoo invents rows on holidays, with the previous close."""
    found = window(*BARS, Bar(day, 30.0, 30.0, 30.0, 30.0, 0.0))

    assert (found.bars, found.dropped) == (BARS[-WINDOW:], (Dropped(day, "no session of B3"),))


def test_rows_in_disorder_are_sorted() -> None:
    """The window is a sequence; order is its meaning."""
    assert window(*reversed(BARS)).bars == BARS[-WINDOW:]


def test_a_row_given_twice_counts_once() -> None:
    """Nothing is wrong with it, so nothing is reported."""
    assert window(*BARS, BARS[-1]) == window(*BARS)


def test_of_two_rows_of_a_day_the_later_valid_one_wins() -> None:
    """Sources append corrections; a null is no correction."""
    old, null = replace(BARS[-1], close=BARS[-1].close * 1.001), replace(BARS[-1], close=NAN)
    found = window(*BARS[:-1], old, BARS[-1], null)

    assert found.bars == BARS[-WINDOW:]
    assert found.dropped == (
        Dropped(TUESDAY, "given again with other prices"),
        Dropped(TUESDAY, "no close"),
    )


def test_a_day_without_trades_is_a_close() -> None:
    """Volume 0 and the previous close, on a true session: the share simply did not move."""
    flat = BARS[-2].close
    stale = Bar(TUESDAY, flat, flat, flat, flat, 0.0)

    assert window(*BARS[:-1], stale).newest == stale


def test_a_close_a_little_outside_its_span_widens_it() -> None:
    """Real rows have it (RENT3 2016-04-19); the endpoint refuses closes outside their span."""
    outside = replace(BARS[-1], low=BARS[-1].close * 1.01, high=BARS[-1].close * 1.02)

    assert window(*BARS[:-1], outside).newest == replace(outside, low=outside.close)


def test_a_close_far_outside_its_span_is_no_close() -> None:
    """A misplaced comma in one of four prices."""
    wild = replace(BARS[-5], close=BARS[-5].close * 10)

    assert window(*BARS[:-5], wild, *BARS[-4:]).dropped == (
        Dropped(wild.session, "close far outside high and low"),
    )


def test_a_few_missing_spans_are_made_up_from_what_the_day_shows() -> None:
    """One bad low (yfinance #1566) must not cost the window all its highs and lows."""
    bad, worse = replace(BARS[-2], low=0.0), replace(BARS[-1], high=NAN, open=NAN)
    *_, first, second = window(*BARS[:-2], bad, worse).bars

    assert [first.high, first.low] == [max(bad.open, bad.close), min(bad.open, bad.close)]
    assert [second.high, second.low] == [max(bad.close, worse.close), min(bad.close, worse.close)]


def test_a_source_of_closes_alone_gives_no_spans() -> None:
    """The endpoint takes both or none; invented spans for all days would be a lie."""
    found = window(*closes_only(BARS))

    assert [bar.close for bar in found.bars] == [bar.close for bar in BARS[-WINDOW:]]
    assert all(math.isnan(bar.high) and math.isnan(bar.low) for bar in found.bars)


@pytest.mark.parametrize("late", [1, 2, 5])
def test_sessions_missing_among_the_last_five_are_named(late: int) -> None:
    """The source is behind: the answer says so and the forecast reaches less far."""
    assert window(*BARS[:-late]).missing == tuple(bar.session for bar in BARS[-late:])


def test_a_gap_among_the_last_five_is_named() -> None:
    """Yahoo loses single sessions (yfinance #2607)."""
    assert window(*BARS[:-3], *BARS[-2:]).missing == (BARS[-3].session,)


def test_a_gap_before_the_last_five_is_not_worth_a_word() -> None:
    """It changes a forecast by next to nothing."""
    assert window(*BARS[:-6], *BARS[-5:]).missing == ()


def test_before_the_close_is_final_today_is_not_missing() -> None:
    """Nobody can have it yet."""
    assert window(*BARS, now="2026-07-28T15:00").missing == ()


def test_six_sessions_behind_is_the_last_that_can_be_forecast_from() -> None:
    """Step six is D+0 then."""
    now = at("2026-07-28T15:00")  # D+0 is the 28th itself
    bars = [bar for bar in BARS if bar.session <= date(2026, 7, 20)]

    assert len(B3.between(date(2026, 7, 21), date(2026, 7, 28))) == REACH
    assert checked_window(daily(bars, now), B3, now).newest.session == date(2026, 7, 20)


def test_older_closes_are_too_old() -> None:
    """No step of the model reaches the coming session."""
    with pytest.raises(ClosesStale) as stale:
        window(*(bar for bar in BARS if bar.session <= date(2026, 7, 17)), now="2026-07-28T15:00")

    assert (stale.value.ticker, stale.value.newest) == (ITUB4, date(2026, 7, 17))


def test_sixty_closes_are_needed() -> None:
    """A share listed lately, or a source that lost most of its rows."""
    with pytest.raises(WindowTooShort) as short:
        window(*BARS[-59:])

    assert (short.value.ticker, short.value.found, short.value.needed) == (ITUB4, 59, 60)


def test_no_bars_at_all_are_too_few() -> None:
    """An empty file is not a crash."""
    with pytest.raises(WindowTooShort):
        window()


def test_the_window_says_when_its_bars_are_kept_ones() -> None:
    """People are told that the source is away."""
    fetched = NIGHT - timedelta(hours=2)
    kept = replace(daily(BARS, fetched), kept=True)

    assert checked_window(kept, B3, NIGHT).kept_at == fetched
    assert checked_window(daily(BARS, fetched), B3, NIGHT).kept_at is None


def test_in_session_the_window_ends_yesterday_and_has_the_running_price() -> None:
    """The running price never enters the window as if it were a close."""
    running = RunningPrice(BARS[-1].close, at("2026-07-28T14:45"))
    now = at("2026-07-28T15:00")
    found = checked_window(replace(daily(BARS, now), running=running), B3, now)

    assert (found.newest, found.running) == (BARS[-2], running)
