"""Ports that count what goes through them, for the bot's own measures; they change no answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.closes import Window
from bot.domain.forecast import Steps
from bot.domain.tickers import Ticker
from bot.domain.track_record import Outcome, Recorded, Tally
from bot.flow.health.measures import Counts
from bot.ports.forecasting import Endpoint
from bot.ports.records import TrackRecord


@dataclass(frozen=True, slots=True)
class CountedEndpoint:
    """Fulfils `bot.ports.forecasting.Endpoint` on top of another one.

    Attributes:
        counter: seconds that never go back.
    """

    endpoint: Endpoint
    counts: Counts
    counter: Callable[[], float]

    async def steps(self, windows: Sequence[Window]) -> list[Steps]:
        """As the endpoint underneath.

        Raises:
            ModelUnavailable: as it raised it.
            ModelRefused: as it raised it.
        """
        began = self.counter()
        steps = await self.endpoint.steps(windows)
        self.counts.served(len(steps), self.counter() - began)
        return steps


@dataclass(frozen=True, slots=True)
class CountedRecord:
    """Fulfils `bot.ports.records.TrackRecord` on top of another one; counts what is settled.

    Every method raises `StorageUnavailable` as the record underneath does.
    """

    kept: TrackRecord
    counts: Counts

    async def record(self, forecasts: Sequence[Recorded]) -> int:
        """As the record's."""
        return await self.kept.record(forecasts)

    async def recorded(self, ticker: Ticker, session: date) -> Recorded | None:
        """As the record's."""
        return await self.kept.recorded(ticker, session)

    async def unsettled(self, until: date) -> list[Recorded]:
        """As the record's."""
        return await self.kept.unsettled(until)

    async def settle(self, outcomes: Sequence[Outcome]) -> int:
        """As the record's; what is new is counted."""
        new = await self.kept.settle(outcomes)
        if new:
            self.counts.settled(outcomes)
        return new

    async def outcomes(self, ticker: Ticker, last: int) -> list[Outcome]:
        """As the record's."""
        return await self.kept.outcomes(ticker, last)

    async def tallies(self, ticker: Ticker | None, last: int) -> list[Tally]:
        """As the record's."""
        return await self.kept.tallies(ticker, last)
