"""INSERT … ON CONFLICT: the same sentence in both databases, which SQLAlchemy spells apart."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert: TypeAlias = postgresql.Insert | sqlite.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """An INSERT that can say what happens when the row is there."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def inserted(
    connection: Connection, statement: Insert, rows: Sequence[Mapping[str, Any]] | None = None
) -> int:
    """Run an INSERT; gives how many rows were not there before."""
    counted = statement.execution_options(preserve_rowcount=True)
    return connection.execute(counted, rows).rowcount
