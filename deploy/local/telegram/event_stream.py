"""What happens in a chat, as Server-Sent Events for the page.

`message` (new or edited), `deleted`, `typing`, `callback_answer` and `commands`.  A page that was
away reads the chat again; the stream itself repeats nothing.
Format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
from collections.abc import AsyncGenerator

import orjson
from starlette.responses import StreamingResponse

from deploy.local.telegram.state.chats import Chats, Event

SECONDS_BETWEEN_SIGNS = 15.0
"""An empty line goes out that often, so that a page that has vanished is noticed."""


def event_stream(chats: Chats, chat_id: int) -> StreamingResponse:
    """A response that lasts until the page or the server goes away."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    lines = events(chats, chat_id)
    return StreamingResponse(lines, headers=headers, media_type="text/event-stream")


async def events(
    chats: Chats, chat_id: int, seconds: float = SECONDS_BETWEEN_SIGNS
) -> AsyncGenerator[bytes, None]:
    """The lines of the stream, each event whole, and a sign after so many seconds of silence."""
    with chats.listening(chat_id) as queue:
        yield b"retry: 1000\n\n"
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), seconds)
            except TimeoutError:
                yield b":\n\n"
                continue
            if event is None:
                return
            yield _written(event)


def _written(event: Event) -> bytes:
    return f"event: {event.kind}\ndata: ".encode() + orjson.dumps(event.content) + b"\n\n"
