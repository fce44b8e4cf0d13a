"""How fast a slot is queued for its subscribers: `python -m tests.bench.slots [SUBSCRIBERS]`.

Chats with one subscription each are spread evenly over 200 slots and 20 shares, in a SQLite file
and in a PostgreSQL of this machine, both as careful with the disk as they are in use.  Figures are
told and never asserted: they depend on the machine and its load.
"""

import asyncio
import sys
import tempfile
import time as clock
from collections.abc import Awaitable
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from bot.domain.outbox import Content, Outgoing, Result, Sent
from bot.domain.tickers import Ticker
from bot.edges.database.opening import Database, open_database
from tests.bench.rows import Row
from tests.postgresql_server import running_postgresql
from tests.records import bare_database, records_of

SUBSCRIBERS = 1_000_000
SLOTS = 200
SHARES = 20
SENT = 200
BAR = 1.0
"""Seconds for a slot of 5,000."""

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
AT = time(8, 30)
CONTENTS = {Ticker(f"AB{10 + share}3.SA"): Content(f"{share} " * 300) for share in range(SHARES)}

NUMBERS = (
    "WITH RECURSIVE numbers AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM numbers WHERE n < :last)"
)
CHATS = "SELECT n, 'private', true, NULL FROM numbers"
WISHES = (
    # Each round over all slots is of another share, so that every slot has all shares.
    "SELECT n, 0, 'AB' || (10 + n / :slots % :shares) || '3.SA', 480 + n % :slots, false, "
    "'2026-01-02 12:00:00+00:00' FROM numbers"
)


def rows(subscribers: int = SUBSCRIBERS) -> list[Row]:
    """Measure both databases."""
    with tempfile.TemporaryDirectory() as folder:
        with closing(open_database(None, Path(folder))) as database:
            found = asyncio.run(_measured("SQLite", database, subscribers))
        with (
            running_postgresql(careless=False) as server,
            bare_database(server) as address,
            closing(open_database(address, Path(folder))) as database,
        ):
            return found + asyncio.run(_measured("PostgreSQL", database, subscribers))


async def _measured(name: str, database: Database, subscribers: int) -> list[Row]:
    await database.write(lambda connection: _crowd(connection, subscribers))
    outbox, people = records_of(database).outbox, records_of(database).subscriptions
    looked = await _seconds(people.slots())
    before = resident_megabytes()
    filling = outbox.fill(AT, NOW.date(), CONTENTS, now=NOW, expires=NOW + timedelta(hours=7))
    filled = await _seconds(filling)
    grown = resident_megabytes() - before
    again = outbox.fill(AT, NOW.date(), CONTENTS, now=NOW, expires=NOW + timedelta(hours=7))
    repeated = await _seconds(again)
    waiting = (await outbox.backlog(NOW)).waiting
    asked = await _seconds(outbox.due(NOW, SENT))
    sent = await _seconds(_send(database, await outbox.due(NOW, SENT)))
    told = f"{name}: slot of {waiting:,} of {subscribers:,} subscribers"
    return [
        Row(f"{told}, queued", filled, "s", BAR if waiting <= 5_000 else None),
        Row(f"{told}, queued again", repeated, "s"),
        Row(f"{told}, growth of resident memory", grown, "MB"),
        Row(f"{name}: {SLOTS} slots looked up", looked * 1e3, "ms"),
        Row(f"{name}: next {SENT} of {waiting:,} looked up", asked * 1e3, "ms"),
        Row(f"{name}: one result and one claim written", sent / SENT * 1e3, "ms"),
    ]


def _crowd(connection: Connection, subscribers: int) -> None:
    numbers = {"last": subscribers - 1, "slots": SLOTS, "shares": SHARES}
    connection.execute(text(f"INSERT INTO chats {NUMBERS} {CHATS}"), numbers)
    connection.execute(text(f"INSERT INTO subscriptions {NUMBERS} {WISHES}"), numbers)
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE"))  # as its autovacuum does by itself


async def _send(database: Database, items: list[Outgoing]) -> None:
    """One message after the other, as the sender does."""
    outbox, done = records_of(database).outbox, list[Result]()
    for number, item in enumerate(items):
        await outbox.advance(done, [item], NOW)
        done = [Result(item, Sent(number))]
    await outbox.advance(done, [], NOW)


async def _seconds(work: Awaitable[object]) -> float:
    began = clock.perf_counter()
    await work
    return clock.perf_counter() - began


def resident_megabytes() -> float:
    """Resident memory of this process; 0 where there is no /proc."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    for row in rows(*map(int, sys.argv[1:])):
        sys.stdout.write(f"{row}\n")
