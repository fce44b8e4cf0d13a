"""From a share's closes to pairs of sixty closes and the six that followed.

    closes  c0 c1 … c59 | c60 … c65        row 0 of `Windows`
               c1 … c60 | c61 … c66        row 1

Cut the share by date (`Share.between`) *before* calling `make_windows`: windows made first and cut
later would carry targets from the other side of the border.  Windows in which a close moves by
more than `CORPORATE_ACTION` from one session to the next are left out: hardly any such jump is a
price that somebody could have forecast, most are splits and bonuses that the source missed.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from model.closes import Days, Prices, Share

WINDOW = 60
"""Closes that the network sees, in sessions."""

STEPS = 6
"""Sessions that it forecasts: D+0 … D+5."""

CORPORATE_ACTION = 0.35
"""A relative change of the close, in one session, that is taken for a corporate action."""


@dataclass(frozen=True, slots=True)
class Windows:
    """What was known, and what followed; one row per forecast, oldest first.

    Attributes:
        closes, highs, lows: shape (n, WINDOW), oldest first; highs and lows may be NaN.
        targets: the closes that followed, shape (n, STEPS), nearest first.
        origins: where in the share's closes the newest close of each window stands, shape (n,).
        first_days, last_days: sessions of the first and of the last target, shape (n,).
    """

    closes: Prices
    highs: Prices
    lows: Prices
    targets: Prices
    origins: NDArray[np.intp]
    first_days: Days
    last_days: Days

    def __len__(self) -> int:
        return len(self.origins)

    def where(self, chosen: NDArray[np.bool_]) -> "Windows":
        """The rows that are `chosen`, shape (n,)."""
        return Windows(
            self.closes[chosen],
            self.highs[chosen],
            self.lows[chosen],
            self.targets[chosen],
            self.origins[chosen],
            self.first_days[chosen],
            self.last_days[chosen],
        )

    def between(self, first: date, last: date) -> "Windows":
        """The rows all of whose targets lie from `first` to `last`, both included."""
        inside = (self.first_days >= np.datetime64(first)) & (self.last_days <= np.datetime64(last))
        return self.where(inside)


def make_windows(share: Share) -> Windows:
    """Every window of the share that has six closes after it and no corporate action in it."""
    count = len(share.closes) - WINDOW - STEPS + 1
    if count <= 0:
        return _no_windows()
    past, following = slice(0, count), slice(WINDOW, None)
    closes, highs, lows = (
        sliding_window_view(prices, WINDOW)[past]
        for prices in (share.closes, share.highs, share.lows)
    )
    windows = Windows(
        closes,
        highs,
        lows,
        sliding_window_view(share.closes[following], STEPS),
        np.arange(count) + WINDOW - 1,
        share.days[WINDOW : WINDOW + count],
        share.days[WINDOW + STEPS - 1 :],
    )
    jumps = is_corporate_action(share.closes)
    spoilt = sliding_window_view(jumps, WINDOW + STEPS - 1).max(axis=1)
    return windows.where(np.logical_not(spoilt))


def is_corporate_action(closes: Prices) -> NDArray[np.bool_]:
    """Whether each close after the first jumped from the one before; shape (n,) gives (n - 1,)."""
    jumped: NDArray[np.bool_] = np.abs(closes[1:] / closes[:-1] - 1) > CORPORATE_ACTION
    return jumped


def _no_windows() -> Windows:
    past, days = np.empty((0, WINDOW)), np.empty(0, "datetime64[D]")
    return Windows(past, past, past, np.empty((0, STEPS)), np.empty(0, np.intp), days, days)
