"""A new sender each time that the lease is taken.

A sender frees what a killed process left half sent, but only when it begins; so whoever takes the
lease again begins anew.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.flow.sending import Sender


@dataclass(slots=True)
class FreshSender:
    """Makes senders and passes nudges on to the one that runs."""

    make: Callable[[], Sender]
    _running: Sender | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; what is on its way then is finished and recorded."""
        self._running = self.make()
        try:
            await self._running.run(stop)
        finally:
            self._running = None

    def nudge(self) -> None:
        """Something was queued; without a running sender another process sends it."""
        if self._running is not None:
            self._running.nudge()
