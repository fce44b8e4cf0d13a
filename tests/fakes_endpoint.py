"""A model endpoint without a model, and windows to ask it about."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.domain.closes import WINDOW, Bar, Origin, Window
from bot.domain.forecast import STEPS, Model, Step, Steps
from bot.domain.tickers import Ticker
from bot.errors import ForecastError

FAKE_MODEL = Model("fake", "1", "0" * 64)


@dataclass(slots=True)
class FakeEndpoint:
    """Fulfils `bot.ports.forecasting.Endpoint` around the last close, or fails as it is told.

    Attributes:
        failure: raised by every question while it is set.
        asked: the windows of every question so far, oldest first.
    """

    failure: ForecastError | None = None
    asked: list[list[Window]] = field(default_factory=list)

    async def steps(self, windows: Sequence[Window]) -> list[Steps]:
        """Give the same six steps for the same last close.

        Raises:
            ForecastError: `failure`.
        """
        self.asked.append(list(windows))
        if self.failure:
            raise self.failure
        return [steps_around(window.newest.close) for window in windows]


def steps_around(close: float) -> Steps:
    """Six steps whose median rises by 0.1 % of `close` each, with bands of 4 % and 6 %."""
    return Steps(tuple(_step(close, step) for step in range(1, STEPS + 1)), FAKE_MODEL)


def _step(close: float, step: int) -> Step:
    median = close * (1 + step / 1000)
    return Step(median, median * 0.96, median * 1.04, median * 0.94, median * 1.06)


def window_ending_at(close: float, *, ranges: bool = True) -> Window:
    """Sixty bars that rise evenly to `close`; without `ranges` highs and lows are NaN."""
    bars = tuple(_bar(close, age, ranges) for age in reversed(range(WINDOW)))
    return Window(Ticker("ITUB4.SA"), bars, Origin.FILE)


def _bar(newest: float, age: int, ranges: bool) -> Bar:  # noqa: FBT001, private and short
    close = newest * (1 - age / 1000)
    high, low = (close * 1.01, close * 0.99) if ranges else (math.nan, math.nan)
    session = date(2026, 11, 19) - timedelta(days=age)
    return Bar(session, close, high, low, close, volume=1e6)
