"""A broadcast while one thing after the other goes wrong: real sender, bot, chat and database."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.domain.outbox import Content, Kind, Occasion
from bot.domain.places import Place
from bot.edges.database.opening import FILE, Database, open_database
from bot.edges.database.outbox import KeptOutbox
from bot.flow.outbox.broadcast_reports import BroadcastReports
from bot.flow.outbox.sending import Sender
from deploy.local.telegram.app import USUAL_LIMITS
from tests.local_telegram import LocalTelegram, local_telegram
from tests.sending_office import BEGINS, SESSION, Hours, told

CHATS = range(1, 26)


class Broadcast:
    """A broadcast to a few private chats and what they read."""

    def __init__(self, telegram: LocalTelegram, database: Database, folder: Path) -> None:
        self.telegram = telegram
        self.hours = telegram.hours
        self.file = folder / FILE
        self.outbox = KeptOutbox(database)
        self.places = [Place(chat) for chat in CHATS]
        self.sender = Sender(
            self.outbox,
            telegram.delivery,
            telegram.pace,
            BroadcastReports(self.outbox, (), told),
            self.hours.timing,
        )

    async def begins(self, *, steps: int = 8) -> None:
        """Queue everything and send the first few."""
        occasion = Occasion(Kind.NOTICE, "aviso", SESSION)
        await self.outbox.put(self.places, occasion, Content("<b>oi</b>"), now=BEGINS)
        for _ in range(steps):
            await self.hours.sleep(await self.sender.step())

    async def goes_on(self) -> None:
        """Send until nothing waits and everything is recorded."""
        for _ in range(500):
            wait = await self.sender.step()
            waiting = (await self.outbox.backlog(self.hours.clock())).waiting
            if not waiting and not self.sender._unrecorded:
                return
            await self.hours.sleep(wait)
        raise AssertionError("the broadcast does not end")

    async def read(self) -> list[int]:
        """How many messages each chat got."""
        return [len(await self.telegram.read(place.chat_id)) for place in self.places]


@pytest.fixture
async def broadcast(tmp_path: Path) -> AsyncIterator[Broadcast]:
    """In front of a chat with Telegram's own limits."""
    database = open_database(None, tmp_path, busy_seconds=0)
    async with local_telegram(Hours(), USUAL_LIMITS) as telegram:
        yield Broadcast(telegram, database, tmp_path)
    database.close()


ONCE = [1] * len(CHATS)


async def test_on_a_good_day_everybody_reads_it_once_and_no_limit_is_met(
    broadcast: Broadcast, caplog: pytest.LogCaptureFixture
) -> None:
    """The pace keeps below what Telegram allows, so Telegram never has to say so."""
    await broadcast.begins()
    await broadcast.goes_on()

    assert await broadcast.read() == ONCE
    assert [each.message for each in caplog.records if each.levelname == "WARNING"] == []


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": 2, "times": 3},
        {"status": 502, "times": 10},
        {"status": 500, "times": 4},
        {"status": 400, "description": "Bad Request: can't parse entities: x"},
    ],
)
async def test_a_known_failure_loses_and_repeats_nothing(
    broadcast: Broadcast, fault: dict[str, object]
) -> None:
    """Telegram answered, so it is known what has not arrived."""
    await broadcast.begins()
    await broadcast.telegram.fault(**fault)
    await broadcast.goes_on()

    assert await broadcast.read() == ONCE


async def test_thirty_seconds_without_a_connection_lose_and_repeat_nothing(
    broadcast: Broadcast,
) -> None:
    """A router that restarts is the commonest failure of all."""
    await broadcast.begins()
    until = broadcast.hours.passed + 30

    def refused(request: httpx.Request) -> Exception:
        if broadcast.hours.passed > until:
            broadcast.telegram.line.cut = None
        return httpx.ConnectError("refused", request=request)

    broadcast.telegram.line.cut = refused
    await broadcast.goes_on()

    assert await broadcast.read() == ONCE
    assert broadcast.hours.passed > until


async def test_an_answer_lost_after_delivery_is_the_only_thing_that_repeats(
    broadcast: Broadcast,
) -> None:
    """Nobody can know whether it arrived; twice is better than never."""
    await broadcast.begins()
    await broadcast.telegram.fault(drop=True)
    await broadcast.goes_on()

    assert sorted(await broadcast.read()) == [*ONCE[1:], 2]


async def test_who_blocked_the_bot_costs_nobody_else_anything(broadcast: Broadcast) -> None:
    """One of a hundred has done so on any day."""
    await broadcast.telegram.set_up(20, blocked=True)
    await broadcast.begins()
    await broadcast.goes_on()

    assert await broadcast.read() == [int(chat != 20) for chat in CHATS]


async def test_a_group_that_moves_in_the_middle_reads_it_in_its_new_place(
    broadcast: Broadcast,
) -> None:
    """The old number is gone for good."""
    await broadcast.telegram.set_up(-5, type="group", title="Ops")
    broadcast.places.append(Place(-5))
    await broadcast.begins(steps=1)
    await broadcast.telegram.set_up(-5, migrate_to=-1005)
    await broadcast.goes_on()

    told = [await broadcast.telegram.texts(chat) for chat in (-5, -1005)]
    assert [texts.count("oi") for texts in told] == [0, 1]


async def test_a_database_that_somebody_locks_loses_and_repeats_nothing(
    broadcast: Broadcast,
) -> None:
    """What was sent before is remembered, and nothing is sent that cannot be claimed."""
    await broadcast.begins()
    before = await broadcast.read()
    other = sqlite3.connect(broadcast.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(10):
        await broadcast.hours.sleep(await broadcast.sender.step())
    meanwhile = await broadcast.read()
    other.close()
    await broadcast.goes_on()

    assert meanwhile == before
    assert await broadcast.read() == ONCE


@pytest.mark.parametrize("turned", [timedelta(hours=-1), timedelta(hours=1)])
async def test_a_clock_turned_by_an_hour_loses_and_repeats_nothing(
    broadcast: Broadcast, turned: timedelta
) -> None:
    """Nor does anybody wait for an hour."""
    await broadcast.begins()
    broadcast.hours.turned = turned
    began = broadcast.hours.passed
    await broadcast.goes_on()

    assert await broadcast.read() == ONCE
    assert broadcast.hours.passed - began < 30
