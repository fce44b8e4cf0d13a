"""The real bot of python-telegram-bot in front of the strict local chat, all in this process."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.edges.local_processes import LOCAL_TOKEN
from bot.edges.telegram.delivery import TelegramDelivery
from bot.edges.telegram.pace import Pace
from bot.edges.telegram.retries import PatientCalls
from deploy.local.telegram.app import create_app
from deploy.local.telegram.limits import Limits
from tests.sending_office import Hours

ADDRESS = "http://127.0.0.1"


@dataclass
class Line:
    """The wire between bot and chat; raises `cut` instead of carrying anything while it is set."""

    chat: httpx.AsyncBaseTransport
    cut: Callable[[httpx.Request], Exception] | None = None

    @property
    def transport(self) -> httpx.AsyncBaseTransport:
        """As httpx takes it."""
        line = self

        class Wire(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                if line.cut:
                    raise line.cut(request)
                return await line.chat.handle_async_request(request)

        return Wire()


@dataclass
class LocalTelegram:
    """What a pushed message meets: pace, bot, wire and chat."""

    people: httpx.AsyncClient
    line: Line
    hours: Hours
    pace: Pace
    delivery: TelegramDelivery

    async def read(self, chat: int) -> list[dict[str, Any]]:
        """What stands in a chat, as people see it."""
        return list((await self.people.get(f"/chats/{chat}/messages")).json())

    async def texts(self, chat: int) -> list[str]:
        """The words alone."""
        return [str(message["text"]) for message in await self.read(chat)]

    async def fault(self, **how: object) -> None:
        """Make the next calls fail."""
        (
            await self.people.post("/faults", json={"method": "sendMessage", **how})
        ).raise_for_status()

    async def set_up(self, chat: int, **how: object) -> None:
        """Set a chat up: its kind, blocked, moved."""
        (await self.people.put(f"/chats/{chat}", json=how)).raise_for_status()


@asynccontextmanager
async def local_telegram(
    hours: Hours, limits: Limits | None = None, token: str = LOCAL_TOKEN
) -> AsyncIterator[LocalTelegram]:
    """A bot that has made itself known, and the chat before anybody wrote."""
    app = create_app(clock=hours.clock, token=LOCAL_TOKEN, limits=limits, monotonic=hours.monotonic)
    line = Line(httpx.ASGITransport(app))
    pace = Pace(hours.monotonic)
    bot: ExtBot[Any] = ExtBot(
        LOCAL_TOKEN,
        base_url=f"{ADDRESS}/bot",
        request=HTTPXRequest(httpx_kwargs={"transport": line.transport}),
        rate_limiter=PatientCalls(hours.sleep, pace),
    )
    people = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS)
    async with people, bot:
        if token != LOCAL_TOKEN:  # refused from now on, as when it was revoked
            app.state.service.token = token
        yield LocalTelegram(people, line, hours, pace, TelegramDelivery(bot))
    app.state.service.close()
