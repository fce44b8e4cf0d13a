"""Once a session's close is final: closes beside the forecasts of it, share by share.

    unsettled ──by share──▶ closes ──settled()──▶ Outcomes ──one write──▶ TrackRecord
                              └── the share's last outcomes ──resettled()──▶ revisions

Whatever fails leaves its forecasts unsettled, and the next round tries again.  A share that was
suspended has no close of that day: ten sessions later its forecast is tried once more after each
start and then left alone, for good without an outcome; it counts neither way.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain, groupby

from bot.domain.sessions import Sessions
from bot.domain.settling import Past, past, resettled, settled
from bot.domain.tickers import Ticker
from bot.domain.track_record import Outcome, Recorded
from bot.errors import ForecastError
from bot.ports.forecasting import Clock, ClosesSource
from bot.ports.records import TrackRecord

log = logging.getLogger(__name__)

SETTLED_AT_ONCE = 8
"""Shares whose closes are fetched at the same time; more would annoy the source."""

GIVEN_UP_AFTER = 10
"""Sessions without a close after which a forecast is no longer asked about."""

LOOKED_AT_AGAIN = 10
"""Last outcomes of a share that a corporate action told late may still change: two weeks."""

Wanted = Callable[[Recorded], bool]


def every(_forecast: Recorded) -> bool:
    """Any forecast is wanted."""
    return True


@dataclass(frozen=True, slots=True)
class Settler:
    """Settles what can be settled; belongs to one event loop.

    Attributes:
        again: last outcomes of each share that are looked at again.
        wanted: which forecasts are settled here.
    """

    closes: ClosesSource
    record: TrackRecord
    sessions: Sessions
    clock: Clock
    again: int = LOOKED_AT_AGAIN
    wanted: Wanted = every
    _given_up: set[tuple[Ticker, date]] = field(default_factory=set, init=False, compare=False)

    async def settle(self) -> int:
        """Settle all forecasts whose close is final; gives how many outcomes are new.

        Raises:
            StorageUnavailable: the database did not answer; what was not written waits.
        """
        now = self.clock()
        by_share = self._by_share(await self.record.unsettled(self.sessions.newest_final(now)))
        turns = asyncio.Semaphore(SETTLED_AT_ONCE)
        found = await asyncio.gather(
            *(self._of_share(ticker, waiting, now, turns) for ticker, waiting in by_share.items())
        )
        outcomes = list(chain.from_iterable(found))
        return await self.record.settle(outcomes) if outcomes else 0

    def _by_share(self, unsettled: Sequence[Recorded]) -> dict[Ticker, list[Recorded]]:
        waiting = [
            forecast
            for forecast in unsettled
            if self.wanted(forecast) and (forecast.ticker, forecast.session) not in self._given_up
        ]
        waiting.sort(key=lambda forecast: forecast.ticker)
        return {ticker: list(group) for ticker, group in groupby(waiting, lambda each: each.ticker)}

    async def _of_share(
        self, ticker: Ticker, waiting: Sequence[Recorded], now: datetime, turns: asyncio.Semaphore
    ) -> list[Outcome]:
        async with turns:
            try:
                known = past(await self.closes.daily(ticker, now), self.sessions, now)
            except ForecastError as error:
                log.warning("not settled", extra={"ticker": ticker, "error": repr(error)})
                return []
            if known is None:
                return []
            revised = await self._revised(ticker, known, now)
        return [*self._new(waiting, known, now), *revised]

    def _new(self, waiting: Sequence[Recorded], known: Past, now: datetime) -> list[Outcome]:
        tried = [(forecast, settled(forecast, known, now)) for forecast in waiting]
        for forecast, outcome in tried:
            if outcome is None and self._is_old(forecast, now):
                log.info("given up", extra={"ticker": forecast.ticker, "session": forecast.session})
                self._given_up.add((forecast.ticker, forecast.session))
        return [outcome for _, outcome in tried if outcome is not None]

    async def _revised(self, ticker: Ticker, known: Past, now: datetime) -> list[Outcome]:
        if not self.again:
            return []
        last = await self.record.outcomes(ticker, self.again)
        found = (resettled(outcome, known, now) for outcome in last)
        revised = [outcome for outcome in found if outcome is not None]
        for outcome in revised:
            told = {"ticker": ticker, "session": outcome.forecast.session, "factor": outcome.factor}
            log.info("settled again after a corporate action", extra=told)
        return revised

    def _is_old(self, forecast: Recorded, now: datetime) -> bool:
        after = forecast.session + timedelta(days=1)
        later = self.sessions.between(after, self.sessions.newest_final(now))
        return len(later) >= GIVEN_UP_AFTER
