"""The local chat in one process with a test: no port, no real clock, no real waiting."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
from starlette.applications import Starlette

from deploy.local.telegram.app import create_app
from deploy.local.telegram.limits import Limits

TOKEN = "123456:" + "A" * 35
ADDRESS = "http://127.0.0.1:8081"
BEGINS = datetime(2026, 11, 23, 12, tzinfo=UTC)
SENT = int(BEGINS.timestamp())
BOT = {
    "id": 7000000001,
    "is_bot": True,
    "first_name": "Fechamento",
    "username": "fechamento_bot",
}


@dataclass
class Time:
    """A clock that stands still until it is told to go on."""

    passed: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        """The time of day."""
        return BEGINS + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        """Seconds since the test began."""
        return self.passed

    async def sleep(self, seconds: float) -> None:
        """Note that somebody wanted to wait, and let the time pass at once."""
        self.slept.append(seconds)
        self.passed += seconds


@dataclass(frozen=True, slots=True)
class LocalChat:
    """Both sides of the local chat."""

    app: Starlette
    http: httpx.AsyncClient
    time: Time

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a method as a bot does, with JSON; gives the whole envelope."""
        response = await self.http.post(f"/bot{TOKEN}/{method}", json=parameters)
        return dict(response.json())

    async def result(self, method: str, **parameters: object) -> Any:
        """Call a method that works."""
        envelope = await self.call(method, **parameters)
        assert envelope["ok"], envelope
        return envelope["result"]

    async def refusal(self, method: str, **parameters: object) -> str:
        """Call a method that is refused; gives the sentence."""
        return str((await self.call(method, **parameters))["description"])

    async def poll(self) -> "asyncio.Task[dict[str, Any]]":
        """Start a getUpdates, and let everything go on until it waits."""
        task = asyncio.create_task(self.call("getUpdates", timeout=50))
        for _ in range(100):  # no request in this process takes so many turns of the loop
            await asyncio.sleep(0)
        return task

    async def upload(
        self, method: str, files: Mapping[str, Any], **parameters: str
    ) -> dict[str, Any]:
        """Call a method with files, as a form."""
        address = f"/bot{TOKEN}/{method}"
        response = await self.http.post(address, data=parameters, files=dict(files))
        return dict(response.json())

    async def say(self, text: str, chat: int = 1, **more: Any) -> int:
        """Write as a person does; gives the message_id."""
        order = {"text": text, "from": {"id": 1}, **more}
        response = await self.http.post(f"/chats/{chat}/messages", json=order)
        assert response.status_code == 200, response.text
        return int(response.json()["message_id"])

    async def seen(self, chat: int = 1) -> list[dict[str, Any]]:
        """What stands in a chat, as people see it."""
        return list((await self.http.get(f"/chats/{chat}/messages")).json())

    async def group(self, chat: int = -100, **more: object) -> None:
        """Set a group up."""
        order = {"type": "supergroup", "title": "Ops", "admins": [1], **more}
        response = await self.http.put(f"/chats/{chat}", json=order)
        assert response.status_code == 200, response.text

    async def heard(self) -> list[dict[str, Any]]:
        """What the bot has not confirmed yet, without the numbers."""
        updates = await self.result("getUpdates")
        return [{k: v for k, v in update.items() if k != "update_id"} for update in updates]


@asynccontextmanager
async def local_chat(limits: Limits | None = None, **more: Any) -> AsyncIterator[LocalChat]:
    """The local chat, without limits unless they are given."""
    time = Time()
    app = create_app(
        clock=time.now, limits=limits, monotonic=time.monotonic, sleep=time.sleep, **more
    )
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=ADDRESS) as http,
    ):
        yield LocalChat(app, http, time)


def png(width: int = 3, height: int = 2, padding: int = 0) -> bytes:
    """A small true PNG; `padding` bytes of a private chunk make it larger."""
    rows = b"".join(b"\0" + b"\x10\x20\x30" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    if padding:
        chunks.insert(1, (b"paDd", bytes(padding)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def as_form(document: object) -> str:
    """A nested object as forms carry it."""
    return orjson.dumps(document).decode()
