"""Where prices and forecasts come from, and the clock."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.closes import DailyBars, Window
from bot.domain.forecast import Steps
from bot.domain.tickers import Ticker

Clock = Callable[[], datetime]
"""Gives the moment it is now, aware; the whole bot asks this one and no other."""


class ClosesSource(Protocol):
    """Where daily bars come from: Yahoo, files, or a simulation."""

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """Fetch at least the last half year of `ticker`, as known at `now`.

        Raises:
            UnknownTicker: the source is sure that there is no such share.
            TooManyLookups: too many unknown names were asked for lately.
            ClosesUnavailable: the source did not answer, or answered with rubbish.
        """


class Endpoint(Protocol):
    """The model, wherever it is served."""

    async def steps(self, windows: Sequence[Window]) -> list[Steps]:
        """Forecast the six sessions after each window, in one invocation, in their order.

        Raises:
            ModelUnavailable: no answer, a server error, or too many calls.
            ModelRefused: an answer that is not a forecast.
        """
