"""Which process acts: the one that holds the lease schedules, sends and settles, all others wait.

    every 5 s ─▶ Lease.hold() ─▶ held: acting goes on, or begins
                                 lost, or nobody could say: it is told to stop

The next process takes over within a beat after the lease is free, and starts by catching up.
What acts is begun anew each time, because another process may have left things half done.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.domain.operations import Trouble
from bot.errors import StorageUnavailable
from bot.flow.health.incidents import Note
from bot.ports.records import Lease

log = logging.getLogger(__name__)

BEAT_SECONDS = 5.0
"""Between two looks at the lease; a lease that is free is taken within this."""

PATIENCE_SECONDS = 10.0
"""How long the database may take to say who holds the lease; after that nobody knows."""

Act = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
"""Acts until the event is set, then finishes what it has begun."""


@dataclass(slots=True)
class Leading:
    """Watches the lease; belongs to one event loop.

    Attributes:
        lease: the lease.
        act: what the leading process does all the time: sending.
        note: told when acting failed; it is begun again a beat later.
        sleep: waits for some seconds.
        patience: seconds after which a database that does not answer is taken for away.
        when_taken: called each time that the lease has been taken.
        each_beat: called after each look, whoever leads.
    """

    lease: Lease
    act: Act
    note: Note
    sleep: Callable[[float], Awaitable[None]]
    patience: float = PATIENCE_SECONDS
    when_taken: list[Callable[[], None]] = field(default_factory=list)
    each_beat: list[Callable[[], None]] = field(default_factory=list)
    _held: bool = False
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _acting: asyncio.Task[None] | None = None

    def leads(self) -> bool:
        """Whether this process may act now."""
        return self._held

    async def run(self) -> None:
        """Watch until cancelled; then finish acting and give the lease back."""
        try:
            while True:
                await self.beat()
                await self.sleep(BEAT_SECONDS)
        finally:
            await self._end()

    async def beat(self) -> None:
        """Look at the lease once, and begin or stop acting."""
        held, before = await self._look(), self._held
        self._held = held
        if held != before:
            log.info("lease taken" if held else "lease lost")
        if held:
            self._go_on()
        else:
            self._stop.set()
        for told in (*(self.when_taken if held and not before else ()), *self.each_beat):
            told()

    def _go_on(self) -> None:
        """Act, unless that is under way; after a loss what was begun before ends first."""
        if self._acting is not None and not self._acting.done():
            return
        self._stop = asyncio.Event()
        self._acting = asyncio.create_task(self.act(self._stop))
        self._acting.add_done_callback(self._ended)

    def _ended(self, acted: asyncio.Task[None]) -> None:
        if not acted.cancelled() and isinstance(error := acted.exception(), Exception):
            self.note(Trouble.JOB, error)

    async def _look(self) -> bool:
        try:
            async with asyncio.timeout(self.patience):
                return await self.lease.hold()
        except TimeoutError:
            log.warning("lease unknown", extra={"reason": "no answer in time"})
        except StorageUnavailable as error:
            log.warning("lease unknown", extra={"reason": error.reason})
        return False

    async def _end(self) -> None:
        held, self._held = self._held, False
        self._stop.set()
        if self._acting is not None:
            await asyncio.wait({self._acting}, timeout=self.patience)
            self._acting.cancel()
        if not held:
            return
        try:
            async with asyncio.timeout(self.patience):
                await self.lease.release()
        except (TimeoutError, StorageUnavailable) as error:
            log.warning("lease not given back", extra={"error": repr(error)})
