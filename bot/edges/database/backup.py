"""Everything that is kept as one file, and back: from either database, into either database.

    database ──backup()──▶ FILE: SQLite with the same tables ──restore()──▶ database

The rows are read in one snapshot, so the bot may go on writing.  A file, and a database, is
replaced as a whole or not at all.  An old backup is migrated once it has been put back.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, literal, select, text
from sqlalchemy.exc import DatabaseError

from bot.edges.database.copying import Told, copied_tables, copy_tables, count_on
from bot.edges.database.engines import LEASE, postgresql_engine, sqlite_engine, sqlite_reader
from bot.edges.database.errors import (
    BackupNotWritten,
    DatabaseInUse,
    DatabaseNotEmpty,
    NoBackup,
    NothingKept,
)
from bot.edges.database.failures import guarded
from bot.edges.database.file_lock import FileLock
from bot.edges.database.migrating import (
    BASE,
    migrate,
    rebuilding,
    require_known,
    revision_of,
)
from bot.edges.database.opening import FILE, LOCK
from bot.edges.database.tables import METADATA


def _nobody(rows: int) -> None:
    """Ignore how far it is."""


def backup(
    address: str | None, directory: Path, file: Path, told: Told = _nobody
) -> Mapping[str, int]:
    """Write everything that the database keeps to `file`; the bot may be running.

    Args:
        address: `DATABASE_URL`; None for SQLite.
        directory: where SQLite's file is.
        file: is replaced if it is there.
        told: is told of the progress.

    Returns:
        How many rows of each table.

    Raises:
        DatabaseUnusable: with a sentence that says what to change; `file` is as it was.
        StorageUnavailable: a database, or the disk, did not do it; `file` is as it was.
    """
    if address is None and not (directory / FILE).is_file():
        raise NothingKept
    try:
        with _engine(address, directory) as source, _draft_of(file) as draft:
            return guarded(partial(_write, source, draft, told))
    except OSError as error:
        raise BackupNotWritten(file, error) from error


def _write(source: Engine, draft: Path, told: Told) -> Mapping[str, int]:
    target = sqlite_engine(draft, rebuilding=True, journal="DELETE")
    with source.connect() as reading:
        _stand_still(reading)
        revision = revision_of(reading)
        if revision is None:
            raise NothingKept
        require_known(revision)
        with rebuilding(target) as writing:
            migrate(writing, revision)
            return copy_tables(reading, writing, copied_tables(writing), told)


def _stand_still(connection: Connection) -> None:
    """Let every question see the same moment; SQLite's transactions do so of themselves."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


@contextmanager
def _draft_of(file: Path) -> Iterator[Path]:
    """A file beside `file` that takes its place in the end, once it is safe on the disk."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as directory:
        draft = Path(directory, file.name)
        draft.touch(mode=0o600)  # it tells who reads the bot
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(file)


def restore(
    file: Path, address: str | None, directory: Path, *, replace: bool = False, told: Told = _nobody
) -> Mapping[str, int]:
    """Put a backup into a database without a row; bring it up to date if it is older.

    Args:
        file: what `backup` wrote.
        address: `DATABASE_URL`; None for SQLite.
        directory: where SQLite's file is to be, made if need be.
        replace: lose what the database keeps now.
        told: is told of the progress.

    Returns:
        How many rows of each table.

    Raises:
        DatabaseUnusable: with a sentence that says what to change; nothing was changed.
        StorageUnavailable: a database, or the disk, did not do it; nothing was changed.
    """
    revision = _revision_in(file)
    directory.mkdir(parents=True, exist_ok=True)
    alone = FileLock(directory / LOCK) if address is None else nullcontext()
    with alone, _engine(address, directory) as target:
        return guarded(partial(_put_back, file, revision, target, replace=replace, told=told))


def _revision_in(file: Path) -> str:
    """The revision of a backup that is whole."""
    try:
        with sqlite_reader(file).connect() as reading:
            whole = reading.scalar(text("PRAGMA quick_check")) == "ok"
            revision = revision_of(reading) if whole else None
    except DatabaseError:
        revision = None
    if revision is None:
        raise NoBackup(file)
    require_known(revision)
    return revision


def _put_back(
    file: Path, revision: str, target: Engine, *, replace: bool, told: Told
) -> Mapping[str, int]:
    with sqlite_reader(file).connect() as reading, rebuilding(target) as writing:
        _make_room(writing, replace=replace)
        migrate(writing, revision)
        counts = copy_tables(reading, writing, copied_tables(reading), told)
        count_on(writing, counts)
        migrate(writing)
        return counts


def _make_room(connection: Connection, *, replace: bool) -> None:
    """Take the tables away, if they may be."""
    postgresql = connection.dialect.name == "postgresql"
    if postgresql and not connection.scalar(select(func.pg_try_advisory_xact_lock(LEASE))):
        raise DatabaseInUse
    found = revision_of(connection)
    if found is None:
        return
    require_known(found)
    if not replace and _has_rows(connection):
        raise DatabaseNotEmpty
    migrate(connection, BASE)


def _has_rows(connection: Connection) -> bool:
    there = set(inspect(connection).get_table_names())
    return any(
        connection.execute(select(literal(1)).select_from(table).limit(1)).first()
        for name, table in METADATA.tables.items()
        if name in there
    )


@contextmanager
def _engine(address: str | None, directory: Path) -> Iterator[Engine]:
    """A database for one transaction."""
    if address is None:
        engine = sqlite_engine(directory / FILE, rebuilding=True)
    else:
        engine = postgresql_engine(address)
    try:
        yield engine
    finally:
        engine.dispose()
