"""From a typed share to all there is to say about it.

    text ─parse─▶ ticker ─closes─▶ checked window ─endpoint─▶ six steps ─dates─▶ Outlook

One invocation answers everything, D+0 and the five sessions after it.  Once today's close is
final, the window ends on it, and the same invocation forecasts today again from the closes before
it: the model is deterministic, so that is the forecast which stood in the morning.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from math import prod

from bot.domain.closes import DailyBars, Window
from bot.domain.forecast import (
    DAYS_AHEAD,
    STEPS,
    Forecast,
    Outlook,
    Steps,
    dated,
    narrowed,
    scaled,
)
from bot.domain.sessions import Phase, Sessions
from bot.domain.tickers import Ticker, parse_ticker
from bot.errors import ForecastError, TickerNotServed
from bot.flow.forecasts.checked_windows import CheckedWindows
from bot.ports.forecasting import Clock, ClosesSource, Endpoint

log = logging.getLogger(__name__)

FETCHED_AT_ONCE = 8
"""Shares of a batch whose closes are fetched at the same time; more would annoy the source."""


@dataclass(frozen=True, slots=True)
class Forecaster:
    """Answers "what will this share close at?" with nothing but its ports.

    Attributes:
        served: the allow-list; empty means any share.
    """

    closes: ClosesSource
    endpoint: Endpoint
    sessions: Sessions
    clock: Clock
    served: tuple[Ticker, ...] = ()
    _checked: CheckedWindows = field(
        default_factory=CheckedWindows, init=False, repr=False, compare=False
    )

    async def outlook(self, text: str) -> Outlook:
        """Say all there is to say about the share that somebody typed.

        Raises:
            ForecastError: any leaf; nothing else escapes.
        """
        ticker, now = self.ticker(text), self.clock()
        windows = await self._fetched(ticker, now)
        return self._told(now, windows, await self.endpoint.steps(windows))

    async def outlooks(self, tickers: Sequence[Ticker]) -> dict[Ticker, Outlook | ForecastError]:
        """The same for many shares by one invocation; one that fails takes no other along."""
        now, turns = self.clock(), asyncio.Semaphore(FETCHED_AT_ONCE)
        tried = [self._tried(ticker, now, turns) for ticker in tickers]
        found = dict(zip(tickers, await asyncio.gather(*tried), strict=True))
        windows = {share: one for share, one in found.items() if isinstance(one, list)}
        return {**_failures(found), **await self._all_told(now, windows)}

    def ticker(self, text: str) -> Ticker:
        """Read the share that somebody typed.

        Raises:
            UnknownTicker: it does not have the form of a B3 share.
            TickerNotServed: it is outside the allow-list.
        """
        return self._served(parse_ticker(text))

    def _served(self, ticker: Ticker) -> Ticker:
        if self.served and ticker not in self.served:
            raise TickerNotServed(ticker, self.served)
        return ticker

    async def _tried(
        self, ticker: Ticker, now: datetime, turns: asyncio.Semaphore
    ) -> list[Window] | ForecastError:
        async with turns:
            try:
                return await self._fetched(self._served(ticker), now)
            except ForecastError as error:
                return error

    async def _fetched(self, ticker: Ticker, now: datetime) -> list[Window]:
        return self._windows(await self.closes.daily(ticker, now), now)

    async def _all_told(
        self, now: datetime, windows: Mapping[Ticker, list[Window]]
    ) -> dict[Ticker, Outlook | ForecastError]:
        try:
            every = list(chain.from_iterable(windows.values()))
            steps = iter(await self.endpoint.steps(every) if every else ())
        except ForecastError as error:
            return dict.fromkeys(windows, error)
        return {
            ticker: self._told(now, of_share, list(islice(steps, len(of_share))))
            for ticker, of_share in windows.items()
        }

    def _windows(self, bars: DailyBars, now: datetime) -> list[Window]:
        """The newest window; with today's close in it, also the one that stood before the open."""
        newest = self._checked.of(bars, self.sessions, now)
        for row in newest.dropped:
            log.info("row dropped", extra={"ticker": bars.ticker, "row": str(row)})
        today = self.sessions.today(now)
        if newest.newest.session != today:
            return [newest]
        return [newest, self._checked.of(bars, self.sessions, self.sessions.opening(today))]

    def _told(self, now: datetime, windows: Sequence[Window], steps: Sequence[Steps]) -> Outlook:
        window, session = windows[0], self.sessions.today(now)
        known = window.newest if window.newest.session == session else None
        by_day = {
            forecast.session: forecast
            for made_from, answer in zip(reversed(windows), reversed(steps), strict=True)
            for forecast in self._dated(made_from, answer)
        }
        morning = _rebased(by_day[session], window) if known else by_day[session]
        return Outlook(
            ticker=window.ticker,
            phase=self.sessions.phase(now),
            window=window,
            today=morning if known else self._narrowed(morning, window, now),
            morning=morning,
            closed=known.close if known else None,
            coming=_found(by_day, self.sessions.after(session, DAYS_AHEAD)),
            model=steps[0].model,
        )

    def _dated(self, window: Window, steps: Steps) -> tuple[Forecast, ...]:
        return dated(steps, self.sessions.after(window.newest.session, STEPS))

    def _narrowed(self, today: Forecast, window: Window, now: datetime) -> Forecast:
        if window.running is None or self.sessions.phase(now) not in {Phase.OPEN, Phase.CLOSING}:
            return today
        hours = (self.sessions.opening(today.session), self.sessions.close(today.session))
        return narrowed(today, window.newest.close, window.running, hours)


def _failures(
    found: Mapping[Ticker, list[Window] | ForecastError],
) -> dict[Ticker, Outlook | ForecastError]:
    return {share: one for share, one in found.items() if isinstance(one, ForecastError)}


def _found(by_day: dict[date, Forecast], days: Sequence[date]) -> tuple[Forecast, ...]:
    return tuple(by_day[day] for day in days if day in by_day)


def _rebased(morning: Forecast, window: Window) -> Forecast:
    """The morning's forecast on the price basis that a corporate action of today has made."""
    factors = (found.factor for found in window.adjustments if found.session == morning.session)
    return scaled(morning, prod(factors))
