"""Several processes and tasks at work on the same chat at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.domain.outbox import Closed, Content, Moved, NotSent, Outcome, Result, Sent
from bot.domain.places import ChatKind, Place
from bot.domain.subscriptions import Subscription
from bot.domain.tickers import Ticker
from bot.edges.database.opening import Database, open_database
from tests.records import Records, records_of

pytest_plugins = ["tests.databases"]

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
CLOSE = NOW + timedelta(hours=8)
SHARES = [Ticker("ITUB4.SA"), Ticker("PETR4.SA"), Ticker("VALE3.SA")]
NINE = time(9)
ROUNDS = 12
ORPHANS = text("SELECT count(*) FROM chats WHERE id NOT IN (SELECT chat_id FROM subscriptions)")


@pytest.fixture
def processes(address: str | None, tmp_path: Path) -> Iterator[list[Database]]:
    """PostgreSQL as three processes have it open; SQLite as the one that may."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(closing(open_database(address, tmp_path)))
            for _ in range(3 if address else 1)
        ]


async def people(records: Records) -> None:
    """Somebody cannot make up their mind."""
    place = Place(-5)
    for number in range(ROUNDS):
        wanted = [Subscription(place, share, NINE, number % 2 == 0) for share in SHARES]
        await records.subscriptions.add(ChatKind.GROUP, wanted, NOW)
        await records.subscriptions.cancel(place, SHARES[number % 3] if number % 4 else None)


async def operator(records: Records) -> None:
    """The chat is blocked, opened, erased and moved to and fro."""
    for number in range(ROUNDS):
        await records.subscriptions.closed(-5, NOW)
        await records.subscriptions.opened(-5)
        if number % 3 == 0:
            await records.subscriptions.moved(-5, -6)
            await records.subscriptions.moved(-6, -5)
        elif number % 3 == 1:
            await records.subscriptions.erase(-5)


async def schedule(records: Records) -> None:
    """Slots are filled, and what is over ends."""
    for number in range(ROUNDS):
        session = (NOW + timedelta(days=number)).date()
        contents = {share: Content(f"{number % 2}") for share in SHARES}
        await records.outbox.fill(NINE, session, contents, now=NOW, expires=CLOSE)
        await records.outbox.expire(NOW)
        await records.outbox.forget(NOW - timedelta(days=1))


async def sender(records: Records) -> None:
    """Messages go out, and have every fate."""
    fates: Sequence[Outcome] = [Sent(1), Closed("blocked"), Moved(-6), NotSent("away")]
    for number in range(ROUNDS):
        items = await records.outbox.due(NOW, 2)
        await records.outbox.advance([], items, NOW)
        results = [Result(item, fates[(number + at) % 4]) for at, item in enumerate(items)]
        await records.outbox.advance(results, [], NOW)


async def test_nobody_trips_over_anybody(processes: list[Database]) -> None:
    """No deadlock, no lost row: a chat is known exactly while it has subscriptions."""
    roles: list[Callable[[Records], Awaitable[None]]] = [people, operator, schedule, sender, people]
    await asyncio.gather(
        *(role(records_of(processes[at % len(processes)])) for at, role in enumerate(roles))
    )

    def orphans(connection: Connection) -> int:
        return int(connection.scalar(ORPHANS) or 0)

    assert await processes[0].read(orphans) == 0


async def test_who_subscribes_while_the_last_share_is_cancelled_is_kept(
    processes: list[Database],
) -> None:
    """Cancelling forgets the chat; it must not take the new subscription along."""
    mine, place = records_of(processes[0]).subscriptions, Place(1)
    theirs = records_of(processes[-1]).subscriptions
    old, new = (Subscription(place, share, NINE) for share in SHARES[:2])
    for _ in range(ROUNDS):
        await mine.add(ChatKind.PRIVATE, [old], NOW)
        await asyncio.gather(
            mine.cancel(place, old.ticker), theirs.add(ChatKind.PRIVATE, [new], NOW)
        )

        assert await mine.cancel(place, None) == [new]
