"""A chat with the bot: what is typed goes in, what is read comes out.

The real application with its real handlers speaks through python-telegram-bot's real HTTP client
to the real local chat, all in this process: commands, markup, limits and buttons are checked as
strictly as Telegram checks them.  Only prices, model, clock and chart are made up.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.domain.closes import Bar, DailyBars, Origin, RunningPrice
from bot.domain.forecast import Outlook
from bot.domain.tickers import Ticker
from bot.edges.local_processes import LOCAL_TOKEN
from bot.edges.telegram.answers import Answers
from bot.edges.telegram.application import ALLOWED_UPDATES, Connection, application
from bot.edges.telegram.commands import Commands
from bot.edges.telegram.inline import InlineForecasts
from bot.edges.telegram.late import LateAnswers
from bot.edges.telegram.members import Members
from bot.edges.telegram.membership import Membership
from bot.edges.telegram.parts import Part
from bot.edges.telegram.pictures import Pictures
from bot.edges.telegram.privacy import PrivacyCommands
from bot.edges.telegram.retries import PatientCalls
from bot.edges.telegram.subscribing import SubscriptionCommands
from bot.edges.telegram.unexpected import Unexpected
from bot.errors import ForecastError, UnknownTicker
from bot.flow.forecasts.forecaster import Forecaster
from bot.flow.pushes.subscribing import Subscribing
from bot.wording.buttons import Horizon
from deploy.local.telegram.app import create_app
from tests.fakes_endpoint import FakeEndpoint
from tests.fakes_records import FakeRecords
from tests.pictures import png
from tests.share_bars import B3, at, walk

LISTED = ("ITUB4.SA", "PETR4.SA", "VALE3.SA")
CHAT = 1


@dataclass
class Prices:
    """Fulfils `bot.ports.forecasting.ClosesSource` with a random walk, or fails as it is told."""

    failure: ForecastError | None = None
    missing: str = ""
    origin: Origin = Origin.FILE
    running: RunningPrice | None = None
    newest: str = "2026-07-30"
    count: int = 130
    kept_at: datetime | None = None
    spoil: Callable[[Bar], Bar] = lambda bar: bar

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """The same walk for every listed share."""
        if self.failure:
            raise self.failure
        if ticker not in LISTED or ticker == self.missing:
            raise UnknownTicker(ticker)
        bars = tuple(map(self.spoil, walk(at(f"{self.newest}T00:00").date(), self.count)))
        return DailyBars(
            ticker, bars, self.origin, self.kept_at or now, self.running, kept=bool(self.kept_at)
        )


@dataclass
class Watch:
    """A clock that stands still until it is set."""

    now: datetime

    def __call__(self) -> datetime:
        """The time that it was set to."""
        return self.now


@dataclass
class Chat:
    """A private chat with the bot, at a time that can be set."""

    people: httpx.AsyncClient
    bot: Application[Any, Any, Any, Any, Any, Any]
    prices: Prices
    model: FakeEndpoint
    records: FakeRecords
    watch: Watch
    drawn: list[Horizon]
    waits: list[float]
    local: Starlette
    seen: dict[int, int] = field(default_factory=dict)
    offset: int = 0

    async def says(self, text: str, chat: int = CHAT, *, by: int = 1, **more: object) -> list[str]:
        """Type `text`; what the bot answers, messages as people read them."""
        await self.types(text, chat, by=by, **more)
        return [told(message) for message in await self.read(chat)]

    async def types(self, text: str, chat: int = CHAT, *, by: int = 1, **more: object) -> None:
        """Type `text`, or what `more` makes of it, and let the bot work."""
        await self._posted(f"/chats/{chat}/messages", {"text": text, "from": {"id": by}, **more})

    async def presses(self, label: str, chat: int = CHAT, *, by: int = 1) -> str:
        """Press the button of the newest answer that says `label`; what the press is answered."""
        message = (await self.messages(chat))[-1]
        (button,) = (b for row in message["buttons"] for b in row if b["text"] == label)
        return await self.presses_data(message["message_id"], button["data"], chat, by=by)

    async def presses_data(
        self, message_id: int, data: str, chat: int = CHAT, *, by: int = 1
    ) -> str:
        """Press a button by what it carries."""
        press = {"message_id": message_id, "data": data, "from": {"id": by}}
        callback = await self._posted(f"/chats/{chat}/callbacks", press)
        return str((await self.people.get(f"/callbacks/{callback['callback_id']}")).json()["text"])

    async def asks_inline(self, query: str) -> dict[str, Any]:
        """Type `@bot query` somewhere; what is offered."""
        asked = await self._posted("/inline", {"query": query, "from": {"id": 1}})
        found = (await self.people.get(f"/inline/{asked['inline_query_id']}")).json()
        return {**found, "inline_query_id": asked["inline_query_id"]}

    async def becomes(self, chat: int, **changes: object) -> None:
        """Set a chat up, or change it as people do, and let the bot hear of it."""
        (await self.people.put(f"/chats/{chat}", json=changes)).raise_for_status()
        await self.hears()

    async def shown(self, chat: int = CHAT) -> list[list[str]]:
        """The rows of buttons under the newest message."""
        rows = (await self.messages(chat))[-1]["buttons"]
        return [[button["text"] for button in row] for row in rows]

    async def read(self, chat: int = CHAT) -> list[dict[str, Any]]:
        """What the bot has written since the last look."""
        new = await self.messages(chat, after=self.seen.get(chat, 0))
        self.seen[chat] = max((m["message_id"] for m in new), default=self.seen.get(chat, 0))
        return [message for message in new if message["from"] == "bot"]

    async def messages(self, chat: int = CHAT, after: int = 0) -> list[dict[str, Any]]:
        """All messages of the chat, oldest first."""
        found = await self.people.get(f"/chats/{chat}/messages", params={"after": after})
        return list(found.json())

    async def fault(self, **how: object) -> None:
        """Make Telegram's next calls fail."""
        (await self.people.post("/faults", json=how)).raise_for_status()

    async def _posted(self, path: str, body: dict[str, object]) -> Any:
        answer = await self.people.post(path, json=body)
        answer.raise_for_status()
        await self.hears()
        return answer.json()

    async def hears(self) -> None:
        """Let the bot work on what has happened."""
        for update in await self.bot.bot.get_updates(
            self.offset, timeout=0, allowed_updates=ALLOWED_UPDATES
        ):
            self.offset = update.update_id + 1
            await self.bot.process_update(update)


def told(message: dict[str, Any]) -> str:
    """A message as people read it, with a sign for its picture."""
    text = str(message.get("text") or message.get("caption"))
    return f"[foto] {text}" if message.get("photo") else text


@pytest.fixture
def served() -> Sequence[Ticker]:
    """The allow-list; tests that want one override this."""
    return ()


@pytest.fixture
async def chat(served: Sequence[Ticker]) -> AsyncIterator[Chat]:
    """A chat on Wednesday morning before the open, all things well."""
    watch, prices, model = Watch(at("2026-07-29T08:30")), Prices(), FakeEndpoint()
    drawn: list[Horizon] = []
    waits: list[float] = []
    local = create_app(clock=watch, token=LOCAL_TOKEN, limits=None)

    def draw(outlook: Outlook, horizon: Horizon) -> bytes:
        drawn.append(horizon)
        return png(outlook.today.expected)

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    forecaster = Forecaster(prices, model, B3, watch, tuple(served))
    people = httpx.AsyncClient(
        transport=httpx.ASGITransport(local), base_url="http://127.0.0.1", timeout=5
    )
    request = HTTPXRequest(httpx_kwargs={"transport": httpx.ASGITransport(local)})
    answers, members, records = Answers(Pictures(draw)), Members(watch), FakeRecords()
    itub4 = Ticker("ITUB4.SA")
    subscribing = Subscribing(records.subscriptions, forecaster, itub4, time(9))
    parts: Sequence[Part] = (
        LateAnswers(answers, watch),
        SubscriptionCommands(subscribing, answers, members),
        PrivacyCommands(records.subscriptions, answers, members),
        Membership(records.subscriptions, watch),
        InlineForecasts(forecaster, (itub4, Ticker("PETR4.SA"), Ticker("VALE3.SA"))),
    )
    bot = application(
        Connection(LOCAL_TOKEN, "http://127.0.0.1", PatientCalls(wait), request),
        Commands(forecaster, answers, itub4),
        Unexpected(code=lambda: "c0de01"),
        parts,
    )
    async with people, bot:
        yield Chat(people, bot, prices, model, records, watch, drawn, waits, local)
    local.state.service.close()
