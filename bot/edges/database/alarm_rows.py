"""Rows of alarms and postings: reading them, and the sentences that several changes share."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    insert,
    literal_column,
    select,
    update,
)

from bot.domain.alarms import Alarm, State, Text, read
from bot.domain.alarms.keeping import Form, Kept, Known, Posting, identity
from bot.domain.alarms.mail import Arrived
from bot.domain.outbox import Kind, Occasion
from bot.edges.database.queueing import Posting as Queued
from bot.edges.database.queueing import put_items
from bot.edges.database.tables import alarms, posting_alarms, postings
from bot.ports.alarms import Verdict

# Written out, not as parameters: only so does a database see that its small indexes hold them all.
OPEN: ColumnElement[bool] = and_(
    alarms.c.state == literal_column("'ALARM'"), alarms.c.resolved_at.is_(None)
)
_SETTLING = (State.ALARM.value, State.OK.value)


def kept(row: Row[Any]) -> Kept:
    """A row, its message read again."""
    says = read(row.body, row.subject)
    return Kept(
        id=row.id,
        message_id=row.message_id,
        identity=row.identity,
        says=says,
        since=row.since,
        received_at=row.received_at,
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=row.acknowledged_at,
        silenced_until=row.silenced_until,
        resolved_at=row.resolved_at,
        replaced=row.replaced,
        reminders=row.reminders,
    )


def found(connection: Connection, wanted: Select[Any]) -> list[Kept]:
    """What a question about `alarms` finds."""
    return [kept(row) for row in connection.execute(wanted)]


def members_of(connection: Connection, subject: str) -> list[Kept]:
    """What a posting is about, oldest first."""
    wanted = (
        select(alarms)
        .join(posting_alarms, posting_alarms.c.alarm_id == alarms.c.id)
        .join(postings, postings.c.id == posting_alarms.c.posting_id)
        .where(postings.c.subject == subject)
    )
    return found(connection, wanted.order_by(alarms.c.id))


def is_there(connection: Connection, arrived: Arrived, says: Alarm | Text) -> bool:
    """Whether a message, or the change of state that it tells, was there before."""
    same = alarms.c.message_id == arrived.message_id
    if isinstance(says, Alarm) and says.since:
        same |= and_(
            alarms.c.identity == identity(says),
            alarms.c.state == says.state,
            alarms.c.since == says.since,
        )
    return connection.scalar(select(alarms.c.id).where(same).limit(1)) is not None


def known_of(connection: Connection, says: Alarm | Text, minute_ago: datetime) -> Known:
    """What is known of an alarm."""
    lately = select(func.count()).where(
        postings.c.queued_at > minute_ago, postings.c.form.in_([Form.CHANGE, Form.OVER])
    )
    count = connection.scalar(lately) or 0
    if isinstance(says, Text):
        return Known(lately=count)
    mine = alarms.c.identity == identity(says)
    going = select(alarms).where(mine, OPEN).order_by(alarms.c.since, alarms.c.id)
    newest = connection.execute(
        select(alarms.c.state, alarms.c.since)
        .where(mine, alarms.c.state.in_(_SETTLING))
        .order_by(alarms.c.since.desc(), alarms.c.id.desc())
        .limit(1)
    ).one_or_none()
    silenced = connection.scalar(select(func.max(alarms.c.silenced_until)).where(mine))
    last = (newest.state, newest.since) if newest else None
    return Known(tuple(found(connection, going)), last, silenced, count)


def keep(
    connection: Connection, arrived: Arrived, says: Alarm | Text, verdict: Verdict, now: datetime
) -> None:
    """Write a message, what it changes, and what is posted of it."""
    judgement = verdict.judgement
    row = {
        "message_id": arrived.message_id,
        "identity": identity(says),
        "state": says.state if isinstance(says, Alarm) else "",
        "since": judgement.since,
        "received_at": now,
        "subject": arrived.subject,
        "body": arrived.text,
        "waits": judgement.waits,
        "silenced_until": judgement.silenced_until,
        "resolved_at": judgement.resolved_at,
        "replaced": judgement.replaced,
        "next_reminder": judgement.next_reminder,
        "reminders": 0,
    }
    number = connection.scalar(insert(alarms).returning(alarms.c.id), row)
    if number is None:
        raise RuntimeError("the database numbered no row")
    ended = {"resolved_at": judgement.since, "replaced": judgement.replaces, "next_reminder": None}
    change(connection, judgement.over, ended)
    if verdict.posting:
        post(connection, verdict.posting, [number], now)


def change(connection: Connection, ids: Iterable[int], values: dict[str, Any]) -> None:
    """Change alarms; what was posted about them is to be written anew."""
    for batch in _batches(list(ids)):
        connection.execute(update(alarms).where(alarms.c.id.in_(batch)).values(**values))
        about = select(posting_alarms.c.posting_id).where(posting_alarms.c.alarm_id.in_(batch))
        behind = update(postings).where(postings.c.id.in_(about))
        connection.execute(behind.values(version=postings.c.version + 1))


def post(connection: Connection, posting: Posting, ids: Sequence[int], now: datetime) -> None:
    """Queue a posting about some alarms."""
    row = {
        "subject": posting.subject,
        "session": posting.session,
        "form": posting.form,
        "queued_at": now,
        "version": 0,
        "shown": 0,
        "answers": posting.answers,
        "picture": posting.picture,
    }
    number = connection.scalar(insert(postings).returning(postings.c.id), row)
    about = [{"posting_id": number, "alarm_id": each} for each in ids]
    connection.execute(insert(posting_alarms), about)
    occasion = Occasion(Kind.ALARM, posting.subject, posting.session)
    queued = Queued(now, None, posting.silent)
    put_items(connection, posting.places, occasion, posting.content, queued)


def _batches(ids: list[int], size: int = 500) -> list[list[int]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
