import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.bars import Bar, RunningPrice, Split
from bot.domain.closes import Adjustment, Window, checked_window
from bot.domain.corporate_actions import on_newest_basis
from tests.share_bars import B3, at, closes_only, daily, unadjusted, walk

NIGHT = at("2026-07-28T20:00")
BARS = walk(date(2026, 7, 28))
DAY = BARS[-20].session
RATIOS = [1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 100.0, 0.5, 0.1, 0.01]


def window(bars: tuple[Bar, ...], *splits: Split) -> Window:
    """The checked window of `bars` with what the source knows of splits."""
    return checked_window(replace(daily(bars, NIGHT), splits=splits), B3, NIGHT)


def in_session(bars: tuple[Bar, ...], price: float, splits: tuple[Split, ...]) -> Window:
    """The window on the last day at 15:00, while the share trades at `price`."""
    now = at("2026-07-28T15:00")
    running = RunningPrice(price, now)
    return checked_window(replace(daily(bars, now), splits=splits, running=running), B3, now)


def jumps(found: Sequence[Adjustment]) -> list[tuple[date, float]]:
    """Adjustments as session and factor, rounded for comparison."""
    return [(adjusted.session, round(adjusted.factor, 9)) for adjusted in found]


def returns(bars: tuple[Bar, ...]) -> list[float]:
    """Log-returns from close to close."""
    return [math.log(new.close / old.close) for old, new in pairwise(bars)]


@pytest.mark.parametrize("ratio", RATIOS)
def test_a_split_that_nobody_announced_is_taken_out(ratio: float) -> None:
    """A 3:2 split in the window looks like −33 % to the network."""
    found = window(unadjusted(BARS, DAY, ratio))

    assert jumps(found.adjustments) == [(DAY, round(1 / ratio, 9))]
    assert [bar.close for bar in found.bars] == pytest.approx([bar.close for bar in BARS[-60:]])
    assert [bar.high for bar in found.bars] == pytest.approx([bar.high for bar in BARS[-60:]])


@pytest.mark.parametrize("ratio", [2.0, 3.0, 4.0, 5.0, 10.0, 100.0, 0.5, 0.1, 0.01])
def test_a_split_is_seen_in_closes_alone(ratio: float) -> None:
    """CSV files may have two columns only."""
    found = window(closes_only(unadjusted(BARS, DAY, ratio)))

    assert jumps(found.adjustments) == [(DAY, round(1 / ratio, 9))]


@pytest.mark.parametrize("ratio", [1.1, 1.03, 1.2, 2.0, 0.1])
def test_a_split_that_the_source_knows_is_taken_out_where_the_bars_show_it(ratio: float) -> None:
    """A 10 % bonus is too small to be recognised, but Yahoo tells of it."""
    calm = tuple(bar.rebased(1 + index * 1e-4) for index, bar in enumerate([BARS[0]] * 130))
    calm = tuple(replace(bar, session=day.session) for bar, day in zip(calm, BARS, strict=True))
    found = window(unadjusted(calm, DAY, ratio), Split(DAY, ratio))

    assert jumps(found.adjustments) == [(DAY, round(1 / ratio, 9))]


@pytest.mark.parametrize("ratio", [1.1, 2.0, 0.1, 0.0, math.nan, math.inf])
def test_a_split_that_is_adjusted_already_is_not_taken_out_again(ratio: float) -> None:
    """Yahoo's bars usually are; its event says so all the same."""
    assert window(BARS, Split(DAY, ratio)) == window(BARS)


def test_a_split_on_a_lost_day_shows_on_the_next() -> None:
    """The event is dated, but its row may be missing."""
    bars = tuple(bar for bar in unadjusted(BARS, DAY, 1.1) if bar.session != DAY)
    found = window(bars, Split(DAY, 1.1))

    assert [adjusted.session for adjusted in found.adjustments] == [BARS[-19].session]


def test_a_spin_off_is_taken_out_by_its_gap() -> None:
    """XP left ITUB4 overnight with −17 % of its price; no ratio is simple then."""
    found = window(unadjusted(BARS, DAY, 1 / 0.79))

    assert [adjusted.session for adjusted in found.adjustments] == [DAY]
    assert max(map(abs, returns(found.bars))) < 0.03


@pytest.mark.parametrize("splits", [(), (Split(date(2026, 7, 28), 2.0),)])
def test_on_the_day_of_a_split_the_window_follows_the_running_price(
    splits: tuple[Split, ...],
) -> None:
    """Else today's forecast would be narrowed between 30 reais and 60."""
    old = unadjusted(BARS[:-1], date(2026, 7, 28), 2.0)
    found = in_session(old, BARS[-1].open, splits)

    assert jumps(found.adjustments) == [(date(2026, 7, 28), 0.5)]
    assert [bar.close for bar in found.bars] == pytest.approx([bar.close for bar in BARS[-61:-1]])


@pytest.mark.parametrize("part", [0.58, 0.7, 0.9, 1.1])
def test_a_crash_in_the_open_session_leaves_the_window_as_it_was(part: float) -> None:
    """The running price tells of it; the closes before were what they were."""
    found = in_session(BARS[:-1], BARS[-2].close * part, (Split(date(2026, 7, 28), 3.0),))

    assert (found.bars, found.adjustments) == (BARS[-61:-1], ())


def test_a_crash_stays() -> None:
    """−30 % with a day that is wide as well is news, not arithmetic."""
    crash = BARS[-20].rebased(0.7)
    after = tuple(bar.rebased(0.7) for bar in BARS[-19:])
    wide = replace(crash, high=crash.open * 1.08, low=crash.close * 0.93)

    assert window((*BARS[:-20], wide, *after)).adjustments == ()


def test_a_crash_in_closes_alone_stays() -> None:
    """−25 % is no ratio of the splits that closes alone may show."""
    after = tuple(bar.rebased(0.75) for bar in BARS[-20:])

    assert window(closes_only((*BARS[:-20], *after))).adjustments == ()


def test_a_jump_before_the_window_is_not_reported() -> None:
    """Nobody needs to know what happened a hundred sessions ago."""
    assert window(unadjusted(BARS, BARS[-61].session, 2.0)).adjustments == ()


def test_a_bar_in_other_units_is_put_right() -> None:
    """A hundredfold day is a split there and back: the two cancel for older bars."""
    bars = (*BARS[:-10], BARS[-10].rebased(100), *BARS[-9:])
    found = window(bars)

    assert [bar.close for bar in found.bars] == pytest.approx([bar.close for bar in BARS[-60:]])
    assert len(found.adjustments) == 2


def test_a_share_traded_once_a_day_is_judged_by_its_returns() -> None:
    """Days without any range would make every gap extraordinary."""
    jumpy = tuple(
        Bar(bar.session, price, price, price, price, 100.0)
        for index, bar in enumerate(BARS)
        for price in [20.0 * (1.16 if index % 2 else 1.0)]
    )

    assert window(jumpy).adjustments == ()


def test_a_series_that_begins_in_the_window_knows_what_is_typical_from_later_days() -> None:
    """A split on the second day of a share's life is one as well."""
    bars = unadjusted(BARS[-60:], BARS[-58].session, 2.0)

    assert jumps(on_newest_basis(bars, (), 60)[1]) == [(BARS[-58].session, 0.5)]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    ratio=st.sampled_from(RATIOS),
    back=st.integers(1, 59),
)
def test_no_injected_split_leaves_a_return_beyond_the_walk_s_own(
    seed: int, ratio: float, back: int
) -> None:
    """Wherever in the window, whatever the walk."""
    bars = walk(date(2026, 7, 28), seed=seed)
    found = window(unadjusted(bars, bars[-back].session, ratio))

    assert returns(found.bars) == pytest.approx(returns(bars[-60:]))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.floats(0.01, 1000.0))
def test_the_window_scales_with_its_prices(seed: int, scale: float) -> None:
    """Cents or thousands, reais or dollars: the rules know only ratios."""
    bars = unadjusted(walk(date(2026, 7, 28), seed=seed), DAY, 3.0)
    plain, scaled = window(bars), window(tuple(bar.rebased(scale) for bar in bars))

    assert [bar.close for bar in scaled.bars] == pytest.approx(
        [bar.close * scale for bar in plain.bars]
    )
    assert [found.session for found in scaled.adjustments] == [DAY]
