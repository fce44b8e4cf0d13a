"""Bringing a database's tables to the form that this version of the bot works with.

    open ──revision is HEAD──▶ nothing        else: rebuilding() ──migrate()──▶ HEAD

Alembic, without its command line, its `alembic.ini` and its set-up of logging.  Everything happens
in the transaction of the given connection, in both databases: it is done as a whole or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, inspect, select, text

from bot.edges.database.engines import MIGRATION, WRITES
from bot.edges.database.errors import DatabaseTooNew

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).with_name("migrations")

HEAD = "alarms_and_postings"
"""The newest revision.  It is stated here so that the usual start, with nothing to migrate, does
not load Alembic; a test compares it with `migrations/versions`."""

BASE = "base"
"""Alembic's word for a database without tables."""


@contextmanager
def rebuilding(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be built anew, alone in the database.

    Raises:
        ValueError: afterwards rows refer to rows that are not there; nothing was changed.
    """
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))  # another one's may take long
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION)))
        yield connection
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise ValueError(f"{len(broken)} rows refer to nothing")


def revision_of(connection: Connection) -> str | None:
    """What revision the tables are of; None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def migrate(connection: Connection, revision: str = HEAD) -> None:
    """Bring the tables up, or with `BASE` take them away.

    Raises:
        DatabaseTooNew: the tables are of a revision that this version does not know.
    """
    found = revision_of(connection)
    if found == revision:
        return
    require_known(found)
    from alembic import command  # noqa: PLC0415, half a second that the usual start does not need

    change = command.downgrade if revision == BASE else command.upgrade
    change(_alembic(connection), revision)


def require_known(revision: str | None) -> None:
    """Say when tables are of a revision that this version does not know.

    Raises:
        DatabaseTooNew: they are.
    """
    if revision is not None and revision not in revisions():
        raise DatabaseTooNew(revision)


def revisions() -> list[str]:
    """All revisions, oldest first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415, as above

    newest_first = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return [script.revision for script in newest_first][::-1]


def _alembic(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415, as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
