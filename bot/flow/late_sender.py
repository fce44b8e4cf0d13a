"""A sender that is made when sending first begins, because what it sends through comes later.

It stays the same over every loss of the lease: what it has sent and could not record, since the
database went away together with the lease, it must not forget.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.flow.sending import Sender


@dataclass(slots=True)
class LateSender:
    """Makes its sender once and passes nudges on to it."""

    make: Callable[[], Sender]
    _made: Sender | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; what is on its way then is finished and recorded."""
        if self._made is None:
            self._made = self.make()
        await self._made.run(stop)

    def nudge(self) -> None:
        """Something was queued; without a sender yet, it is found when sending begins."""
        if self._made is not None:
            self._made.nudge()
