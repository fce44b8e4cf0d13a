"""Connections to SQLite and PostgreSQL, set up so that nothing acknowledged is lost.

SQLite: one file in WAL mode with synchronous=FULL; a transaction that is going to write says so at
its start (`WRITES`), so that it never has to give up half-way for somebody else's lock.
PostgreSQL: psycopg 3; a connection is tried before it is used, so that a restart of the server
costs nothing; either side notices in seconds that the other is dead.
"""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, QueuePool

from bot.edges.database.errors import AddressUnknown

BUSY_SECONDS = 5.0
"""How long a transaction waits for a lock before it fails."""

PEER_SECONDS = 20
"""Silence after which the server takes us for dead; its own default is over two hours."""

SERVER_SECONDS = 10
"""Silence after which we take the server for dead: well before it gives our locks to others."""

WRITES = "writes"
"""Execution option of connections that are going to write."""

READERS = 4
"""Connections that read at the same time."""

LEASE = int.from_bytes(b"fecham-l", "big")
MIGRATION = int.from_bytes(b"fecham-m", "big")
"""Keys of PostgreSQL's advisory locks: numbers that nobody else takes in the same database, above
all those of chats, which are keys too."""

_KEEPALIVE = {"idle": 5, "interval": 5, "count": 3}  # 5 + 3 × 5 = PEER_SECONDS
_NAMES = ("postgresql", "postgres", "postgresql+psycopg")


def sqlite_engine(
    file: Path,
    busy_seconds: float = BUSY_SECONDS,
    *,
    rebuilding: bool = False,
    journal: str = "WAL",
) -> Engine:
    """An engine on a file, which is made if need be.

    Args:
        file: where the database is.
        busy_seconds: how long a lock is waited for.
        rebuilding: for transactions that build tables anew: connections do not last, and foreign
            keys are not enforced, which SQLite cannot change inside of a transaction.
        journal: SQLite's journal mode; with DELETE a closed database is one file for anybody.
    """
    pool: dict[str, Any] = {"poolclass": QueuePool, "pool_size": READERS + 1}
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(file)),
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
        hide_parameters=True,
        **({"poolclass": NullPool} if rebuilding else pool),
    )
    event.listen(
        engine, "connect", partial(_prepare_sqlite, journal=journal, foreign_keys=not rebuilding)
    )
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(
    connection: sqlite3.Connection, _record: object, *, journal: str, foreign_keys: bool
) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says
    connection.execute(f"PRAGMA journal_mode={journal}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA foreign_keys={foreign_keys:d}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def sqlite_reader(file: Path) -> Engine:
    """An engine on a file that is only read, and not made."""
    address = f"{file.absolute().as_uri()}?mode=ro"
    return create_engine(
        "sqlite+pysqlite://",
        creator=lambda: sqlite3.connect(address, uri=True),
        poolclass=NullPool,
        hide_parameters=True,
    )


def postgresql_engine(address: str, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine for `DATABASE_URL`.

    Raises:
        AddressUnknown: the address is of no PostgreSQL database.
    """
    engine = create_engine(
        _normal(address),
        connect_args=_patience(busy_seconds),
        pool_pre_ping=True,
        pool_size=2 * READERS,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _normal(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is None or url.drivername not in _NAMES or not url.database:
        raise AddressUnknown
    return url.set(drivername="postgresql+psycopg")


def _patience(busy_seconds: float) -> dict[str, Any]:
    """Our patience (libpq's) with the server, and what it is told at the start of a session."""
    return {
        "connect_timeout": max(2, round(busy_seconds)),  # libpq takes no less than 2 seconds
        "tcp_user_timeout": SERVER_SECONDS * 1000,
        "keepalives_idle": SERVER_SECONDS // 2,
        "options": f"-c lock_timeout={round(busy_seconds * 1000)} -c timezone=UTC",
    }


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """The server's patience with us: locks of a dead machine are free again in `PEER_SECONDS`.

    So are those of a process that hangs on a machine that does not.
    """
    settings = {
        "idle_in_transaction_session_timeout": PEER_SECONDS * 1000,
        "tcp_user_timeout": PEER_SECONDS * 1000,
        **{f"tcp_keepalives_{name}": seconds for name, seconds in _KEEPALIVE.items()},
    }
    with connection.cursor() as cursor:
        for name, number in settings.items():
            cursor.execute(f"SET {name} = {number}")
    connection.commit()
