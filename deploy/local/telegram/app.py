"""The local chat: a stand-in for Telegram's Bot API with a chat page in the browser.

    bot ──/bot<token>/<method>──▶ ┌─────────┐ ◀──/chats/… ── people: the page, tests, scripts
        ◀──getUpdates, webhook─── └─────────┘ ──events──▶

Strict where Telegram is strict: formatting, lengths, rates, identifiers and rights.  Everything
is in memory, identifiers count up, and the clock is an argument.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from deploy.local.telegram import bot_side, people_side
from deploy.local.telegram.calls import read_reply
from deploy.local.telegram.guard import Guard
from deploy.local.telegram.limits import Limiter, Limits
from deploy.local.telegram.methods.table import perform
from deploy.local.telegram.refusals import Refused
from deploy.local.telegram.service import Service, Sleep
from deploy.local.telegram.state.chats import Chats
from deploy.local.telegram.state.messages import Person
from deploy.local.telegram.state.updates import Updates
from deploy.local.telegram.state.webhook import Postman, Reply, Webhook

USUAL_LIMITS = Limits()
"""Telegram's own."""

_PAGE = Path(__file__).parent / "page"
_BOT_ID = 7_000_000_001
_POLICY = "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def create_app(  # noqa: PLR0913 -- every edge of the stand-in can be given, and has a default
    *,
    clock: Callable[[], datetime],
    token: str | None = None,
    limits: Limits | None = USUAL_LIMITS,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Sleep = asyncio.sleep,
    postman: Callable[[], Postman] | None = None,
    name: str = "Fechamento",
    username: str = "fechamento_bot",
) -> Starlette:
    """Make the local chat.

    Args:
        clock: gives the time that messages are dated with, aware.
        token: the only one let in; None lets every well-formed one in, all of them one bot.
        limits: how often the bot may write; None for no limits.
        monotonic: seconds that never go back, for the limits.
        sleep: waits for so many seconds, for ordered delays and between webhook attempts.
        postman: makes what brings updates to a webhook; None is HTTP.
        name: of the bot, until it sets another.
        username: by which it is addressed in groups.

    Returns:
        The ASGI app; its `state.service` holds everything, and `state.service.close()` ends all
        that waits, before the server that runs it is stopped.
    """
    bot = Person(
        int(token.partition(":")[0]) if token else _BOT_ID, name, username=username, is_bot=True
    )
    chats = Chats(clock, bot)
    # Beginning with the time lets a bot go on listening to a stand-in that was started again.
    updates = Updates(next_id=chats.now(), monotonic=monotonic)

    async def perform_reply(reply: Reply) -> None:
        await _perform(service, reply)

    webhook = Webhook(updates, postman or _http_postman, perform_reply, sleep, chats.now)
    service = Service(token, chats, updates, webhook, Limiter(limits, monotonic), sleep)
    app = Starlette(
        routes=[*people_side.routes(service), *bot_side.routes(service), *_page_routes()],
        middleware=[Middleware(Guard)],
        lifespan=_lifespan,
    )
    app.state.service = service
    return app


def _http_postman() -> Postman:
    # httpx takes 0.15 s and 5 MB to load, and most bots never set a webhook.
    from deploy.local.telegram.state.postman import HttpPostman  # noqa: PLC0415 -- see above

    return HttpPostman()


async def _perform(service: Service, reply: Reply) -> None:
    """Carry out what a webhook answered; a refusal is only seen in getWebhookInfo."""
    try:
        call = await read_reply(reply.body, reply.content_type)
        if call.method:
            await perform(service, call)
    except Refused as refused:
        service.webhook.failure = {
            "last_error_date": service.chats.now(),
            "last_error_message": refused.description,
        }


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    app.state.service.close()
    await app.state.service.webhook.close()


class _Page(StaticFiles):
    """The page's files, asked for again each time: none is ever paired with an older one."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Add the page's headers to a file."""
        response = super().file_response(*args, **kwargs)
        response.headers.update(_HEADERS)
        return response


def _page_routes() -> list[Route | Mount]:
    async def index(_: Request) -> FileResponse:
        return FileResponse(_PAGE / "index.html", headers=_HEADERS)

    return [Route("/", index), Mount("/static", _Page(directory=_PAGE))]
