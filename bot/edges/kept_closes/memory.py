"""The memory in front of a source of closes, so that everybody's questions cost few fetches.

    many askers ──▶ fresh in memory? ──▶ one fetch per share ──▶ source ──▶ shelf, behind the answer
                                              └─ source away ──▶ the last good bars, marked kept

Bars stay fresh until the next close is final; while a session is open they are asked for again
every quarter of an hour, for the running price.  Failures and unknown names are remembered for a
while.  All by the `now` that is given: a clock set back makes entries of its future stale.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.bars import DailyBars, Origin
from bot.domain.sessions import Phase, Sessions
from bot.domain.tickers import Ticker
from bot.edges.kept_closes.shelf import Shelf
from bot.errors import ClosesUnavailable, TooManyLookups, UnknownTicker
from bot.ports.forecasting import ClosesSource
from bot.single_flight import SingleFlight

log = logging.getLogger(__name__)

RUNNING_REFRESH = timedelta(minutes=15)
"""Yahoo shows B3 with this delay; asking more often would burn its quota for little."""

LATE_CLOSE_RETRY = timedelta(minutes=5)
"""How soon a source is asked again that had not yet the newest close."""

AWAY_RETRY = timedelta(seconds=60)
"""How soon a source is asked again for a share after it did not answer."""

INVENTED_FRESH = timedelta(minutes=1)
"""Invented bars are kept no longer, so that a real source is noticed when it comes back."""

UNKNOWN_FOR = timedelta(hours=1)
"""How long a name that the source does not know is remembered as such."""

UNKNOWN_PER_HOUR = 20
"""New unknown names that are looked up in one hour, whoever asks: they cost Yahoo's quota."""

LOOKUPS_AT_ONCE = 4
"""Names never seen before that are looked up together; as many as Yahoo is asked with threads."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the source gave, and the time from which and until which it stands.

    Attributes:
        given: bars; the reason why there are none; None for an unknown name.
    """

    given: DailyBars | str | None
    since: datetime
    until: datetime

    def stands(self, now: datetime) -> bool:
        return self.since <= now < self.until


class KeptCloses:
    """Any source of closes, with a memory."""

    def __init__(
        self,
        source: ClosesSource,
        directory: Path,
        sessions: Sessions,
        keeps: Origin = Origin.YAHOO,
    ) -> None:
        """Stand in front of `source`; nothing is read yet.

        Args:
            source: asked when nothing fresh is in memory.
            directory: where the last good bars survive a restart; made when first needed.
            sessions: tells how long bars stay fresh.
            keeps: the only origin whose bars are written there and read.
        """
        self._source = source
        self._shelf = Shelf(directory, keeps)
        self._sessions = sessions
        self._entries: dict[Ticker, _Entry] = {}
        self._good: dict[Ticker, DailyBars] = {}
        self._fetches: SingleFlight[DailyBars] = SingleFlight()
        self._unknown: dict[Ticker, datetime] = {}
        self._looking = 0
        self._gate = asyncio.Semaphore(LOOKUPS_AT_ONCE)
        self._writing: set[asyncio.Task[None]] = set()
        self._shelf_turn = asyncio.Lock()

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """The bars of `ticker` as fresh as they need to be at `now`, or the last good ones.

        Raises:
            UnknownTicker: the source said so within the last hour.
            TooManyLookups: too many unknown names were asked for in the last hour.
            ClosesUnavailable: the source is away, and nothing is kept.
        """
        entry = self._entries.get(ticker)
        if entry is not None and entry.stands(now):
            return await self._remembered(ticker, entry, now)
        return await self._fetches.ask(ticker, lambda: self._fetch(ticker, now))

    async def _remembered(self, ticker: Ticker, entry: _Entry, now: datetime) -> DailyBars:
        if entry.given is None:
            raise UnknownTicker(ticker)
        if isinstance(entry.given, str):
            return await self._kept_or(ticker, entry.given, now)
        return entry.given

    async def _fetch(self, ticker: Ticker, now: datetime) -> DailyBars:
        try:
            bars = await self._looked_up(ticker, now)
        except UnknownTicker:
            self._unknown[ticker] = now
            self._entries[ticker] = _Entry(None, now, now + UNKNOWN_FOR)
            raise
        except ClosesUnavailable as error:
            log.warning("closes unavailable", extra={"ticker": ticker, "reason": error.reason})
            self._entries[ticker] = _Entry(error.reason, now, now + AWAY_RETRY)
            return await self._kept_or(ticker, error.reason, now)
        if bars.origin is Origin.SIMULATED:
            bars = await self._kept(ticker, now) or bars
        else:
            self._good[ticker] = bars
            self._put_on_shelf(bars)
        self._entries[ticker] = _Entry(bars, now, self._fresh_until(bars, now))
        return bars

    async def written(self) -> None:
        """Wait until all that was fetched so far survives a restart, or is known not to."""
        while self._writing:
            await asyncio.wait(self._writing)

    def _put_on_shelf(self, bars: DailyBars) -> None:
        """Write `bars` while they are being answered from; nobody waits for a disk."""
        writing = asyncio.create_task(self._written_in_turn(bars))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)

    async def _written_in_turn(self, bars: DailyBars) -> None:
        async with self._shelf_turn:  # an earlier answer is never written over a later one
            await asyncio.to_thread(self._shelf.write, bars)

    async def _looked_up(self, ticker: Ticker, now: datetime) -> DailyBars:
        """Ask the source; names never seen before wait at a gate that counts the unknown ones."""
        if await self._last_good(ticker) is not None:
            return await self._source.daily(ticker, now)
        async with self._gate:
            self._forget_unknown(now)
            if len(self._unknown) + self._looking >= UNKNOWN_PER_HOUR:
                raise TooManyLookups(ticker)
            self._looking += 1
            try:
                return await self._source.daily(ticker, now)
            finally:
                self._looking -= 1

    def _forget_unknown(self, now: datetime) -> None:
        for ticker, at in list(self._unknown.items()):
            if not at <= now < at + UNKNOWN_FOR:
                del self._unknown[ticker]
                self._entries.pop(ticker, None)

    async def _kept_or(self, ticker: Ticker, reason: str, now: datetime) -> DailyBars:
        kept = await self._kept(ticker, now)
        if kept is None:
            raise ClosesUnavailable(ticker, reason)
        return kept

    async def _kept(self, ticker: Ticker, now: datetime) -> DailyBars | None:
        """The last good bars, marked; never with a running price, which is an old one by now."""
        good = await self._last_good(ticker)
        if good is None:
            return None
        return replace(good, kept=True, running=None, fetched_at=min(good.fetched_at, now))

    async def _last_good(self, ticker: Ticker) -> DailyBars | None:
        if ticker not in self._good:
            found = await asyncio.to_thread(self._shelf.read, ticker)
            if found is None:
                return None
            self._good.setdefault(ticker, found)
        return self._good[ticker]

    def _fresh_until(self, bars: DailyBars, now: datetime) -> datetime:
        newest = max((bar.session for bar in bars.bars if bar.has_close), default=None)
        if bars.origin is Origin.SIMULATED or bars.kept:
            return now + INVENTED_FRESH
        if newest is None or newest < self._sessions.newest_final(now):
            return now + LATE_CLOSE_RETRY
        if bars.origin is Origin.FILE:
            return self._sessions.next_final(now)
        if self._sessions.phase(now) in {Phase.OPEN, Phase.CLOSING}:
            return min(now + RUNNING_REFRESH, self._sessions.next_final(now))
        return min(self._sessions.next_final(now), self._next_opening(now))

    def _next_opening(self, now: datetime) -> datetime:
        session = self._sessions.today(now)
        if self._sessions.opening(session) > now:
            return self._sessions.opening(session)
        return self._sessions.opening(self._sessions.after(session, 1)[0])
