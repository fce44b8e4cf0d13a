"""What has to be done about alarms as time goes by; by one process, the one that sends.

    every few seconds ─▶ tell together what waits ─▶ repeat what nobody acknowledged
                      ─▶ write postings anew whose alarms have changed ─▶ add pictures

All of it follows from what is kept, so a kill costs a few seconds: a posting that does not show
how things stand is found again, and an edit made twice changes nothing.  Before an alarm is
repeated CloudWatch is asked whether it is on at all: not every alarm tells when it is over, and a
muted one never does.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.alarms import Alarm, State
from bot.domain.alarms.keeping import Kept
from bot.errors import StorageUnavailable
from bot.flow.alarms.postings import Postings
from bot.flow.alarms.telling import Telling
from bot.flow.outbox.send_waits import growing
from bot.ports.alarms import Alarms, AwsUnavailable, CloudWatch
from bot.ports.forecasting import Clock

log = logging.getLogger(__name__)

EVERY = 3.0
"""Seconds between two rounds; sooner when something has changed."""
PAUSE_AT_MOST = 60.0
GATHERED_FOR = timedelta(seconds=10)
"""How long a storm is listened to before it is told."""
DIGEST_EVERY = timedelta(minutes=1)
KEPT_FOR = timedelta(days=90)
"""As long as the outbox keeps what was sent."""
TIDIED_EVERY = timedelta(days=1)


@dataclass(slots=True)
class Rounds:
    """Does what is due; belongs to one event loop.

    Attributes:
        cloudwatch: None where there is none to ask.
        queued: called when something was queued.
        sleep: waits for some seconds.
    """

    alarms: Alarms
    telling: Telling
    postings: Postings
    cloudwatch: CloudWatch | None
    clock: Clock
    queued: Callable[[], None]
    sleep: Callable[[float], Awaitable[None]]
    _told_at: datetime | None = field(default=None, init=False)
    _tidied_at: datetime | None = field(default=None, init=False)
    _failures: int = field(default=0, init=False)
    _nudged: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def nudge(self) -> None:
        """Something has changed: look soon."""
        self._nudged.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Go round until `stop` is set."""
        while not stop.is_set():
            await self._rest(await self.round(), stop)

    async def round(self) -> float:
        """Do what is due; gives the seconds until the next round."""
        now = self.clock()
        try:
            await self.gather(now)
            await self.remind(now)
            pause = await self.postings.refresh()
            await self._tidy(now)
        except StorageUnavailable as error:
            log.warning("alarms not looked after", extra={"reason": error.reason})
            self._failures += 1
            return growing(self._failures, PAUSE_AT_MOST)
        self._failures = 0
        return pause or EVERY

    async def gather(self, now: datetime) -> None:
        """Tell together what waits for it, once a minute.

        Raises:
            StorageUnavailable: it waits on.
        """
        since = await self.alarms.waiting_since()
        told_lately = self._told_at and self._told_at <= now < self._told_at + DIGEST_EVERY
        if since is None or told_lately or timedelta() <= now - since < GATHERED_FOR:
            return
        while await self.alarms.gather(self.telling.together_at(now), now):
            self._told_at = now
            self.queued()

    async def remind(self, now: datetime) -> None:
        """Repeat what nobody acknowledged, unless CloudWatch says that it is over.

        Raises:
            StorageUnavailable: reminders wait on.
        """
        due = await self.alarms.due(now)
        if not due:
            return
        over = await self._over(due)
        if over:
            await self.alarms.settle(over)
        going = [each.id for each in due if each.id not in over]
        if going and await self.alarms.remind(going, self.telling.reminders_at(now), now):
            self.queued()

    async def _over(self, due: Sequence[Kept]) -> dict[int, datetime]:
        """Which are not in alarm any more, since when, as far as CloudWatch tells."""
        names = sorted({each.says.name for each in due if isinstance(each.says, Alarm)})
        if self.cloudwatch is None or not names:
            return {}
        try:
            found = await self.cloudwatch.named(names)
        except AwsUnavailable as error:
            log.info("reminded without asking", extra={"reason": error.reason})
            return {}
        ended = {each.arn: each.since for each in found if each.state == State.OK and each.since}
        return {
            each.id: ended[each.says.arn]
            for each in due
            if isinstance(each.says, Alarm) and each.says.arn in ended and not each.says.contributor
            if ended[each.says.arn] >= each.since
        }

    async def _tidy(self, now: datetime) -> None:
        if self._tidied_at and self._tidied_at <= now < self._tidied_at + TIDIED_EVERY:
            return
        gone = await self.alarms.forget(now - KEPT_FOR)
        self._tidied_at = now
        log.info("alarms tidied up", extra={"deleted": gone})

    async def _rest(self, seconds: float, stop: asyncio.Event) -> None:
        ends = [
            asyncio.ensure_future(self.sleep(seconds)),
            asyncio.ensure_future(self._nudged.wait()),
            asyncio.ensure_future(stop.wait()),
        ]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        self._nudged.clear()
