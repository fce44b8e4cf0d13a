"""A database that is locked, full or away: it is told, nothing is changed, and then all is well."""

import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import InvalidRequestError

from bot.domain.outbox import Content, Kind, Occasion
from bot.domain.places import ChatKind, Place
from bot.domain.subscriptions import Subscription
from bot.domain.tickers import Ticker
from bot.edges.database.opening import FILE, Database, open_database
from bot.errors import StorageUnavailable
from tests.postgresql_server import Server
from tests.records import IMPATIENT, records_of

pytest_plugins = ["tests.databases"]

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
WANTED = Subscription(Place(1), Ticker("ITUB4.SA"), time(9))


async def subscribe(database: Database) -> None:
    """A write of several statements."""
    await records_of(database).subscriptions.add(ChatKind.PRIVATE, [WANTED], NOW)


async def subscribed(database: Database) -> list[Subscription]:
    """What came of it."""
    return await records_of(database).subscriptions.of(WANTED.place)


@contextmanager
def locked(address: str | None, directory: Path) -> Iterator[None]:
    """Somebody else's transaction holds what a subscription needs."""
    if address is None:
        with closing(sqlite3.connect(directory / FILE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    with closing(psycopg.connect(address)) as other_session:
        other_session.execute("LOCK TABLE subscriptions IN EXCLUSIVE MODE")
        yield


async def test_a_locked_database_is_told_and_nothing_is_changed(
    database: Database, address: str | None, tmp_path: Path
) -> None:
    """Somebody looks into the file with a tool; people are asked to try again."""
    with locked(address, tmp_path), pytest.raises(StorageUnavailable) as failed:
        await subscribe(database)

    assert failed.value.reason == "locked"
    assert await subscribed(database) == []
    await subscribe(database)
    assert await subscribed(database) == [WANTED]


async def test_readers_do_not_wait_for_a_writer(
    database: Database, address: str | None, tmp_path: Path
) -> None:
    """/hoje is answered while a backup of last night is put beside it."""
    with locked(address, tmp_path):
        assert await subscribed(database) == []


async def test_a_full_disk_is_told_and_nothing_is_changed(tmp_path: Path) -> None:
    """SQLite's own limit stands in for the disk's: it fails in the same way (SQLITE_FULL)."""
    with closing(open_database(None, tmp_path, busy_seconds=IMPATIENT)) as database:
        await database.write(_full)
        occasion, long = Occasion(Kind.NOTICE, "n", date(2026, 7, 29)), Content("x" * 100_000)
        with pytest.raises(StorageUnavailable) as failed:
            await records_of(database).outbox.put([Place(1)], occasion, long, now=NOW)

        assert failed.value.reason == "disk full"
        assert (await records_of(database).outbox.backlog(NOW)).waiting == 0
        await database.write(lambda connection: _limit(connection, 1_000_000))
        assert await records_of(database).outbox.put([Place(1)], occasion, long, now=NOW) == 1


def _full(connection: Connection) -> None:
    _limit(connection, connection.execute(text("PRAGMA page_count")).scalar_one())


def _limit(connection: Connection, pages: int) -> None:
    connection.execute(text(f"PRAGMA max_page_count = {pages}"))


@pytest.mark.slow
async def test_a_restart_of_the_server_costs_nothing(postgresql: Server, tmp_path: Path) -> None:
    """Connections that were lost meanwhile are noticed before they are used."""
    with closing(open_database(postgresql.address("migrated"), tmp_path)) as database:
        await database.ping()
        postgresql.restart()

        await database.ping()


@pytest.mark.slow
async def test_a_connection_lost_half_way_changes_nothing(
    postgresql: Server, tmp_path: Path
) -> None:
    """The transaction it was in did not happen; the next one does."""

    def half(connection: Connection) -> None:
        connection.execute(text("INSERT INTO file_ids VALUES ('half', 'x', now())"))
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with closing(open_database(postgresql.address("migrated"), tmp_path)) as database:
        with pytest.raises(StorageUnavailable) as failed:
            await database.write(half)

        assert failed.value.reason == "connection lost"
        assert await records_of(database).file_ids.find("half") is None


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ana:s3cret@127.0.0.1:1/prices",
        "postgresql://ana:s3cret@no-such-host.invalid/prices",
    ],
)
def test_a_server_that_is_away_is_told_without_its_address(address: str, tmp_path: Path) -> None:
    """The log holds neither password nor host."""
    with pytest.raises(StorageUnavailable) as failed:
        open_database(address, tmp_path, busy_seconds=IMPATIENT)
    told = "".join(traceback.format_exception(failed.value))

    assert failed.value.reason == "connection lost"
    assert [word for word in ("ana:", "s3cret", "127.0.0.1", "no-such-host") if word in told] == []


async def test_no_value_is_in_what_is_told(database: Database) -> None:
    """PostgreSQL quotes the row that it refuses; a chat's number does not belong in a log."""
    chat = 3**19
    order = text(
        "INSERT INTO subscriptions VALUES (:chat, 0, 'ITUB4.SA', 540, false, '2026-07-28 12:00')"
    )
    with pytest.raises(StorageUnavailable) as failed:
        await database.write(lambda connection: connection.execute(order, {"chat": chat}))
    told = "".join(traceback.format_exception(failed.value))

    assert failed.value.reason in {"SQLITE_CONSTRAINT_FOREIGNKEY", "ForeignKeyViolation"}
    assert (failed.value.__cause__, failed.value.__context__) == (None, None)
    assert str(chat) not in told


async def test_mistakes_of_ours_are_not_the_database_s_fault(database: Database) -> None:
    """A bug is not to be tried again; what was written before it is taken back."""

    def mistaken(connection: Connection) -> None:
        connection.execute(text("DELETE FROM file_ids"))
        raise AttributeError

    await records_of(database).file_ids.keep("a", "b", NOW)
    with pytest.raises(AttributeError):
        await database.write(mistaken)
    with pytest.raises(InvalidRequestError):
        await database.read(lambda connection: connection.begin())

    assert await records_of(database).file_ids.find("a") == "b"


@pytest.mark.parametrize("change", ["UPDATE {} SET session = session", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["forecasts", "outcomes"])
async def test_the_scoreboard_cannot_be_rewritten(
    database: Database, table: str, change: str
) -> None:
    """Not by this program, nor by hand: what was forecast stands."""
    await database.write(lambda connection: [connection.execute(row) for row in SCORED])
    with pytest.raises(StorageUnavailable):
        await database.write(lambda connection: connection.execute(text(change.format(table))))

    assert len(await records_of(database).track_record.tallies(None, 5)) == 1


SCORED = [
    text(
        "INSERT INTO forecasts VALUES ('ITUB4.SA', '2026-07-29', '2026-07-29 12:00:00.000000', "
        "36.1, 35, 37, 34, 38, 36, '2026-07-28', 'lstm', '1', 'ab', 'live')"
    ),
    text(
        "INSERT INTO outcomes VALUES ('ITUB4.SA', '2026-07-29', 0, 36.2, 1, "
        "'2026-07-29 21:00:00.000000', 0.1, 0.2, 0.003, 0.006, 1, 1, 1, 0, 0)"
    ),
]


async def test_pictures_of_last_month_are_forgotten(database: Database) -> None:
    """Nobody asks for them; the table does not grow for ever."""
    pictures = records_of(database).file_ids
    await pictures.keep("june", "a", NOW - timedelta(days=31))
    await pictures.keep("july", "b", NOW - timedelta(days=29))
    await pictures.keep("today", "c", NOW)

    assert [await pictures.find(name) for name in ("june", "july", "today")] == [None, "b", "c"]


async def test_contents_that_nobody_reads_any_more_are_forgotten(database: Database) -> None:
    """Erasing and forgetting take the texts along, and those of others stay."""
    outbox = records_of(database).outbox
    for chat, subject in ((1, "mine"), (2, "both"), (1, "both")):
        occasion = Occasion(Kind.NOTICE, subject, date(2026, 7, 29))
        await outbox.put([Place(chat)], occasion, Content(subject), now=NOW)
    await records_of(database).subscriptions.erase(1)
    kept = text("SELECT text FROM contents")

    assert await database.read(lambda connection: connection.scalars(kept).all()) == ["both"]
