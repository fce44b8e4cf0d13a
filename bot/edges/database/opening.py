"""A database that is open: migrated, locked against a second process, and asked from threads.

    await database.write(work) ──one thread (SQLite), a few (PostgreSQL)──▶ BEGIN … work … COMMIT

`work` is an ordinary function of a connection and runs as one transaction.  SQLite has one writer,
so that the bot never finds its own database locked; readers do not wait for it.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from psycopg.errors import DeadlockDetected, ForeignKeyViolation
from sqlalchemy import Connection, Engine, literal, select
from sqlalchemy.exc import DBAPIError

from bot.edges.database.engines import (
    BUSY_SECONDS,
    READERS,
    WRITES,
    postgresql_engine,
    sqlite_engine,
)
from bot.edges.database.errors import DatabaseUnusable, DirectoryUnusable
from bot.edges.database.failures import guarded
from bot.edges.database.file_lock import FileLock
from bot.edges.database.migrating import HEAD, migrate, rebuilding, revision_of
from bot.errors import StorageUnavailable

T = TypeVar("T")

FILE = "fechamento.db"
LOCK = "fechamento.lock"

GIVES_WAY = 3
"""How often a transaction is begun anew after it collided with another one: PostgreSQL has taken it
back as if it had never been, and sees the other one's rows the next time."""

COLLISIONS = (DeadlockDetected, ForeignKeyViolation)
"""Two waited for each other, or one deleted a content while the other began to refer to it."""


def open_database(
    address: str | None, directory: Path, *, busy_seconds: float = BUSY_SECONDS
) -> "Database":
    """Open the database and bring its tables up to date; blocks while it does.

    Args:
        address: `DATABASE_URL` of a PostgreSQL database; None for SQLite.
        directory: where SQLite's file is, made if need be.
        busy_seconds: how long somebody else's lock is waited for.

    Raises:
        DatabaseUnusable: with a sentence that says what to change.
        StorageUnavailable: it does not answer.
    """
    if address is not None:
        engine = postgresql_engine(address, busy_seconds)
        return _opened(engine, engine, None)
    file, lock = directory / FILE, FileLock(directory / LOCK)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock.take()
        file.touch(mode=0o600)  # it tells who reads the bot
    except OSError as error:
        lock.release()
        raise DirectoryUnusable(directory, error) from error
    migrator = sqlite_engine(file, busy_seconds, rebuilding=True)
    return _opened(sqlite_engine(file, busy_seconds), migrator, lock)


def _opened(engine: Engine, migrator: Engine, lock: FileLock | None) -> "Database":
    database = Database(engine, lock)
    try:
        guarded(partial(_bring_up_to_date, engine, migrator))
    except (DatabaseUnusable, StorageUnavailable):
        database.close()
        raise
    return database


def _bring_up_to_date(engine: Engine, migrator: Engine) -> None:
    with engine.connect() as connection:
        if revision_of(connection) == HEAD:
            return
    with rebuilding(migrator) as connection:
        migrate(connection)


class Database:
    """An open database; `close` it in the end.

    Attributes:
        engine: for what needs connections of its own.
    """

    def __init__(self, engine: Engine, lock: FileLock | None) -> None:
        self.engine = engine
        self._lock = lock
        self._writing = engine.execution_options(**{WRITES: True})
        writers = 1 if self.is_sqlite else READERS
        self._readers = ThreadPoolExecutor(READERS, "database-read")
        self._writers = ThreadPoolExecutor(writers, "database-write")

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a SQLite file, which no other process uses; else it is PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` finds, in a transaction.

        Raises:
            StorageUnavailable: the database could not do it.
        """
        return await _in(self._readers, partial(_transaction, self.engine, work))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` gives, after its transaction was committed.

        Somebody who is cancelled while waiting does not know whether it was.

        Raises:
            StorageUnavailable: the database could not do it; nothing was changed.
        """
        return await _in(self._writers, partial(_transaction, self._writing, work))

    async def ping(self) -> None:
        """Ask the database for nothing, to see that it answers.

        Raises:
            StorageUnavailable: it does not.
        """
        await self.read(lambda connection: connection.execute(select(literal(1))).one())

    def close(self) -> None:
        """Finish what is going on, and let the database go."""
        self._writers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()
        if self._lock:
            self._lock.release()


async def _in(threads: ThreadPoolExecutor, call: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(threads, partial(guarded, call))


def _transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    for _ in range(GIVES_WAY):
        try:
            return _once(engine, work)
        except DBAPIError as error:
            if not isinstance(error.orig, COLLISIONS):
                raise
    return _once(engine, work)


def _once(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)
