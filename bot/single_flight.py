"""One answer for all who ask the same question at the same time.

Used where an answer is dear: fetching closes, invoking the endpoint, drawing a chart.  A cancelled
asker cancels nobody else's question; a failure goes to everybody who waits for it and is not
remembered.
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")


class SingleFlight(Generic[Answer]):
    """Questions under way, by key."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[Answer]] = {}

    async def ask(
        self, key: Hashable, question: Callable[[], Coroutine[Any, Any, Answer]]
    ) -> Answer:
        """Wait for the answer to `key`, asking `question` only if nobody does already.

        Raises:
            Exception: whatever `question` raises, to all who wait for it.
        """
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(question())
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._ended(key, done))
        return await asyncio.shield(task)

    def _ended(self, key: Hashable, done: asyncio.Task[Answer]) -> None:
        del self._under_way[key]
        if not done.cancelled():
            done.exception()  # seen, so that asyncio does not report it when all askers are gone
