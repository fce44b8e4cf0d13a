"""Who schedules and sends: `bot.ports.records.Lease`.

SQLite has one process by its file lock, so that process has the lease.  On PostgreSQL the lease is
an advisory lock of a connection that does nothing else: it is lost exactly when the connection is,
and the server ends that of a dead machine, or of a process that hangs, within
`engines.PEER_SECONDS`.
"""

import asyncio
from typing import LiteralString, cast

import psycopg

from bot.edges.database.engines import LEASE, PEER_SECONDS
from bot.edges.database.failures import guarded
from bot.edges.database.opening import Database
from bot.errors import StorageUnavailable
from bot.ports.records import Lease

SILENT_SECONDS = PEER_SECONDS
"""Silence after which the server takes the holder for hung; PostgreSQL 14 or newer."""


def lease(database: Database) -> Lease:
    """The lease on a database's schedule and outbox."""
    return OnlyProcess() if database.is_sqlite else AdvisoryLock(database)


class OnlyProcess:
    """The lease where no second process can open the database."""

    async def hold(self) -> bool:
        """It is always held."""
        return True

    async def release(self) -> None:
        """Nobody waits for it."""


class AdvisoryLock:
    """The lease on PostgreSQL; belongs to one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: psycopg.Connection | None = None
        self._turn = asyncio.Lock()

    async def hold(self) -> bool:
        """Take the lease or check that it is still held.

        Raises:
            StorageUnavailable: the connection is lost, and the lease with it if it was held.
        """
        async with self._turn:
            return await asyncio.to_thread(self._hold)

    async def release(self) -> None:
        """Give it back; nothing happens when it is not held."""
        async with self._turn:
            await asyncio.to_thread(self._drop)

    def _hold(self) -> bool:
        try:
            return guarded(self._check if self._connection else self._take)
        except StorageUnavailable:
            self._drop()
            raise

    def _check(self) -> bool:
        return self._ask("SELECT true")

    def _take(self) -> bool:
        borrowed = self._database.engine.raw_connection()
        borrowed.detach()  # closing it lets the lock go; in the pool it would stay open
        self._connection = cast("psycopg.Connection", borrowed.dbapi_connection)
        self._connection.autocommit = True
        # Whoever leads asks every few seconds whether it still does; in silence it hangs.
        self._connection.execute(
            "SELECT set_config('idle_session_timeout', %s, false)", [f"{SILENT_SECONDS}s"]
        )
        taken = self._ask("SELECT pg_try_advisory_lock(%s)", LEASE)
        if not taken:
            self._drop()
        return taken

    def _ask(self, question: LiteralString, *values: int) -> bool:
        row = self._connection and self._connection.execute(question, values).fetchone()
        return row == (True,)

    def _drop(self) -> None:
        """Close the connection; the server lets the lock go with it."""
        if self._connection:
            self._connection.close()
        self._connection = None
