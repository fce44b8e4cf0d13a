"""How tables change: from every earlier form, with everything that is in them.

Written for revisions to come: they are found, not listed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, inspect, select

from bot.edges.database.engines import postgresql_engine, sqlite_engine
from bot.edges.database.errors import DatabaseTooNew
from bot.edges.database.migrating import (
    BASE,
    HEAD,
    migrate,
    rebuilding,
    require_known,
    revision_of,
    revisions,
)
from bot.edges.database.opening import FILE
from bot.edges.database.tables import METADATA

pytest_plugins = ["tests.databases"]

SAMPLES: Mapping[type, Any] = {
    bool: True,
    int: 1,
    float: 1.5,
    str: "x",
    date: date(2026, 7, 29),
    datetime: datetime(2026, 7, 29, 12, tzinfo=UTC),
}
"""A value for each type that a column may have."""


@pytest.fixture
def engine(bare_address: str | None, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    if bare_address is None:
        engine = sqlite_engine(tmp_path / FILE, rebuilding=True)
    else:
        engine = postgresql_engine(bare_address)
    yield engine
    engine.dispose()


@contextmanager
def reflected(engine: Engine) -> Iterator[tuple[Connection, MetaData]]:
    """The tables as they are in the database, Alembic's own left out."""
    with engine.begin() as connection:
        found = MetaData()
        found.reflect(connection)
        found.remove(found.tables["alembic_version"])
        yield connection, found


def one_row_each(engine: Engine) -> None:
    """A row in each table, those that others refer to first."""
    with reflected(engine) as (connection, found):
        for table in found.sorted_tables:
            connection.execute(insert(table), sample(table))


def sample(table: Table) -> dict[str, Any]:
    """A row of a table."""
    return {column.name: SAMPLES[column.type.python_type] for column in table.columns}


def rows(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with reflected(engine) as (connection, found):
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in found.tables.items()
        }


def test_the_newest_revision_is_the_one_that_is_stated() -> None:
    """The usual start compares a database with it, without loading Alembic."""
    assert revisions()[-1] == HEAD


def test_each_revision_has_a_name_that_fits() -> None:
    """Alembic's column holds 32 characters; PostgreSQL would refuse more."""
    assert [name for name in revisions() if len(name) > 32] == []


def test_the_tables_are_those_that_the_code_uses(engine: Engine) -> None:
    """What `tables.py` says and what the migrations made, compared by Alembic."""
    with rebuilding(engine) as connection:
        migrate(connection)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)

        assert compare_metadata(context, METADATA) == []


@pytest.mark.parametrize("revision", revisions())
def test_everything_is_still_there_after_an_update(engine: Engine, revision: str) -> None:
    """From every form that a database in use may have."""
    with rebuilding(engine) as connection:
        migrate(connection, revision)
    one_row_each(engine)
    before = rows(engine)
    with rebuilding(engine) as connection:
        migrate(connection)
    after = rows(engine)

    assert set(before.values()) == {1}
    assert {name: count for name, count in after.items() if name in before} == before
    with engine.connect() as connection:
        assert revision_of(connection) == HEAD


@pytest.mark.parametrize("revision", revisions())
def test_tables_can_be_taken_away(engine: Engine, revision: str) -> None:
    """`restore --replace` begins with it, whatever is in them; and they can be made again."""
    with rebuilding(engine) as connection:
        migrate(connection, revision)
    one_row_each(engine)
    with rebuilding(engine) as connection:
        migrate(connection, BASE)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    with rebuilding(engine) as connection:
        migrate(connection)
    assert set(rows(engine).values()) == {0}


def test_an_update_that_fails_changes_nothing(engine: Engine) -> None:
    """Half of the tables would be no database of any version."""

    def fail_half_way() -> None:
        with rebuilding(engine) as connection:
            migrate(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


def test_rows_that_refer_to_nothing_fail_the_update(tmp_path: Path) -> None:
    """While SQLite builds tables anew it does not look; so it looks in the end."""
    engine = sqlite_engine(tmp_path / FILE, rebuilding=True)
    with rebuilding(engine) as connection:
        migrate(connection)
    subscriptions = METADATA.tables["subscriptions"]
    wish = {
        "ticker": "X",
        "slot": time(9),
        "silent": False,
        "since": datetime(2026, 7, 29, tzinfo=UTC),
    }
    orphan = {"chat_id": 1, "thread_id": 0, **wish}
    with pytest.raises(ValueError, match="1 rows refer to nothing"), rebuilding(engine) as writing:
        writing.execute(insert(subscriptions), orphan)

    assert rows(engine)["subscriptions"] == 0


def test_an_unknown_revision_is_of_a_newer_version() -> None:
    """This version knows all that came before it."""
    require_known(None)
    require_known(HEAD)
    with pytest.raises(DatabaseTooNew, match="'alarms_by_topic'"):
        require_known("alarms_by_topic")
