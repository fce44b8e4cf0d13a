"""The daily message: one slot of one session, from its shares to the outbox.

    slot ─subscriptions─▶ shares ─one invocation per 500─▶ outlooks ─▶ contents ─▶ outbox

Only on a session day and before its closing call.  A share that fails takes no other along, and
filling twice changes nothing: the outbox has one row per place, share and session.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from bot.domain.agenda import due_slots, too_late
from bot.domain.closes import Origin
from bot.domain.forecast import Outlook
from bot.domain.outbox import Content
from bot.domain.sessions import Sessions
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Outcome
from bot.errors import ForecastError
from bot.ports.records import Outbox, Subscriptions, TrackRecord

log = logging.getLogger(__name__)

SHARES_AT_ONCE = 500
"""Shares of one invocation; the endpoint takes 1,000 windows, and a share has two at most."""

Failures = Mapping[Ticker, ForecastError]


class Outlooks(Protocol):
    """Forecasts of many shares by one invocation: a `Forecaster`, or what records beside it."""

    async def outlooks(self, tickers: Sequence[Ticker]) -> dict[Ticker, Outlook | ForecastError]:
        """As `bot.flow.forecasts.forecaster.Forecaster.outlooks`."""


@dataclass(frozen=True, slots=True)
class DailyPush:
    """Fills the outbox with the day's messages.

    Attributes:
        forecasts: of the shares.
        tell: words for an outlook, and for how the session before went, where that is known.
        queued: called when something waits to be sent.
    """

    forecasts: Outlooks
    subscriptions: Subscriptions
    outbox: Outbox
    record: TrackRecord
    sessions: Sessions
    tell: Callable[[Outlook, Outcome | None], Content]
    queued: Callable[[], None]

    async def slot(
        self, at: time, now: datetime, shares: Sequence[Ticker] | None = None
    ) -> Failures:
        """Queue the day's messages of a slot, if it is due.

        Args:
            at: the slot.
            now: the moment, aware.
            shares: those to forecast; all that the slot wants when None.

        Returns:
            The shares without a forecast, and why.

        Raises:
            StorageUnavailable: the database is away; what is queued stays queued.
        """
        failures: dict[Ticker, ForecastError] = {}
        if not due_slots(self.sessions, (at,), now):
            return failures
        wanted = await self.subscriptions.shares(at) if shares is None else shares
        for batch in in_batches(wanted):
            found = await self.forecasts.outlooks(batch)
            good = {share: one for share, one in found.items() if isinstance(one, Outlook)}
            failures |= {s: one for s, one in found.items() if isinstance(one, ForecastError)}
            await self._fill(at, now, good)
        return failures

    async def _fill(self, at: time, now: datetime, outlooks: Mapping[Ticker, Outlook]) -> None:
        session = self.sessions.today(now)
        contents = {
            share: self.tell(outlook, await self._yesterday(outlook))
            for share, outlook in outlooks.items()
            if outlook.today.session == session and outlook.closed is None
        }
        if not contents:
            return
        expires = too_late(self.sessions, session)
        new = await self.outbox.fill(at, session, contents, now=now, expires=expires)
        log.info("slot queued", extra={"slot": f"{at:%H:%M}", "shares": len(contents), "new": new})
        if new:
            self.queued()

    async def _yesterday(self, outlook: Outlook) -> Outcome | None:
        """How the forecast of the session before went, if one was told and its close is there."""
        if outlook.window.origin is Origin.SIMULATED:
            return None
        before: tuple[date, ...] = self.sessions.before(outlook.today.session, 1)
        for outcome in await self.record.outcomes(outlook.ticker, 1):
            if outcome.forecast.session in before and outcome.forecast.made is Made.LIVE:
                return outcome
        return None


def in_batches(shares: Sequence[Ticker]) -> Iterator[Sequence[Ticker]]:
    """The shares, as many at a time as one invocation takes."""
    for start in range(0, len(shares), SHARES_AT_ONCE):
        yield shares[start : start + SHARES_AT_ONCE]
