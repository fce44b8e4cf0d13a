"""Every message about alarms, and how the alarms stand: `bot.ports.alarms.Alarms`.

What is decided within a transaction is decided by whoever calls: here it is only written down,
together with what is queued because of it.  Two processes that take messages about one alarm at
the same time would each miss the other's, so PostgreSQL lets in one after the other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select, text, update

from bot.domain.alarms import read
from bot.domain.alarms.judging import MINUTE, next_reminder, reminders_past
from bot.domain.alarms.keeping import Kept, Posted
from bot.domain.alarms.mail import Arrived
from bot.domain.places import Place
from bot.edges.database.alarm_postings import (
    answered_message,
    first_postings,
    forget_alarms,
    outdated_postings,
    unpictured_posting,
)
from bot.edges.database.alarm_rows import (
    OPEN,
    change,
    found,
    is_there,
    keep,
    known_of,
    members_of,
    post,
)
from bot.edges.database.opening import Database
from bot.edges.database.tables import alarms, postings
from bot.ports.alarms import Compose, Judge

T = TypeVar("T")

GATHERED = 1_000
"""Messages that are told together in one transaction."""

LOCK = int.from_bytes(b"fecham-a", "big")
"""Key of PostgreSQL's advisory lock, as those in `bot.edges.database.engines`."""


@dataclass(frozen=True, slots=True)
class KeptAlarms:
    """Fulfils `Alarms` on a database."""

    database: Database

    async def take(self, arrived: Sequence[Arrived], judge: Judge, now: datetime) -> int:
        """Keep messages and queue what is to be read of them; gives how many are new."""
        return await self._write(partial(_take, arrived=arrived, judge=judge, now=now))

    async def gather(self, compose: Compose, now: datetime) -> int:
        """Queue what waits to be told together, oldest first; gives how many messages."""
        return await self._write(partial(_gather, compose=compose, now=now))

    async def waiting_since(self) -> datetime | None:
        """When the oldest came that waits to be told together with others."""
        oldest = select(alarms.c.received_at).where(text("waits")).order_by(alarms.c.id).limit(1)
        return await self.database.read(lambda connection: connection.scalar(oldest))

    async def due(self, now: datetime) -> list[Kept]:
        """Alarms whose reminder has come, oldest first."""
        wanted = select(alarms).where(OPEN, alarms.c.next_reminder <= now).order_by(alarms.c.id)
        return await self.database.read(lambda connection: found(connection, wanted))

    async def remind(self, ids: Sequence[int], compose: Compose, now: datetime) -> int:
        """Queue reminders of those of `ids` that still are due; gives how many."""
        return await self._write(partial(_remind, ids=ids, compose=compose, now=now))

    async def acknowledge(self, posting: str, by: int, now: datetime) -> list[Kept]:
        """Somebody takes on what a posting is about and is still in alarm; gives what changed."""
        values = {"acknowledged_by": by, "acknowledged_at": now, "next_reminder": None}
        return await self._write(
            lambda connection: _done(
                connection, posting, lambda each: each.acknowledged_by is None, values
            )
        )

    async def silence(self, posting: str, until: datetime) -> list[Kept]:
        """Silence what a posting is about and is still in alarm; gives what changed."""
        return await self._write(
            lambda connection: [
                *_done(connection, posting, _is_taken_on, {"silenced_until": until}),
                *_done(
                    connection,
                    posting,
                    lambda each: not _is_taken_on(each),
                    {"silenced_until": until, "next_reminder": until},
                ),
            ]
        )

    async def settle(self, over: Mapping[int, datetime]) -> int:
        """Alarms of which somebody else knows that they are over, since when; gives how many."""
        return await self._write(partial(_settle, over=over))

    async def about(self, posting: str) -> list[Kept]:
        """What a posting is about, as it stands; nothing when it is not known."""
        return await self.database.read(lambda connection: members_of(connection, posting))

    async def open(self) -> list[Kept]:
        """What is in alarm, oldest first."""
        wanted = select(alarms).where(OPEN).order_by(alarms.c.since, alarms.c.id)
        return await self.database.read(lambda connection: found(connection, wanted))

    async def postings(self, ids: Sequence[int]) -> Mapping[int, str]:
        """The first posting about each."""
        return await self.database.read(partial(first_postings, ids=ids))

    async def outdated(self, limit: int) -> list[Posted]:
        """Postings that have been sent and do not show how things stand, the oldest first."""
        return await self.database.read(partial(outdated_postings, limit=limit))

    async def shown(self, posting: str, version: int) -> None:
        """A posting shows how things stood at that version."""
        seen = update(postings).where(postings.c.subject == posting).values(shown=version)
        await self.database.write(lambda connection: connection.execute(seen).rowcount)

    async def answered(self, posting: str, place: Place) -> int | None:
        """Telegram's number, in a place, of the message that a posting is a reply to."""
        return await self.database.read(partial(answered_message, posting=posting, place=place))

    async def unpictured(self) -> Posted | None:
        """Take a posting that has been sent and wants a picture; it is not given again."""
        return await self._write(unpictured_posting)

    async def forget(self, before: datetime) -> int:
        """Delete what came before then and is over; gives how many messages."""
        return await self._write(partial(forget_alarms, before=before))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self.database.write(partial(_alone, work=work))


def _alone(connection: Connection, work: Callable[[Connection], T]) -> T:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    return work(connection)


def _take(connection: Connection, arrived: Sequence[Arrived], judge: Judge, now: datetime) -> int:
    new = 0
    for each in arrived:
        says = read(each.text, each.subject)
        if not is_there(connection, each, says):
            known = known_of(connection, says, now - MINUTE)
            keep(connection, each, says, judge(each, says, known), now)
            new += 1
    return new


def _gather(connection: Connection, compose: Compose, now: datetime) -> int:
    waiting = select(alarms).where(text("waits")).order_by(alarms.c.id).limit(GATHERED)
    kept = found(connection, waiting)
    for posting, ids in compose(kept) if kept else ():
        post(connection, posting, ids, now)
    told = [each.id for each in kept]
    connection.execute(update(alarms).where(alarms.c.id.in_(told)).values(waits=False))
    return len(kept)


def _remind(connection: Connection, ids: Sequence[int], compose: Compose, now: datetime) -> int:
    due = select(alarms).where(OPEN, alarms.c.next_reminder <= now, alarms.c.id.in_(ids))
    kept = found(connection, due.order_by(alarms.c.id))
    for posting, about in compose(kept) if kept else ():
        post(connection, posting, about, now)
    for each in kept:
        past = reminders_past(each.received_at, now)
        coming = next_reminder(each.received_at, past, None)
        later = update(alarms).where(alarms.c.id == each.id)
        connection.execute(later.values(reminders=past, next_reminder=coming))
    return len(kept)


def _is_taken_on(kept: Kept) -> bool:
    return kept.acknowledged_by is not None


def _done(
    connection: Connection, posting: str, wanted: Callable[[Kept], bool], values: dict[str, Any]
) -> list[Kept]:
    """Change what a posting is about and is in alarm; gives it as it is then."""
    ids = [each.id for each in members_of(connection, posting) if each.is_open and wanted(each)]
    change(connection, ids, values)
    return [each for each in members_of(connection, posting) if each.id in ids]


def _settle(connection: Connection, over: Mapping[int, datetime]) -> int:
    still = connection.scalars(select(alarms.c.id).where(OPEN, alarms.c.id.in_(list(over)))).all()
    for number in still:
        change(connection, [number], {"resolved_at": over[number], "next_reminder": None})
    return len(still)
