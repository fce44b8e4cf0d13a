"""One question to the endpoint, so that it is awake when the day's messages need it."""

from dataclasses import dataclass

from bot.domain.closes import checked_window
from bot.domain.sessions import Sessions
from bot.domain.tickers import Ticker
from bot.ports.forecasting import Clock, ClosesSource, Endpoint


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Asks about one share; `endpoint` is the one without a memory, or nothing would reach it."""

    closes: ClosesSource
    endpoint: Endpoint
    sessions: Sessions
    clock: Clock
    ticker: Ticker

    async def once(self) -> None:
        """One invocation, its answer thrown away.

        Raises:
            ForecastError: no closes, or no answer; then it may still be asleep.
        """
        now = self.clock()
        window = checked_window(await self.closes.daily(self.ticker, now), self.sessions, now)
        await self.endpoint.steps([window])
