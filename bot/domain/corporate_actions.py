"""Splits, bonuses and spin-offs that bars still show as a jump, told from crashes.

    bars ──on_newest_basis()──▶ the same on the newest basis, and which sessions jumped how far

The idea: a corporate action happens overnight.  The open lies far from the previous close, but the
day itself is like any other; a day on which a share really loses a quarter of its price has an
extraordinary range as well.  Both are measured against the share's own *typical range*.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from bot.domain.bars import Bar, Split, is_price

ORDINARY_RANGE = 2.2
"""A day wider than this many typical ranges is a day of news; XP's spin-off had 2.07."""
NEGLIGIBLE = 0.1
"""A range that is this part of the gap is no crash either, however nervous the day was; without
opens, a return this near to a simple ratio.  PETR4's 2020-03-09 lies 0.13 of 3:2 from it."""
ORDINARY_BODY = 1.25
"""The same from open to close; XP's spin-off had 1.01."""
EXTRAORDINARY_GAP = 6.5
"""Overnight gaps of fewer typical ranges happen by themselves; BBD's bonus had 6.94."""
SMALLEST_GAP = 0.15
"""As a log-return: −14 % or +16 %.  Below, ordinary ex-dividend days look the same."""
SPLIT_TOLERANCE = 0.06
"""How far, as a log-return, an open may lie from a simple ratio, quiet shares less."""
EXTRAORDINARY_RETURN = 30.0
"""Without opens: real returns near 3:2 reach 27 typical ones (AAPL 2000), ITUB4's split had 35."""

_LOOKBACK = 60
_ENOUGH = 10
_QUIETEST = 0.005

_WHOLE = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 1000)
_SIMPLE = tuple(
    sign * math.log(ratio)
    for ratio in (1.5, *(float(whole) for whole in _WHOLE))
    for sign in (1, -1)
)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A corporate action found inside the window; older prices were multiplied by `factor`."""

    session: date
    factor: float


def on_newest_basis(
    bars: Sequence[Bar], splits: Sequence[Split], count: int
) -> tuple[tuple[Bar, ...], tuple[Adjustment, ...]]:
    """Bring the last `count` bars to the price basis of the newest one.

    Measured on 111,640 nights of 27 real files (19 shares of B3, 7 of New York, one index) and on
    the unadjusted ITUB4.  Taken out: its 3:2 split, the spin-off of XP (ITUB4 twice, ITUB3), a
    bonus of 20 % (BBD 2015-03-27).  Taken out wrongly: none of B3, two of New York (NVDA
    2008-07-03, PBR 2021-02-22).  Put into the shares of B3 at 7,176 places, found were 96 % of the
    splits 3:2, 98 % of 2:1, 99 % from 3:1 on, 51 % of bonuses of 20 %, and none of 10 % (ITUB4
    2025-03-18) unless the source tells.  With closes alone: 57 % of 3:2, 90 % of 2:1, 99 % from
    3:1 on; spin-offs and bonuses never.

    Args:
        bars: oldest first, closes positive; those before the last `count` only tell what is
            typical of the share.
        splits: what the source knows; believed where the bars show the jump.
        count: bars wanted.

    Returns:
        The last `count` bars, and the adjustments that were needed, oldest first.
    """
    first = max(0, len(bars) - count)
    rebased, adjustments, factor = [], [], 1.0
    for index in range(len(bars) - 1, first - 1, -1):
        rebased.append(bars[index] if factor == 1.0 else bars[index].rebased(factor))
        jump = _jump(bars, index, splits) if index > first else None
        if jump is not None:
            adjustments.append(Adjustment(bars[index].session, math.exp(jump)))
            factor *= math.exp(jump)
    return tuple(reversed(rebased)), tuple(reversed(adjustments))


def _jump(bars: Sequence[Bar], index: int, splits: Sequence[Split]) -> float | None:
    """The corporate action before bar `index`, as the log of its price factor."""
    before, after = bars[index - 1], bars[index]
    known = [
        split.ratio
        for split in splits
        if before.session < split.session <= after.session and is_price(split.ratio)
    ]
    if known:
        return _known(before, after, -math.log(math.prod(known)))
    around = _around(bars, index)
    if all(is_price(price) for price in (after.open, after.high, after.low)):
        return _overnight(before, after, around)
    return _between_closes(before, after, around)


def _known(before: Bar, after: Bar, told: float) -> float | None:
    """What the source told, if the bars show it: they may be adjusted already."""
    gap = math.log((after.open if is_price(after.open) else after.close) / before.close)
    return told if abs(gap - told) < abs(gap) else None


def _overnight(before: Bar, after: Bar, around: Sequence[Bar]) -> float | None:
    """A far gap before an ordinary day."""
    gap = math.log(after.open / before.close)
    if abs(gap) < SMALLEST_GAP:  # like nearly all nights; to know what is typical takes long
        return None
    typical = _typical_range(around)
    highest = max(after.open, after.high, after.close)
    lowest = min(after.open, after.low, after.close)
    if math.log(highest / lowest) > max(ORDINARY_RANGE * typical, NEGLIGIBLE * abs(gap)):
        return None
    split = _nearest_split(gap)
    if abs(gap - split) <= min(SPLIT_TOLERANCE, 1.5 * typical):
        return split
    far = abs(gap) >= EXTRAORDINARY_GAP * typical
    calm = abs(math.log(after.close / after.open)) <= ORDINARY_BODY * typical
    return gap if far and calm else None


def _between_closes(before: Bar, after: Bar, around: Sequence[Bar]) -> float | None:
    """Without opens only a jump by a simple ratio, far beyond the share's own returns."""
    change = math.log(after.close / before.close)
    if abs(change) < SMALLEST_GAP:  # as above; no ratio is near
        return None
    split = _nearest_split(change)
    near = abs(change - split) <= NEGLIGIBLE * abs(split)
    far = abs(change) >= EXTRAORDINARY_RETURN * _typical_return(around)
    return split if near and far else None


def _nearest_split(change: float) -> float:
    return min(_SIMPLE, key=lambda ratio: abs(ratio - change))


def _around(bars: Sequence[Bar], index: int) -> Sequence[Bar]:
    """Bars that show what is typical: those before `index`, or after it where it is too early."""
    before = bars[max(0, index - _LOOKBACK) : index]
    return before if len(before) >= _ENOUGH else bars[index : index + _LOOKBACK]


def _typical_return(bars: Sequence[Bar]) -> float:
    """Median distance between consecutive closes, as a log-return."""
    moves = [abs(math.log(new.close / old.close)) for old, new in pairwise(bars)]
    return max(_QUIETEST, median(moves)) if moves else _QUIETEST


def _typical_range(bars: Sequence[Bar]) -> float:
    """Median of log(high / low); shares traded once a day have none and are judged by returns."""
    ranges = [
        math.log(bar.high / bar.low) for bar in bars if is_price(bar.low) and bar.high >= bar.low
    ]
    return max(1.5 * _typical_return(bars), median(ranges) if ranges else 0.0)
