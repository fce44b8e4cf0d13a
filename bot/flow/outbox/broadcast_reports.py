"""What the operators are told when a broadcast has ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.outbox import Broadcast, Content, Kind, Occasion
from bot.domain.places import Place
from bot.ports.records import Outbox


@dataclass(frozen=True, slots=True)
class BroadcastReports:
    """Queues one report for each broadcast that has ended, also after a crash in between.

    Attributes:
        outbox: knows which broadcasts have ended.
        operators: where reports are read; may be nowhere.
        text: says it.
    """

    outbox: Outbox
    operators: tuple[Place, ...]
    text: Callable[[Broadcast], Content]

    async def queue(self, now: datetime) -> None:
        """Queue what is to be reported.

        Raises:
            StorageUnavailable: then it is done next time.
        """
        for broadcast in await self.outbox.finished():
            # Its end is part of the subject: if somebody is added, there is another report.
            subject = f"{broadcast.slot} {broadcast.ended.isoformat(timespec='seconds')}"
            occasion = Occasion(Kind.REPORT, subject, broadcast.session)
            text = self.text(broadcast)
            await self.outbox.put(self.operators, occasion, text, now=now, silent=True)
            await self.outbox.reported(broadcast)
