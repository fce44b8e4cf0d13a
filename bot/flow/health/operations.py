"""The bot's health at one moment, gathered from those who know; answers even when some are away."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.operations import Status, Storage
from bot.errors import StorageUnavailable
from bot.flow.health.measuring import Heard, MeasuredCloses, MeasuredEndpoint
from bot.ports.forecasting import Clock
from bot.ports.records import Outbox

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Operations:
    """Knows how the bot is.

    Attributes:
        version: of the bot.
        database: its kind, for people.
        counter: seconds that never go back.
        leads: whether this process schedules and sends.
        started: when the process started, aware.
    """

    version: str
    database: str
    started: datetime
    clock: Clock
    counter: Callable[[], float]
    leads: Callable[[], bool]
    outbox: Outbox
    endpoint: MeasuredEndpoint
    closes: MeasuredCloses
    heard: Heard

    async def status(self) -> Status:
        """Everything that operators ask about."""
        now = self.clock()
        return Status(
            version=self.version,
            now=now,
            started=self.started,
            heard=self.heard.last,
            leads=self.leads(),
            storage=await self._storage(now),
            calls=self.endpoint.calls(),
            model=self.endpoint.model,
            closes=self.closes.good(),
        )

    async def _storage(self, now: datetime) -> Storage:
        try:
            began = self.counter()
            backlog = await self.outbox.backlog(now)
            seconds = self.counter() - began
            return Storage(self.database, seconds, backlog, await self.outbox.last_push())
        except StorageUnavailable as error:
            log.warning("status without the database", extra={"reason": error.reason})
            return Storage(self.database, None, None, None)
