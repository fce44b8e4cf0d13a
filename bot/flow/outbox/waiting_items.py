"""Which item is sent next: the first, in the outbox's order, whose chat may be written to.

A few items are read at a time and are good for a moment only, so that an alarm overtakes a
broadcast and a cancelled subscription is soon heard of.  If all of them have to wait for their
chats, more are read: a hundred alarms for one group hold up nobody else.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from bot.domain.outbox import Outgoing
from bot.flow.outbox.send_waits import Pace
from bot.ports.records import Outbox

BATCH = 20
GOOD_FOR = 0.5
"""Seconds."""
POLL = 2.0
"""Seconds between looks into an empty outbox."""
SOON = 0.1
"""Seconds; the call itself waits for its turn, and meanwhile the item is claimed already."""


class WaitingItems:
    """Items that were read and not yet taken; `monotonic` gives seconds."""

    def __init__(self, outbox: Outbox, pace: Pace, monotonic: Callable[[], float]) -> None:
        self._outbox = outbox
        self._pace = pace
        self._monotonic = monotonic
        self._items: list[Outgoing] = []
        self._are_all = True
        self._good_until = 0.0

    def forget(self) -> None:
        """Read again next time: something has changed."""
        self._good_until = 0.0

    async def take(
        self, now: datetime, busy: Collection[int], failed: int | None
    ) -> Outgoing | float:
        """Take the next item, or tell in how many seconds to look again.

        Args:
            now: time of day, for what is due.
            busy: chats that something is on its way to.
            failed: the item that could not be sent just now; any other is tried before it.

        Raises:
            StorageUnavailable: the outbox cannot be read.
        """
        if self._monotonic() >= self._good_until or not self._items:
            await self._read(now, BATCH)
        while not (ready := list(self._ready(busy, failed))) and not self._are_all:
            await self._read(now, BATCH + 10 * len(self._items))
        if ready:
            self._items.remove(ready[-1])
            return ready[-1]
        waits = [self._pace.wait(item.place.chat_id) for item in self._items]
        return min([POLL, *(wait for wait in waits if wait > SOON)])

    def _ready(self, busy: Collection[int], failed: int | None) -> Iterator[Outgoing]:
        """The one to take comes last: the first that may be sent, after the one that failed."""
        for item in self._items:
            chat = item.place.chat_id
            if chat not in busy and self._pace.wait(chat) <= SOON:
                yield item
                if item.id != failed:
                    return

    async def _read(self, now: datetime, limit: int) -> None:
        self._items = await self._outbox.due(now, limit)
        self._are_all = len(self._items) < limit
        self._good_until = self._monotonic() + GOOD_FOR
