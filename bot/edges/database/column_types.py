"""How moments, hours, texts and words are written down: the same in both databases."""

from datetime import UTC, datetime, time
from enum import Enum
from typing import Generic, TypeVar

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, SmallInteger, String, Text
from sqlalchemy.types import TypeDecorator

E = TypeVar("E", bound=Enum)

TelegramId = BigInteger
"""Chats of Telegram have up to 52 significant bits (Bot API, Chat.id)."""

RowId = BigInteger().with_variant(Integer(), "sqlite")
"""A number that the database counts; SQLite counts only columns of its type INTEGER."""


class Moment(TypeDecorator[datetime]):
    """An aware moment; comes back in UTC.  SQLite keeps it as text that sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC; SQLite has no zones, so the zone is left out there.

        Raises:
            ValueError: the moment has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Slot(TypeDecorator[time]):
    """An hour and minute in São Paulo, as minutes after midnight."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: time | None, dialect: Dialect) -> int | None:  # noqa: ARG002, the base's
        """Minutes after midnight.

        Raises:
            ValueError: the time has seconds or a zone.
        """
        if value is None:
            return None
        if value.second or value.microsecond or value.tzinfo:
            raise ValueError(f"{value} is no slot")
        return value.hour * 60 + value.minute

    def process_result_value(self, value: int | None, dialect: Dialect) -> time | None:  # noqa: ARG002, the base's
        """Hour and minute, naive."""
        return None if value is None else time(*divmod(value, 60))


class Plain(TypeDecorator[str]):
    """Text, without what cannot be kept everywhere: NUL, and halves of surrogate pairs.

    Both arrive in the JSON of strangers; PostgreSQL refuses the first, UTF-8 the second.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002, the base's
        """The text, with question marks for halves of characters."""
        return None if value is None else value.encode(errors="replace").decode().replace("\0", "")


class Word(TypeDecorator[E], Generic[E]):
    """One of an enumeration's members, as its value."""

    impl = String(16)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:  # noqa: ARG002, the base's
        """Its value."""
        return None if value is None else str(value.value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002, the base's
        """The member with that value."""
        return None if value is None else self.words(value)
