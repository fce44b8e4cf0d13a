"""What is kept, as the settings say: SQLite under DATA_DIR, or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.domain.sessions import Sessions
from bot.edges.database.file_ids import KeptFileIds
from bot.edges.database.lease import lease
from bot.edges.database.opening import Database, open_database
from bot.edges.database.outbox import KeptOutbox
from bot.edges.database.subscriptions import KeptSubscriptions
from bot.edges.database.track_record import KeptTrackRecord
from bot.errors import CannotGoOn, StorageUnavailable
from bot.ports.records import Lease
from bot.settings import Settings


class DatabaseAway(CannotGoOn):
    """The database does not answer when the bot starts."""

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(f"{setting}: the database does not answer ({reason})")


@dataclass(frozen=True, slots=True)
class Records:
    """The database, port by port."""

    database: Database
    subscriptions: KeptSubscriptions
    outbox: KeptOutbox
    track_record: KeptTrackRecord
    file_ids: KeptFileIds
    lease: Lease

    @property
    def kind(self) -> str:
        """The database's name, for people."""
        return "SQLite" if self.database.is_sqlite else "PostgreSQL"


@contextmanager
def opened(settings: Settings, sessions: Sessions) -> Iterator[Records]:
    """Open the database, brought up to date, and close it in the end.

    Raises:
        DatabaseUnusable: with a sentence that says what to change.
        DatabaseAway: it does not answer.
    """
    database = _opened(settings)
    try:
        yield Records(
            database,
            KeptSubscriptions(database),
            KeptOutbox(database),
            KeptTrackRecord(database, sessions.close),
            KeptFileIds(database),
            lease(database),
        )
    finally:
        database.close()


def _opened(settings: Settings) -> Database:
    try:
        return open_database(address_of(settings), settings.data_dir)
    except StorageUnavailable as error:
        setting = "DATABASE_URL" if settings.database_url else "DATA_DIR"
        raise DatabaseAway(setting, error.reason) from None


def address_of(settings: Settings) -> str | None:
    """DATABASE_URL, password and all; None for SQLite."""
    return settings.database_url.get_secret_value() if settings.database_url else None
