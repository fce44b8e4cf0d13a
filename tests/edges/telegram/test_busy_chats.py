"""Busy conversations in front of the local chat with Telegram's limits: every answer arrives.

The real application with its room, turns and pace; time passes only while everybody waits.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pytest
from telegram import Update
from telegram.ext import MessageHandler, filters
from telegram.request import HTTPXRequest

from bot.edges.local_processes import LOCAL_TOKEN
from bot.edges.telegram.application import Connection, application
from bot.edges.telegram.commands import Commands
from bot.edges.telegram.leaving import confirm, leave
from bot.edges.telegram.pace import Pace
from bot.edges.telegram.parts import Built
from bot.edges.telegram.retries import PatientCalls
from bot.edges.telegram.unexpected import Unexpected
from bot.edges.telegram.waiting_room import Places, WaitingRoom
from bot.wording.apologies import STOPPED_BEFORE, TOO_MANY
from deploy.local.telegram.app import create_app
from deploy.local.telegram.limits import Limits
from tests.share_bars import at

ADDRESS = "http://127.0.0.1"
GROUP = -100
TURNS = 300
"""Of the event loop, in which whatever can go on without waiting for time has gone on."""


@dataclass
class Waits:
    """Everybody who sleeps, woken in order."""

    passed: float = 0.0
    _sleeping: list[tuple[float, int, asyncio.Event]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def monotonic(self) -> float:
        """Seconds so far."""
        return self.passed

    async def sleep(self, seconds: float) -> None:
        """Wait until so much time has been let pass."""
        woken = asyncio.Event()
        heapq.heappush(self._sleeping, (self.passed + seconds, next(self._numbers), woken))
        await woken.wait()

    async def pass_until(self, moment: float) -> None:
        """Let the time pass, and everybody do what is due."""
        await settled()
        while self._sleeping and self._sleeping[0][0] <= moment:
            self.passed, _, woken = heapq.heappop(self._sleeping)
            woken.set()
            await settled()
        self.passed = moment


async def settled() -> None:
    """Let everything go on that does not wait for time."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


@dataclass
class Busy:
    """The application, its room, and the chat before anybody wrote."""

    built: Built
    room: WaitingRoom
    waits: Waits
    people: httpx.AsyncClient
    refused: list[str]
    free: asyncio.Event
    offset: int = 0

    async def write(self, chat: int, texts: int = 1) -> None:
        """Somebody writes so many times."""
        for number in range(texts):
            order = {"text": f"/{number}", "from": {"id": abs(chat)}}
            (await self.people.post(f"/chats/{chat}/messages", json=order)).raise_for_status()

    async def poll(self) -> None:
        """Fetch as a poll does, as far as there is room."""
        while updates := await self.built.bot.get_updates(self.offset, timeout=0):
            for update in updates:
                await self.room.put(update)
            self.offset = updates[-1].update_id + 1

    async def answers(self, chat: int) -> list[str]:
        """What the bot has written into a chat."""
        found = (await self.people.get(f"/chats/{chat}/messages")).json()
        return [str(one["text"]) for one in found if one["from"] == "bot"]


@asynccontextmanager
async def busy(places: Places | None = None) -> AsyncIterator[Busy]:
    """An application that answers every message, and counts what Telegram refuses."""
    waits, room = Waits(), WaitingRoom(places)
    app = create_app(
        clock=lambda: at("2026-07-29T12:00"),
        token=LOCAL_TOKEN,
        limits=Limits(),
        monotonic=waits.monotonic,
    )
    refused, free = list[str](), asyncio.Event()
    free.set()

    async def echo(update: Update, _context: Any) -> None:
        await free.wait()
        if message := update.effective_message:
            await message.reply_text(f"eco {message.text}")

    async def noted(response: httpx.Response) -> None:
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            refused.append(response.request.url.path.rpartition("/")[2])

    hooks = {"transport": httpx.ASGITransport(app), "event_hooks": {"response": [noted]}}
    request = HTTPXRequest(connection_pool_size=100, httpx_kwargs=hooks)
    calls = PatientCalls(waits.sleep, Pace(waits.monotonic), room.aside)
    commands = Commands(None, None, None)  # type: ignore[arg-type]
    built = application(
        Connection(LOCAL_TOKEN, ADDRESS, calls, request),
        commands,
        Unexpected(code=lambda: "c0de01"),
        room=room,
    )
    built.add_handler(MessageHandler(filters.TEXT, echo), group=-1)
    for handler in list(built.handlers[0]):
        built.remove_handler(handler)
    people = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS)
    async with people, built:
        await people.put(f"/chats/{GROUP}", json={"type": "supergroup", "title": "Ops"})
        await built.start()
        yield Busy(built, room, waits, people, refused, free)
        await leave(built, room, answers=0, words=0)
        await built.stop()
    app.state.service.close()


async def test_a_busy_group_gets_all_answers_and_telegram_refuses_none() -> None:
    """Twenty a minute is the limit; who comes back too early is made to wait longer."""
    async with busy() as bot:
        await bot.write(GROUP, 45)
        await bot.poll()
        counts = []
        for minute in range(3):
            await bot.waits.pass_until(60 * minute + 59)
            counts.append(len(await bot.answers(GROUP)))

        assert (counts, bot.refused) == ([20, 40, 45], [])


async def test_while_a_group_waits_a_private_chat_is_answered_at_once() -> None:
    """The limit is the group's own."""
    async with busy(Places(at_once=4)) as bot:
        await bot.write(GROUP, 45)
        await bot.write(7)
        await bot.poll()
        await settled()

        assert (await bot.answers(7), bot.waits.passed) == (["eco /0"], 0)


async def test_a_flood_in_a_private_chat_is_answered_to_the_last_and_delays_nobody() -> None:
    """A hundred at once: the 429 is waited out without losing one, and others come between."""
    async with busy() as bot:
        await bot.write(7, 100)
        await bot.write(8)
        await bot.poll()
        await bot.waits.pass_until(1)
        neighbour = await bot.answers(8)
        await bot.waits.pass_until(120)

        assert neighbour == ["eco /0"]
        assert sorted(await bot.answers(7)) == sorted(f"eco /{n}" for n in range(100))
        assert len(bot.refused) < 10


async def test_a_stop_tells_whom_it_does_not_answer_and_leaves_the_rest_to_telegram() -> None:
    """Nobody waits for an answer that never comes, and nobody has to ask twice without need."""
    async with busy(Places(at_once=2, of_one_at_once=1, ready=1)) as bot:
        bot.free.clear()
        for person, texts in ((7, 3), (8, 1), (9, 1), (10, 2)):
            await bot.write(person, texts)
        polling = asyncio.create_task(bot.poll())
        await settled()
        polling.cancel()
        await confirm(bot.built, bot.room)
        await leave(bot.built, bot.room, answers=0)
        again = await bot.built.bot.get_updates(timeout=0)
        told = [await bot.answers(person) for person in (7, 8, 9, 10)]

        assert [each.effective_chat and each.effective_chat.id for each in again] == [10, 10]
        assert told == [[STOPPED_BEFORE], [STOPPED_BEFORE], [STOPPED_BEFORE], []]


async def test_what_is_under_way_is_answered_before_the_stop() -> None:
    """Some seconds are enough for nearly everybody."""
    async with busy() as bot:
        await bot.write(7, 3)
        await bot.poll()
        await leave(bot.built, bot.room)

        assert await bot.answers(7) == ["eco /0", "eco /1", "eco /2"]


async def test_what_a_group_says_past_the_bot_needs_no_word() -> None:
    """A restart is nobody's business who did not ask."""
    async with busy() as bot:
        bot.free.clear()
        talk = {"text": "bom dia", "from": {"id": 7}}
        (await bot.people.post(f"/chats/{GROUP}/messages", json=talk)).raise_for_status()
        await bot.poll()
        await settled()
        await leave(bot.built, bot.room, answers=0)

        assert await bot.answers(GROUP) == []


async def test_too_many_messages_of_one_chat_are_said_to_be_too_many() -> None:
    """Once, and those that had a place are answered."""
    async with busy(Places(of_one_at_once=1, of_one=2)) as bot:
        bot.free.clear()
        await bot.write(7, 6)
        await bot.poll()
        await settled()
        bot.free.set()
        await settled()

        assert await bot.answers(7) == [TOO_MANY, "eco /0", "eco /1"]


async def test_without_any_update_there_is_nothing_to_confirm() -> None:
    """A bot that is stopped at once asks Telegram for nothing."""
    async with busy() as bot:
        await bot.write(7)
        await confirm(bot.built, bot.room)

        assert len(await bot.built.bot.get_updates(timeout=0)) == 1


async def test_a_confirmation_that_fails_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Somebody else polls already, as after a quick deployment: it is theirs then."""
    async with busy() as bot:
        await bot.write(7)
        await bot.poll()
        fault = {"method": "getUpdates", "status": 502, "times": 1}
        (await bot.people.post("/faults", json=fault)).raise_for_status()
        await confirm(bot.built, bot.room)

        assert "last updates not confirmed" in caplog.text
