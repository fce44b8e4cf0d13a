"""A few calls at a time, as long as they are quick.

    call ─▶ place free? ─▶ on its way ─▶ ended, or not quick ─▶ place free for the next one

Calls to a Bot API that answers in a millisecond gain nothing from company: each connection that was
ever used at the same time as others is looked at by httpcore with every later call, and each of
them at each other one.  Calls over an ocean do gain, so that none keeps its place for long.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

AT_ONCE = 4
QUICK_SECONDS = 0.05


@dataclass(slots=True)
class QuickCalls:
    """Places for calls of one event loop.

    Attributes:
        places: how many calls may be on their way as long as they are quick.
        seconds: after which a call is not quick any more and gives its place up.
    """

    places: int = AT_ONCE
    seconds: float = QUICK_SECONDS
    _free: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._free = asyncio.Semaphore(self.places)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place, and keep it while the context lasts or is quick."""
        await self._free.acquire()
        given_up = False

        def give_up() -> None:
            nonlocal given_up
            if not given_up:
                given_up = True
                self._free.release()

        late = asyncio.get_running_loop().call_later(self.seconds, give_up)
        try:
            yield
        finally:
            late.cancel()
            give_up()
