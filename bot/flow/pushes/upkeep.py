"""What the leading process does around the pushes: record, settle, wake the endpoint, tidy up.

Each method is called every minute, looks whether its duty is due, and does it once: per session,
per final close, per slot, per day.  What fails is tried again a while later.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.domain.agenda import recording_due, warming_due
from bot.domain.sessions import SAO_PAULO, Sessions
from bot.domain.tickers import Ticker
from bot.errors import ForecastError, TickerNotServed, UnknownTicker
from bot.flow.pushes.attempts import Attempts
from bot.flow.pushes.push import Outlooks, in_batches
from bot.ports.forecasting import Clock
from bot.ports.records import Outbox, Subscriptions

log = logging.getLogger(__name__)

RETRY = timedelta(minutes=5)
"""How soon shares without a forecast are tried again."""

SETTLED_AGAIN = timedelta(minutes=15)
"""How soon forecasts without a close are looked at again; a source may have one hours late."""

WARM_FOR = timedelta(minutes=4)
"""A serverless endpoint sleeps after about five idle minutes (it is nowhere promised)."""

KEPT = timedelta(days=90)
"""How long ended items of the outbox are kept: a quarter of deliveries to look back on."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Duties of the day; belongs to one event loop.

    Attributes:
        recorder: forecasts shares and records them.
        served: shares to record besides those that somebody subscribed to.
        settle: settles what is final and costs little when there is nothing to settle.
        warm_up: one invocation of the endpoint.
    """

    recorder: Outlooks
    subscriptions: Subscriptions
    outbox: Outbox
    sessions: Sessions
    clock: Clock
    served: tuple[Ticker, ...]
    settle: Callable[[], Awaitable[object]]
    warm_up: Callable[[], Awaitable[object]]
    _recorded: Attempts[date, Sequence[Ticker]] = field(default_factory=lambda: Attempts(RETRY))
    _settled: Attempts[date, bool] = field(default_factory=lambda: Attempts(SETTLED_AGAIN))
    _warmed: Attempts[str, bool] = field(default_factory=lambda: Attempts(WARM_FOR))
    _tidied: Attempts[date, bool] = field(default_factory=lambda: Attempts(RETRY))

    def forget(self) -> None:
        """Do everything again that is due; another process may have left it undone."""
        for tries in (self._recorded, self._settled, self._warmed, self._tidied):
            tries.forget()

    async def record_morning(self) -> None:
        """Write down today's forecasts of all shares that matter, once a session.

        Raises:
            StorageUnavailable: the database is away.
        """
        now = self.clock()
        session = self.sessions.today(now)
        if not recording_due(self.sessions, now) or not self._recorded.open(session, now):
            return
        left = self._recorded.left(session)
        shares = left if left is not None else await self._shares()
        failed = [share for batch in in_batches(shares) for share in await self._record(batch)]
        self._recorded.tried(session, now, failed or None)

    async def settle_final(self) -> None:
        """Settle forecasts as soon as another close is final, and now and then what is left.

        Raises:
            StorageUnavailable: the database is away.
        """
        now = self.clock()
        session = self.sessions.newest_final(now)
        if self._settled.open(session, now):
            await self.settle()
            self._settled.tried(session, now, left=True)

    async def warm(self) -> None:
        """Wake the endpoint when a slot is about to come; a failure costs nothing but the wait."""
        now = self.clock()
        if not self._warmed.open("endpoint", now):
            return
        if warming_due(self.sessions, await self.subscriptions.slots(), now):
            self._warmed.tried("endpoint", now, left=True)
            try:
                await self.warm_up()
            except ForecastError as error:
                log.warning("endpoint not warmed up", extra={"error": repr(error)})

    async def tidy_up(self) -> None:
        """Delete old items of the outbox, once a day.

        Raises:
            StorageUnavailable: the database is away.
        """
        now = self.clock()
        day = now.astimezone(SAO_PAULO).date()
        if self._tidied.open(day, now):
            gone = await self.outbox.forget(now - KEPT)
            self._tidied.tried(day, now)
            log.info("outbox tidied up", extra={"deleted": gone})

    async def _shares(self) -> Sequence[Ticker]:
        return sorted({*await self.subscriptions.shares(), *self.served})

    async def _record(self, shares: Sequence[Ticker]) -> list[Ticker]:
        """Those of `shares` that may have a forecast later."""
        found = await self.recorder.outlooks(shares)
        failures = {s: one for s, one in found.items() if isinstance(one, ForecastError)}
        for share, error in failures.items():
            log.warning("no forecast to record", extra={"ticker": share, "error": repr(error)})
        return [
            s
            for s, error in failures.items()
            if not isinstance(error, UnknownTicker | TickerNotServed)
        ]
