"""Who schedules and sends: one process at a time, and soon another when that one is gone."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from bot.edges.database.engines import LEASE
from bot.edges.database.lease import lease
from bot.edges.database.opening import Database, open_database
from bot.errors import StorageUnavailable
from tests.postgresql_server import Server

pytest_plugins = ["tests.databases"]

HOLDER = """
import asyncio, sys
from pathlib import Path
from bot.edges.database.lease import lease
from bot.edges.database.opening import open_database
async def main():
    mine = lease(open_database(sys.argv[1], Path()))
    print(await mine.hold(), flush=True)
    sys.stdin.read()
asyncio.run(main())
"""


@pytest.fixture
def two(postgresql: Server, tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """The same PostgreSQL database, as two processes have it open."""
    address = postgresql.address("migrated")
    with (
        closing(open_database(address, tmp_path)) as one,
        closing(open_database(address, tmp_path)) as other,
    ):
        yield one, other


async def test_on_sqlite_the_only_process_has_it(tmp_path: Path) -> None:
    """No second one can open the file."""
    with closing(open_database(None, tmp_path)) as database:
        mine = lease(database)

        assert (await mine.hold(), await mine.hold()) == (True, True)
        await mine.release()
        assert await mine.hold()


@pytest.mark.slow
async def test_on_postgresql_one_of_two_has_it(two: tuple[Database, Database]) -> None:
    """Whoever comes first; the other gets it when it is given back."""
    one, other = map(lease, two)

    assert [await each.hold() for each in (one, other, one, other)] == [True, False, True, False]
    await one.release()
    await one.release()
    assert [await each.hold() for each in (other, one)] == [True, False]
    await other.release()


@pytest.mark.slow
async def test_who_loses_the_connection_knows(
    two: tuple[Database, Database], postgresql: Server
) -> None:
    """It has stopped being the one before anybody else can be."""
    one, other = map(lease, two)
    await one.hold()
    ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'"
    with closing(psycopg.connect(postgresql.address("migrated"))) as session:
        assert session.execute(ended).fetchall() == [(True,)]

    with pytest.raises(StorageUnavailable, match="connection lost"):
        await one.hold()
    assert [await each.hold() for each in (other, one)] == [True, False]
    await other.release()


@pytest.mark.slow
async def test_a_holder_that_hangs_has_it_no_more(
    two: tuple[Database, Database], postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine is well and the process is not: nothing else would ever end its connection."""
    monkeypatch.setattr("bot.edges.database.lease.SILENT_SECONDS", 0.1)
    one, other = map(lease, two)
    assert await one.hold()
    with closing(psycopg.connect(postgresql.address("migrated"), autocommit=True)) as session:
        session.execute("SET lock_timeout = '30s'")
        session.execute("SELECT pg_advisory_lock(%s)", [LEASE])  # waits for the server to notice

    with pytest.raises(StorageUnavailable, match="IdleSessionTimeout"):
        await one.hold()
    assert await other.hold()
    await other.release()


@pytest.mark.slow
async def test_a_killed_holder_has_it_no_more(
    two: tuple[Database, Database], postgresql: Server
) -> None:
    """The other process goes on after a kill -9 at nine o'clock."""
    address = postgresql.address("migrated")
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, address, stdin=PIPE, stdout=PIPE
    )
    assert holder.stdout
    assert await holder.stdout.readline() == b"True\n"
    assert not await lease(two[0]).hold()
    holder.kill()
    await holder.wait()

    with closing(psycopg.connect(address, autocommit=True)) as session:
        session.execute("SET lock_timeout = '30s'")
        session.execute("SELECT pg_advisory_lock(%s)", [LEASE])  # waits for the server to notice
    mine = lease(two[0])
    assert await mine.hold()
    await mine.release()
