"""What is put into a bot's database from outside, and how a broadcast has gone."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from datetime import time
from pathlib import Path

from bot.domain.outbox import Content, Kind, Occasion
from bot.domain.places import ChatKind, Place
from bot.domain.subscriptions import Subscription
from bot.edges.database.opening import Database, open_database
from bot.edges.database.outbox import KeptOutbox
from bot.edges.database.subscriptions import KeptSubscriptions
from tests.share_bars import ITUB4, at
from tests.starting.bots import SESSION, Chat, Settings, eventually

NINE = time(9)
MORNING = at(f"{SESSION}T08:00")
REPORT = "Envio das"
"""What a report on a broadcast begins with."""


def subscribed(settings: Settings, chats: Sequence[int], slot: time = NINE) -> None:
    """Chats subscribe; no bot may be running on SQLite."""
    with closing(_database(settings)) as database:
        asyncio.run(_subscribe(database, chats, slot))


async def _subscribe(database: Database, chats: Sequence[int], slot: time) -> None:
    subscriptions = KeptSubscriptions(database)
    for chat in chats:
        wanted = [Subscription(Place(chat), ITUB4, slot)]
        await subscriptions.add(ChatKind.PRIVATE, wanted, MORNING)


def queued(settings: Settings, chats: Sequence[int], text: str) -> None:
    """Something is put into the outbox for chats; on SQLite no bot may be running."""
    places, occasion = [Place(chat) for chat in chats], Occasion(Kind.NOTICE, text, MORNING.date())
    with closing(_database(settings)) as database:
        outbox = KeptOutbox(database)
        asyncio.run(outbox.put(places, occasion, Content(text), now=MORNING))


def _database(settings: Settings) -> Database:
    return open_database(settings.get("DATABASE_URL"), Path(settings["DATA_DIR"]))


def reported(chat: Chat, operators: int) -> list[str]:
    """Wait for a report on a broadcast; gives all of them."""
    return eventually(lambda: [text for text in chat.read(operators) if text.startswith(REPORT)])


def toll(chat: Chat, chats: Sequence[int]) -> tuple[int, int]:
    """How many of `chats` got nothing, and how many messages came once too often."""
    counts = chat.counts()
    got = [counts.get(one, 0) for one in chats]
    return got.count(0), sum(got) - len(got) + got.count(0)
