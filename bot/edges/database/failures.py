"""What a database's driver raises, as one short reason without any value.

Messages of PostgreSQL quote rows, and those of a failed connection name host and user; so nothing
of a message is passed on, only the error's name, which both databases publish.  The driver's error
is not chained either: what logs a traceback would log its text.
"""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

import psycopg
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.errors import StorageUnavailable

T = TypeVar("T")

PHRASES = {
    "SQLITE_BUSY": "locked",
    "SQLITE_FULL": "disk full",
    "SQLITE_READONLY": "read-only",
    "SQLITE_CANTOPEN": "cannot be opened",
    "LockNotAvailable": "locked",
    "DiskFull": "disk full",
    "ReadOnlySqlTransaction": "read-only",
    "AdminShutdown": "connection lost",
    "CannotConnectNow": "starting or stopping",
}
"""Names of errors (SQLite: result codes; PostgreSQL: psycopg's classes) in plainer words."""


def guarded(work: Callable[[], T]) -> T:
    """What `work` gives.

    Raises:
        StorageUnavailable: the database could not do it.
        ValueError: it was asked to keep something that makes no sense.
    """
    failure: Exception
    try:
        return work()
    except (DBAPIError, NoConnectionFree, sqlite3.Error, psycopg.Error) as error:
        failure = StorageUnavailable(_reason(error))
    except StatementError as error:  # of a column's type, before the database was asked
        if not isinstance(error.orig, ValueError):
            raise
        failure = error.orig
    # Outside of the handlers, so that the driver's error is not even this one's context.
    raise failure


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    name = type(cause).__name__
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", name)
    elif isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None:
        name = "connection lost"
    return PHRASES.get(name, name)
