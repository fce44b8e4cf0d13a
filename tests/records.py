"""Databases by their ports, and PostgreSQL databases that are thrown away."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from bot.domain.sessions import Sessions
from bot.edges.database.alarms import KeptAlarms
from bot.edges.database.file_ids import KeptFileIds
from bot.edges.database.opening import Database, open_database
from bot.edges.database.outbox import KeptOutbox
from bot.edges.database.subscriptions import KeptSubscriptions
from bot.edges.database.tables import METADATA
from bot.edges.database.track_record import KeptTrackRecord
from bot.ports.alarms import Alarms
from bot.ports.records import FileIds, Outbox, Subscriptions, TrackRecord
from tests.fakes_alarms import FakeAlarms
from tests.fakes_records import FakeRecords
from tests.postgresql_server import Server

SQLITE = "sqlite"
BOTH = [SQLITE, pytest.param("postgresql", marks=pytest.mark.slow)]
"""The kinds of database, as parameters of a fixture."""

IMPATIENT = 0.1
"""Seconds that tests wait for a lock that is not going to be let go."""

_SHARED = "migrated"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Records:
    """What a database keeps, port by port."""

    subscriptions: Subscriptions
    outbox: Outbox
    track_record: TrackRecord
    file_ids: FileIds
    alarms: Alarms


def records_of(database: Database) -> Records:
    """The real ones."""
    return Records(
        KeptSubscriptions(database),
        KeptOutbox(database),
        KeptTrackRecord(database, Sessions(()).close),
        KeptFileIds(database),
        KeptAlarms(database),
    )


def records_in_memory() -> Records:
    """The fakes."""
    fake = FakeRecords()
    alarms = FakeAlarms(fake.tables)
    return Records(fake.subscriptions, fake.outbox, fake.track_record, fake.file_ids, alarms)


def prepare(server: Server) -> None:
    """Make the migrated database that tests use one after the other."""
    _order(server, f"CREATE DATABASE {_SHARED}")
    open_database(server.address(_SHARED), Path()).close()


def emptied_database(server: Server) -> str:
    """The address of the migrated database, without a row; ten times cheaper than a new one."""
    tables = ", ".join(METADATA.tables)
    with closing(psycopg.connect(server.address(_SHARED), autocommit=True)) as connection:
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")
    return server.address(_SHARED)


@contextmanager
def bare_database(server: Server) -> Iterator[str]:
    """The address of a database without tables, which is thrown away."""
    name = f"test_{next(_numbers)}"
    _order(server, f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield server.address(name)
    finally:
        _order(server, f"DROP DATABASE {name} WITH (FORCE)")


def _order(server: Server, sentence: str) -> None:
    with closing(psycopg.connect(server.address("postgres"), autocommit=True)) as connection:
        connection.execute(sentence)
