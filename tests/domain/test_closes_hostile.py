"""Whatever a source may give: a valid window, or an error of ours."""

import math
import random
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.bars import Bar, Split
from bot.domain.closes import Window, checked_window
from bot.errors import ClosesUnusable
from tests.share_bars import B3, at, daily, walk

NOW = at("2026-07-28T20:00")
GOOD = walk(date(2026, 7, 28), 100)

odd_numbers = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, -1.0, math.nan, 1e-300, 1e300]),
    st.floats(0.01, 1000.0),
)
odd_days = st.dates(date(1999, 12, 1), date(2036, 2, 1)) | st.sampled_from(
    [bar.session for bar in GOOD] + [date(2026, 7, 25) + timedelta(days=day) for day in range(5)]
)
odd_bars = st.builds(Bar, odd_days, *[odd_numbers] * 5)
odd_splits = st.builds(Split, odd_days, odd_numbers)


def valid(window: Window) -> bool:
    """What the endpoint may rely on."""
    days = [bar.session for bar in window.bars]
    return (
        len(days) == 60
        and days == sorted(set(days))
        and all(B3.is_session(day) and B3.final(day) <= NOW for day in days)
        and all(math.isfinite(bar.close) and bar.close > 0 for bar in window.bars)
        and (
            all(0 < bar.low <= bar.close <= bar.high < math.inf for bar in window.bars)
            or all(math.isnan(bar.low) and math.isnan(bar.high) for bar in window.bars)
        )
    )


@settings(max_examples=200, deadline=None)
@given(
    odd=st.lists(odd_bars, max_size=40),
    splits=st.lists(odd_splits, max_size=3),
    gone=st.sets(st.integers(0, 99), max_size=50),
    dice=st.randoms(use_true_random=False),
)
def test_any_rows_give_a_valid_window_or_an_error_of_ours(
    odd: list[Bar], splits: list[Split], gone: set[int], dice: random.Random
) -> None:
    """Sources are not trusted, and people never see a traceback."""
    rows = [bar for index, bar in enumerate(GOOD) if index not in gone] + odd
    dice.shuffle(rows)
    bars = daily(rows, NOW)
    try:
        window = checked_window(replace(bars, splits=tuple(splits)), B3, NOW)
    except ClosesUnusable:
        return

    assert valid(window)
