"""Short messages to the operators' chats, through the outbox like everything that is pushed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.outbox import Content, Kind, Occasion
from bot.domain.places import Place
from bot.domain.sessions import SAO_PAULO
from bot.errors import StorageUnavailable
from bot.ports.forecasting import Clock
from bot.ports.records import Outbox

log = logging.getLogger(__name__)

NEWS_FOR = timedelta(days=1)
"""A notice that could not be sent for so long is no news any more."""

GOODBYE_SECONDS = 3.0
"""How long stopping may wait for the last notice; supervisors kill after ten or more."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Queues notices.

    Attributes:
        places: the operators' chats; without any, nothing is queued.
        queued: called when something waits to be sent.
    """

    outbox: Outbox
    places: tuple[Place, ...]
    clock: Clock
    queued: Callable[[], None]

    async def put(self, subject: str, content: Content) -> None:
        """Queue one notice; one with the same subject on the same day is not queued again.

        Raises:
            StorageUnavailable: the database is away.
        """
        if not self.places:
            return
        now = self.clock()
        occasion = Occasion(Kind.NOTICE, subject, now.astimezone(SAO_PAULO).date())
        await self.outbox.put(self.places, occasion, content, now=now, expires=now + NEWS_FOR)
        self.queued()

    async def say_at_most_once_a_minute(self, event: str, content: Content) -> None:
        """Queue a notice of starting or stopping; a bot that restarts all the time says it less.

        A database that is away costs the notice, not the start.
        """
        minute = self.clock().astimezone(SAO_PAULO).strftime("%H:%M")
        try:
            await self.put(f"{event} {minute}", content)
        except StorageUnavailable as error:
            log.warning("notice not queued", extra={"event": event, "reason": error.reason})

    async def say_goodbye(
        self,
        event: str,
        content: Content,
        send: Callable[[], Awaitable[object]],
        patience: float = GOODBYE_SECONDS,
    ) -> None:
        """Queue the notice of stopping, and let `send` try to deliver it before it is too late.

        Args:
            event: as the log says it.
            content: the notice.
            send: delivers what waits.
            patience: seconds that this may take.
        """
        try:
            async with asyncio.timeout(patience):
                await self.say_at_most_once_a_minute(event, content)
                await send()
        except TimeoutError:
            log.warning("notice left for the next start", extra={"event": event})
