"""Where updates wait for their turn: few at once, few of one conversation, none lost unseen.

    poll or webhook ─put─▶ lines, one for each conversation ─get─▶ turns ─▶ handlers
        ▲ waits outside while the room is full

Whoever writes faster than he is answered waits in his own line and delays nobody else's.  What has
been put is taken on: it is answered, or its conversation is told that it was not.  What waits
outside stays with Telegram, which is told to forget an update only after it has been put.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from telegram import Update

from bot.edges.telegram.lines import Lines

AT_ONCE = 16
"""Updates handled at the same time; a slow answer delays nobody else's."""
OF_ONE_AT_ONCE = 4
"""Of them, those of one conversation."""
READY_AT_MOST = 16
"""Conversations that wait for nothing but a free turn; one more waits outside."""
TAKEN_ON_AT_MOST = 6_000
"""Updates in the room: 17 MB of the usual, at the 2.9 KB that one was measured to take."""
OF_ONE_AT_MOST = 3_000
"""Of them, those that wait in one conversation: at one a second, Telegram's limit for answers to
a chat, the best part of an hour."""

Line = int | None
"""Whose turn it is: a chat for what is written, a person for what is pressed or asked inline."""


@dataclass(frozen=True, slots=True)
class Places:
    """How much there is room for, as the constants of this module say it."""

    at_once: int = AT_ONCE
    of_one_at_once: int = OF_ONE_AT_ONCE
    ready: int = READY_AT_MOST
    taken_on: int = TAKEN_ON_AT_MOST
    of_one: int = OF_ONE_AT_MOST


class WaitingRoom(asyncio.Queue[object]):
    """The queue of an application; its `Turns` say when an update has been handled.

    What is no update, such as the application's own sign to stop, comes after all updates.

    Attributes:
        newest: number of the update that was put last; None before the first.
        turned_away: told of the first update for which its conversation has no place, and of none
            after it until that conversation has been answered.
    """

    _queue: Lines[Line, Update]

    def __init__(self, places: Places | None = None) -> None:
        self.newest: int | None = None
        self.turned_away: Callable[[Update], object] = bool
        self._places = places or Places()
        self._signs: list[object] = []
        self._turns: dict[asyncio.Task[object], Update] = {}
        self._floods: set[Line] = set()
        self._aside = 0
        self._closed = False
        self._moved = asyncio.Event()
        super().__init__()

    async def put(self, item: object) -> None:
        """Take an update on as soon as there is room.

        Raises:
            QueueFull: the room is closed.
        """
        if not isinstance(item, Update):
            self.put_nowait(item)
            return
        while not self._closed and self._is_full():
            await self._move()
        if self._closed:
            raise asyncio.QueueFull
        self.newest = item.update_id
        if self._queue.length(line := line_of(item)) < self._places.of_one:
            self.put_nowait(item)
        elif line not in self._floods:
            self._floods.add(line)
            self.turned_away(item)

    async def get(self) -> object:
        """Hand out the next update as soon as it has a turn."""
        while not self._may_begin():
            await self._move()
        return self.get_nowait()

    def qsize(self) -> int:
        """How many wait."""
        return len(self._queue) + len(self._signs)

    def empty(self) -> bool:
        """Whether nobody waits."""
        return not self.qsize()

    def close(self) -> None:
        """Take nothing on any more."""
        self._closed = True
        self._moved.set()

    async def emptied(self) -> None:
        """Wait until everything that was taken on has been handled."""
        while self._queue or self._queue.under_way:
            await self._move()

    def abandon(self) -> list[Update]:
        """Break off what is under way and forget what waits; gives both: nobody answered them."""
        left = [*self._turns.values(), *(waiting := self._queue.clear())]
        for task in self._turns:
            task.cancel()
        for _ in waiting:
            self.task_done()
        self._moved.set()
        return left

    @contextmanager
    def turn(self, update: object) -> Iterator[None]:
        """Handle an update that was handed out, in the task that does it."""
        task = asyncio.current_task()
        if task is None or not isinstance(update, Update):
            yield
            return
        self._turns[task] = update
        try:
            yield
        finally:
            del self._turns[task]
            self._ended(line_of(update))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let others have the turn while one conversation has to be left alone."""
        self._aside += 1
        self._moved.set()
        try:
            yield
        finally:
            self._aside -= 1

    def _ended(self, line: Line) -> None:
        self._queue.ended(line)
        if not self._queue.length(line):
            self._floods.discard(line)
        self._moved.set()

    def _is_full(self) -> bool:
        taken_on = len(self._queue) + self._queue.under_way
        return self._queue.ready >= self._places.ready or taken_on >= self._places.taken_on

    def _may_begin(self) -> bool:
        if self._queue.ready:
            return self._queue.under_way - self._aside < self._places.at_once
        return bool(self._signs) and not self._queue

    async def _move(self) -> None:
        """Wait until something has changed."""
        self._moved.clear()
        await self._moved.wait()

    # What asyncio.Queue leaves to its subclasses, as PriorityQueue takes it up.

    def _init(self, maxsize: int) -> None:  # noqa: ARG002, the signature is asyncio's
        self._queue = Lines(self._places.of_one_at_once)

    def _put(self, item: object) -> None:
        if isinstance(item, Update):
            self._queue.add(line_of(item), item)
        else:
            self._signs.append(item)
        self._moved.set()

    def _get(self) -> object:
        self._moved.set()
        if self._queue.ready:
            return self._queue.next()
        if self._queue:  # every line has all its turns under way
            raise asyncio.QueueEmpty
        return self._signs.pop(0)


def line_of(update: Update) -> Line:
    """In whose line an update waits; None for what nobody in particular did."""
    if update.callback_query or update.inline_query:
        return update.effective_user.id if update.effective_user else None
    return update.effective_chat.id if update.effective_chat else None
