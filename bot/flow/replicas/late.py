"""Somebody who acts, made when acting first begins, because what is acted through comes later.

It stays the same over every loss of the lease: what a sender has sent and could not record, since
the database went away together with the lease, it must not forget.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Acts until it is told to stop, and can be told that there is something new to do."""

    def nudge(self) -> None:
        """There is something new: look now."""

    async def run(self, stop: asyncio.Event) -> None:
        """Act until `stop` is set; may be called again."""


@dataclass(slots=True)
class Late:
    """Makes its actor once and passes nudges on to it."""

    make: Callable[[], Actor]
    _made: Actor | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Act until `stop` is set; what is under way then is finished and recorded."""
        if self._made is None:
            self._made = self.make()
        await self._made.run(stop)

    def nudge(self) -> None:
        """There is something new; without an actor yet, it is found when acting begins."""
        if self._made is not None:
            self._made.nudge()
