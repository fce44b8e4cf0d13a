"""Every slot of the day, once: at its hour, or as soon after it as the bot can.

    slot's hour ──┐
    now and then ─┼─▶ due, not done yet? ─▶ DailyPush ─▶ done, or shares left for five minutes on
    lease taken ──┘

A bot that was down at 09:00 sends at 09:40; one that was down until the closing call sends
nothing.  Whoever asks while a slot is under way waits for it instead of starting it again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.domain.agenda import due_slots, next_run
from bot.domain.operations import Trouble
from bot.domain.sessions import Sessions
from bot.domain.tickers import Ticker
from bot.errors import TickerNotServed, UnknownTicker
from bot.flow.health.incidents import Note
from bot.flow.pushes.attempts import Attempts
from bot.flow.pushes.push import DailyPush, Failures
from bot.ports.forecasting import Clock
from bot.ports.records import Subscriptions
from bot.single_flight import SingleFlight

log = logging.getLogger(__name__)

RETRY = timedelta(minutes=5)
"""How soon a share without a forecast is tried again; the source of closes pauses as long."""


@dataclass(frozen=True, slots=True)
class Slots:
    """The daily push, slot by slot; belongs to one event loop.

    Attributes:
        note: told of each share that has no forecast when its slot comes.
    """

    push: DailyPush
    subscriptions: Subscriptions
    sessions: Sessions
    clock: Clock
    note: Note
    _tries: Attempts[tuple[date, time], Sequence[Ticker]] = field(
        default_factory=lambda: Attempts(RETRY)
    )
    _under_way: SingleFlight[None] = field(default_factory=SingleFlight)

    async def catch_up(self) -> None:
        """Push every slot that is due and not done, the earliest first.

        Raises:
            StorageUnavailable: the database is away; the rest is done the next time.
        """
        due = due_slots(self.sessions, await self.subscriptions.slots(), self.clock())
        log.debug("slots looked at", extra={"due": [f"{at:%H:%M}" for at in due]})
        for at in due:
            await self.run(at)

    async def run(self, at: time) -> None:
        """Push one slot, if it is due and not done.

        Raises:
            StorageUnavailable: the database is away; it is done the next time.
        """
        await self._under_way.ask(at, lambda: self._run(at))

    async def coming(self) -> dict[time, datetime]:
        """When each slot comes next, without those that lie too late in the session.

        Raises:
            StorageUnavailable: the database is away.
        """
        now, slots = self.clock(), await self.subscriptions.slots()
        runs = {at: next_run(self.sessions, at, now) for at in slots}
        return {at: run for at, run in runs.items() if run is not None}

    def forget(self) -> None:
        """Look at every slot of the day again; another process may have left some undone."""
        self._tries.forget()

    async def _run(self, at: time) -> None:
        now = self.clock()
        key = (self.sessions.today(now), at)
        if not due_slots(self.sessions, (at,), now) or not self._tries.open(key, now):
            return
        again = self._tries.left(key)
        failures = await self.push.slot(at, now, again)
        if again is None:
            self._tell(failures)
        self._tries.tried(key, now, _worth_another_try(failures))

    def _tell(self, failures: Failures) -> None:
        for share, error in failures.items():
            log.warning("no forecast to push", extra={"ticker": share, "error": repr(error)})
            self.note(Trouble.PUSH, error)


def _worth_another_try(failures: Failures) -> Sequence[Ticker] | None:
    """Shares that may have a forecast later; the source is sure of those it does not know."""
    left = [
        share
        for share, error in failures.items()
        if not isinstance(error, UnknownTicker | TickerNotServed)
    ]
    return left or None
