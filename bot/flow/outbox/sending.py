"""From the outbox to Telegram, so that a kill at any moment loses nothing and repeats one at most.

    due ──take──▶ claimed ──deliver──▶ outcome ──▶ recorded together with the next claim
                     │                                │
                     └── not recorded? not sent       └── not recorded? kept until it can be

One message is on its way at a time unless `in_flight` says otherwise: more are faster over a slow
line, and a kill may then send as many twice.  What was sent and cannot be recorded, because the
database is away, is kept in memory and not sent again.  Pauses follow the monotonic clock, so the
time of day may jump.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.outbox import NotSent, Outcome, Outgoing, Result, Sent
from bot.errors import StorageUnavailable
from bot.flow.outbox.broadcast_reports import BroadcastReports
from bot.flow.outbox.onward_clock import OnwardClock
from bot.flow.outbox.send_waits import Pace, SendWaits, growing
from bot.flow.outbox.waiting_items import WaitingItems
from bot.ports.delivery import Delivery
from bot.ports.forecasting import Clock
from bot.ports.records import Outbox

log = logging.getLogger(__name__)

STORAGE_PAUSE_AT_MOST = 5.0
CHORES_EVERY = 30.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Where the sender's time comes from.

    Attributes:
        clock: the time of day.
        monotonic: seconds that never go back.
        sleep: waits for so many seconds.
    """

    clock: Clock
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]


class Sender:
    """Sends what waits in the outbox; the only one to do so."""

    def __init__(  # noqa: PLR0913, PLR0917, its ports
        self,
        outbox: Outbox,
        delivery: Delivery,
        pace: Pace,
        reports: BroadcastReports,
        timing: Timing,
        in_flight: int = 1,
    ) -> None:
        self._outbox, self._delivery, self._reports = outbox, delivery, reports
        self._timing, self._in_flight = timing, in_flight
        self._onward = OnwardClock(timing.clock, timing.monotonic)
        self._waiting = WaitingItems(outbox, pace, timing.monotonic)
        self._waits = SendWaits(pace, timing.monotonic)
        self._turn = asyncio.Lock()
        self._nudged = asyncio.Event()
        self._busy: set[int] = set()
        self._unrecorded: list[Result] = []
        self._failed: int | None = None
        self._recovered = False
        self._something_ended = False
        self._chores_at = 0.0
        self._storage_failures = 0

    def nudge(self) -> None:
        """Something was queued: look now."""
        self._waiting.forget()
        self._nudged.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; what is on its way then is finished and recorded.

        May be called again when it has ended, as when a lease was lost and taken again.
        """
        self._recovered = False
        self._busy.clear()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._wake_at(stop))
                for _ in range(self._in_flight):
                    group.create_task(self._work(stop))
        finally:
            await self._record_last()

    async def step(self) -> float:
        """Send one message, if one may be sent; gives the seconds until the next step."""
        try:
            async with self._turn:
                item = await self._claimed()
        except StorageUnavailable as error:
            self._storage_failures += 1
            log.warning("nothing sent without the database", extra={"reason": error.reason})
            return growing(self._storage_failures - 1, STORAGE_PAUSE_AT_MOST)
        self._storage_failures = 0
        if not isinstance(item, Outgoing):
            return item
        self._ended(item, await self._delivery.deliver(item))
        return 0.0

    async def _work(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            pause = await self.step()
            if pause > 0 and not stop.is_set():
                await self._rest(pause)

    async def _rest(self, seconds: float) -> None:
        """Wait, but not when something was queued meanwhile."""
        ends = [
            asyncio.ensure_future(self._timing.sleep(seconds)),
            asyncio.ensure_future(self._nudged.wait()),
        ]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        self._nudged.clear()

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.nudge()

    async def _record_last(self) -> None:
        try:
            await self._record(None)
        except StorageUnavailable as error:
            left = {"count": len(self._unrecorded), "reason": error.reason}
            log.error("results not recorded", extra=left)  # noqa: TRY400, the reason says it all

    async def _claimed(self) -> Outgoing | float:
        """An item that nobody else will send, or the seconds until there may be one."""
        await self._record_early()
        await self._chores()
        quiet = self._waits.quiet()
        item = quiet or await self._waiting.take(self._onward(), self._busy, self._failed)
        if isinstance(item, Outgoing):
            if not await self._record(item):
                return 0.0  # cancelled or erased since it was read
            self._busy.add(item.place.chat_id)
            return item
        await self._record(None)
        if self._something_ended:  # perhaps it was the last of a broadcast
            self._something_ended, self._chores_at = False, 0.0
            return 0.0
        return item

    async def _record_early(self) -> None:
        """Write what became of items before another is chosen, where the choice depends on it."""
        first = self._storage_failures or not self._recovered
        if first or any(not isinstance(result.outcome, Sent) for result in self._unrecorded):
            await self._record(None)

    async def _chores(self) -> None:
        """First of all free what a killed process left; now and then expire and report."""
        if not self._recovered:
            log.info("sender begins", extra={"recovered": await self._outbox.recover()})
            self._recovered = True
            self._chores_at = 0.0
        if self._timing.monotonic() < self._chores_at:
            return
        self._chores_at = self._timing.monotonic() + CHORES_EVERY
        self._waiting.forget()
        try:
            await self._outbox.expire(self._timing.clock())
            await self._reports.queue(self._timing.clock())
        except StorageUnavailable as error:  # no reason to keep an alarm waiting
            log.warning("outbox not tidied", extra={"reason": error.reason})

    async def _record(self, claimed: Outgoing | None) -> bool:
        """Write what became of items and claim one more, in one transaction; whether that one is.

        Raises:
            StorageUnavailable: nothing is claimed, and what was not written is kept.
        """
        results, claims = tuple(self._unrecorded), [claimed] if claimed else []
        if not results and not claims:
            return False
        try:
            sendable = await self._outbox.advance(results, claims, self._timing.clock())
        except StorageUnavailable as error:
            # The claim is taken back even if it was written and only the answer was lost.
            undone = NotSent(f"not claimed: {error.reason}")
            self._unrecorded += [Result(one, undone, self._onward()) for one in claims]
            raise
        del self._unrecorded[: len(results)]
        self._something_ended |= any(result.retry_at is None for result in results)
        return bool(sendable)

    def _ended(self, item: Outgoing, outcome: Outcome) -> None:
        self._busy.discard(item.place.chat_id)
        result = self._waits.result(item, outcome, self._onward())
        self._unrecorded.append(result)
        self._failed = item.id if isinstance(outcome, NotSent) else None
        if result.retry_at:
            self._waiting.forget()
