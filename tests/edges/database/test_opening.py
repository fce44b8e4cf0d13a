"""How a database is opened: by whom, where, and what is refused."""

import asyncio
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.edges.database.engines import PEER_SECONDS
from bot.edges.database.errors import (
    AddressUnknown,
    DatabaseInUse,
    DatabaseTooNew,
    DirectoryUnusable,
)
from bot.edges.database.migrating import HEAD, revision_of
from bot.edges.database.opening import FILE, LOCK, Database, open_database
from tests.postgresql_server import Server
from tests.records import bare_database, records_of

pytest_plugins = ["tests.databases"]


def setting(name: str, connection: Connection) -> object:
    """What SQLite or PostgreSQL says of one of its settings."""
    sentence = "PRAGMA " if connection.dialect.name == "sqlite" else "SHOW "
    return connection.scalar(text(sentence + name))


async def test_a_new_database_is_ready_at_once(bare_address: str | None, tmp_path: Path) -> None:
    """`python -m bot` with nothing prepared works; so does an empty DATABASE_URL."""
    with closing(open_database(bare_address, tmp_path / "new" / "folder")) as database:
        await database.ping()

        assert await records_of(database).subscriptions.slots() == []
        assert await database.read(revision_of) == HEAD


async def test_what_was_kept_is_there_again(address: str | None, tmp_path: Path) -> None:
    """A restart forgets nothing."""
    order = text("INSERT INTO file_ids VALUES ('a', 'b', '2026-07-29 12:00:00.000000')")
    with closing(open_database(address, tmp_path)) as database:
        await database.write(lambda connection: connection.execute(order).rowcount)
    with closing(open_database(address, tmp_path)) as database:
        assert await records_of(database).file_ids.find("a") == "b"


@pytest.mark.slow
async def test_two_may_open_a_new_postgresql_at_once(postgresql: Server, tmp_path: Path) -> None:
    """Replicas start together; one makes the tables, the other waits for them."""
    with bare_database(postgresql) as address, ThreadPoolExecutor() as threads:
        both = list(threads.map(lambda _: open_database(address, tmp_path), range(2)))
        for database in both:
            await database.ping()
            database.close()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
@pytest.mark.slow
async def test_usual_spellings_of_an_address_are_understood(
    postgresql: Server, tmp_path: Path, scheme: str
) -> None:
    """Hosting services write `postgres://`."""
    address = postgresql.address("migrated").replace("postgresql", scheme, 1)
    with closing(open_database(address, tmp_path)) as database:
        await database.ping()

        assert not database.is_sqlite


@pytest.mark.parametrize(
    "address",
    ["", "fechamento.db", "mysql://u:secret@h/db", "postgresql://u:secret@h", "sqlite:///x.db"],
)
def test_another_address_is_refused(address: str, tmp_path: Path) -> None:
    """One sentence, without the password that may be in it."""
    with pytest.raises(AddressUnknown) as refused:
        open_database(address, tmp_path)

    assert str(refused.value) == (
        "DATABASE_URL: postgresql://user:password@host/name expected, or nothing"
    )


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    """Two bots on one SQLite file would send everything twice."""
    database = open_database(None, tmp_path)
    with closing(database), pytest.raises(DatabaseInUse, match="stop it first"):
        open_database(None, tmp_path)
    open_database(None, tmp_path).close()


def test_a_lock_that_was_left_behind_holds_nobody(tmp_path: Path) -> None:
    """The file of the lock stays after a power cut; the lock does not."""
    (tmp_path / LOCK).touch()
    open_database(None, tmp_path).close()

    assert (tmp_path / FILE).is_file()


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    """With the setting to change, and the reason."""
    (tmp_path / "file").touch()
    with pytest.raises(DirectoryUnusable, match=r"^DATA_DIR: .*file cannot be written to \(File"):
        open_database(None, tmp_path / "file")


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """It tells who reads the bot."""
    open_database(None, tmp_path).close()

    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


async def test_a_database_of_a_newer_version_is_refused(
    bare_address: str | None, tmp_path: Path
) -> None:
    """An older bot would write into tables that it does not know; nothing is changed."""
    newer = text("UPDATE alembic_version SET version_num = 'alarms_by_topic'")
    with closing(open_database(bare_address, tmp_path)) as database:
        await database.write(lambda connection: connection.execute(newer).rowcount)
    for _ in range(2):  # the lock was let go
        with pytest.raises(DatabaseTooNew) as refused:
            open_database(bare_address, tmp_path)

    assert str(refused.value) == (
        "written by a newer version of the bot (tables of 'alarms_by_topic'): update the bot"
    )


async def test_nothing_acknowledged_is_lost_in_a_power_cut(tmp_path: Path) -> None:
    """SQLite waits for the disk (synchronous 2 is FULL), in each of its connections."""
    with closing(open_database(None, tmp_path)) as database:
        for ask in (database.read, database.write):
            found = [
                await ask(lambda connection, name=name: setting(name, connection))  # type: ignore[misc]
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
            assert found == ["wal", 2, 1]


@pytest.mark.slow
async def test_a_dead_machine_s_locks_are_free_in_half_a_minute(
    postgresql: Server, tmp_path: Path
) -> None:
    """PostgreSQL would wait for hours: keepalives begin after 5 s and give up 15 s later."""
    with closing(open_database(postgresql.address("migrated"), tmp_path)) as database:
        found = {
            name: await database.read(lambda connection, name=name: setting(name, connection))  # type: ignore[misc]
            for name in (
                "tcp_keepalives_idle",
                "tcp_keepalives_interval",
                "tcp_keepalives_count",
                "tcp_user_timeout",
                "idle_in_transaction_session_timeout",
                "TimeZone",
            )
        }
        socket = postgresql.address("x").startswith("postgresql://postgres@127.")

        assert found["TimeZone"] == "UTC"
        assert found["idle_in_transaction_session_timeout"] == f"{PEER_SECONDS}s"
        assert not socket or found == {
            "tcp_keepalives_idle": "5",
            "tcp_keepalives_interval": "5",
            "tcp_keepalives_count": "3",
            "tcp_user_timeout": str(PEER_SECONDS * 1000),
            "idle_in_transaction_session_timeout": f"{PEER_SECONDS}s",
            "TimeZone": "UTC",
        }


async def test_many_ask_at_once(database: Database) -> None:
    """More tasks than connections wait for each other, in threads, and none fails."""

    def keep(number: int, connection: Connection) -> int:
        row = {"picture": str(number), "at": "2026-07-29 12:00:00.000000"}
        order = text("INSERT INTO file_ids VALUES (:picture, 'x', :at)")
        return connection.execute(order, row).rowcount

    writes = [database.write(lambda c, number=number: keep(number, c)) for number in range(60)]  # type: ignore[misc]
    reads = [database.ping() for _ in range(60)]

    assert sum(await asyncio.gather(*writes)) == 60
    await asyncio.gather(*reads)
