"""From the queue to the intake; a message leaves the queue only after it was kept.

What cannot be kept now stays in the queue and comes again: after a failure this waits for a while
and lets the queue's own patience, of up to two weeks, do the rest.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.domain.alarms.mail import Confirmation, Mail, Refusal, from_queue
from bot.errors import StorageUnavailable
from bot.flow.alarms.intake import Intake
from bot.flow.outbox.send_waits import growing
from bot.ports.alarms import AwsUnavailable, Mailbox, Parcel

log = logging.getLogger(__name__)

PAUSE_AT_MOST = 60.0
"""Seconds."""


@dataclass(slots=True)
class QueueReader:
    """Reads the queue for as long as the process runs.

    Attributes:
        topics: ARNs that envelopes may come from; none means any.
        sleep: waits for some seconds.
    """

    mailbox: Mailbox
    intake: Intake
    topics: frozenset[str]
    sleep: Callable[[float], Awaitable[None]]
    _failures: int = field(default=0, init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Read until `stop` is set; whatever is being waited for then comes again later."""
        stopped = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                step = asyncio.ensure_future(self.step())
                await asyncio.wait([step, stopped], return_when=asyncio.FIRST_COMPLETED)
                if not step.done():
                    step.cancel()
                await asyncio.gather(step, return_exceptions=stop.is_set())
        finally:
            stopped.cancel()

    async def step(self) -> None:
        """Wait for messages, keep them, take them off the queue."""
        try:
            parcels = await self.mailbox.receive()
            await self.mailbox.delete(await self._kept(parcels))
        except (AwsUnavailable, StorageUnavailable) as error:
            pause = growing(self._failures, PAUSE_AT_MOST)
            self._failures += 1
            log.warning("alarm queue waits", extra={"error": error.reason, "seconds": pause})
            await self.sleep(pause)
        else:
            self._failures = 0

    async def _kept(self, parcels: Sequence[Parcel]) -> list[Parcel]:
        """Those that may leave the queue."""
        done: list[Parcel] = []
        mail: list[tuple[Parcel, Mail]] = []
        for parcel in parcels:
            opened = from_queue(parcel.body, parcel.number, self.topics)
            if isinstance(opened, Refusal):
                log.error("alarm mail refused", extra={"reason": opened.reason})
                done.append(parcel)
            else:
                mail.append((parcel, opened))
        letters = [pair for pair in mail if not isinstance(pair[1], Confirmation)]
        if letters:
            await self.intake.take([each for _, each in letters])
        done += [parcel for parcel, _ in letters]
        return done + await self._confirmed([pair for pair in mail if pair not in letters])

    async def _confirmed(self, mail: Sequence[tuple[Parcel, Mail]]) -> list[Parcel]:
        """One by one, after the alarms: AWS may be slow to answer."""
        done = []
        for parcel, each in mail:
            try:
                await self.intake.take([each])
            except AwsUnavailable as error:
                log.warning("subscription not confirmed yet", extra={"reason": error.reason})
            else:
                done.append(parcel)
        return done
