"""Taking the lease again means sending anew, with what others left half sent."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.flow.replicas.late import Late
from tests.sending_office import office, sender


def sent_then(late: Late, stop: asyncio.Event) -> Callable[[], Awaitable[None]]:
    """Nudge the sender, and ask it to stop, as soon as something is on its way."""

    async def ask() -> None:
        late.nudge()
        stop.set()

    return ask


async def test_each_taking_frees_what_another_process_left_half_sent() -> None:
    """It was killed while this one waited; nobody else would ever send that item."""
    desk = office()
    late = Late(lambda: sender(desk.records, desk.post, desk.pace, desk.hours))
    for chat in (1, 2):
        await desk.queue(chat, subject=f"of chat {chat}")
        (item,) = await desk.records.outbox.due(desk.hours.clock(), 1)
        await desk.records.outbox.advance([], [item], desk.hours.clock())  # claimed, then killed
        stop = asyncio.Event()
        desk.post.on_the_way = sent_then(late, stop)
        await late.run(stop)
    late.nudge()  # to nobody who listens: another process sends

    assert (desk.post.chats, desk.states) == ([1, 2], {1: "sent", 2: "sent"})
