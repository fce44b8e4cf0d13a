"""Rows from one database into another, whatever revision their tables are of.

Tables are taken as they are found, not as `bot.edges.database.tables` has them, so that an old
backup can be put back before it is migrated.  Moments are UTC in both databases: SQLite without a
zone, PostgreSQL in sessions whose zone is UTC.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import (
    ColumnClause,
    Connection,
    MetaData,
    Table,
    column,
    func,
    insert,
    inspect,
    select,
    table,
)

Told = Callable[[int], None]
"""Is told of each number of rows that were copied."""

AT_ONCE = 1000
"""Rows in memory."""

REVISIONS = "alembic_version"
"""Alembic's own table."""


def copied_tables(file: Connection) -> Sequence[str]:
    """The names of the tables in a SQLite file, which holds nobody else's."""
    return [name for name in inspect(file).get_table_names() if name != REVISIONS]


def copy_tables(
    source: Connection, target: Connection, names: Sequence[str], told: Told
) -> Mapping[str, int]:
    """Copy the rows of tables that both have, referred ones first; gives how many of each."""
    origins, places = MetaData(), MetaData()
    origins.reflect(source, only=names)
    places.reflect(target, only=names)
    return {
        place.name: _copy_rows(source, origins.tables[place.name], target, place, told)
        for place in places.sorted_tables
    }


def _copy_rows(
    source: Connection, origin: Table, target: Connection, place: Table, told: Told
) -> int:
    found = source.execute(select(origin), execution_options={"yield_per": AT_ONCE})
    copied = 0
    for rows in found.mappings().partitions():
        target.execute(insert(place), [dict(row) for row in rows])
        copied += len(rows)
        told(len(rows))
    return copied


def count_on(connection: Connection, names: Iterable[str]) -> None:
    """Let PostgreSQL number new rows after those that were copied; SQLite does of itself."""
    if connection.dialect.name != "postgresql":
        return
    for name in names:
        for described in inspect(connection).get_columns(name):
            if described.get("identity"):
                _count_column_on(connection, name, described["name"])


def _count_column_on(connection: Connection, name: str, counted: str) -> None:
    numbers: ColumnClause[int] = column(counted)
    following = select(func.coalesce(func.max(numbers), 0) + 1).select_from(table(name))
    counter = func.pg_get_serial_sequence(name, counted)
    connection.execute(select(func.setval(counter, following.scalar_subquery(), False)))
