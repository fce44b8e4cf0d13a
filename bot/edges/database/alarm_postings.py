"""Postings about alarms, joined with the items of the outbox by which they reached their chats.

An item has the subject and session of its posting; `contents` leads from one to the other, since
the outbox itself is ordered by chats.  Old items are forgotten: then a posting stands nowhere.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    or_,
    select,
    text,
    update,
)

from bot.domain.alarms import State as AlarmState
from bot.domain.alarms.keeping import Posted
from bot.domain.outbox import Kind
from bot.domain.places import Place
from bot.edges.database.alarm_rows import members_of
from bot.edges.database.settling_items import OPEN as UNDER_WAY
from bot.edges.database.tables import State, alarms, contents, outbox, posting_alarms, postings

_ITS_CONTENT: ColumnElement[bool] = and_(
    contents.c.kind == Kind.ALARM,
    contents.c.subject == postings.c.subject,
    contents.c.session == postings.c.session,
)


def first_postings(connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    """The first posting about each of some alarms."""
    wanted = (
        select(posting_alarms.c.alarm_id, postings.c.subject)
        .join(postings, postings.c.id == posting_alarms.c.posting_id)
        .where(posting_alarms.c.alarm_id.in_(ids))
        .order_by(postings.c.id.desc())
    )
    return {row.alarm_id: row.subject for row in connection.execute(wanted)}


def outdated_postings(connection: Connection, limit: int) -> list[Posted]:
    """Postings that do not show how things stand, and that nothing is under way of."""
    behind = select(postings).where(text("shown < version"), _is_settled())
    rows = connection.execute(behind.order_by(postings.c.id).limit(limit))
    return [_posted(connection, row) for row in rows]


def unpictured_posting(connection: Connection) -> Posted | None:
    """The oldest posting that has been sent and wants a picture; it does not any more."""
    wanted = select(postings).where(text("picture"), _is_settled()).order_by(postings.c.id)
    row = connection.execute(wanted.limit(1)).one_or_none()
    if row is None:
        return None
    connection.execute(update(postings).where(postings.c.id == row.id).values(picture=False))
    return _posted(connection, row)


def answered_message(connection: Connection, posting: str, place: Place) -> int | None:
    """Telegram's number of the message that a posting is a reply to."""
    reply = postings.alias("reply")
    wanted = (
        _messages(outbox.c.message_id)
        .join(posting_alarms, posting_alarms.c.posting_id == postings.c.id)
        .join(alarms, alarms.c.id == posting_alarms.c.alarm_id)
        .join(reply, reply.c.answers == alarms.c.message_id)
        .where(
            reply.c.subject == posting,
            outbox.c.chat_id == place.chat_id,
            outbox.c.thread_id == place.thread_id,
        )
        .order_by(postings.c.id)
        .limit(1)
    )
    found: int | None = connection.scalar(wanted)
    return found


def forget_alarms(connection: Connection, before: datetime) -> int:
    """Delete what came before then and is over, and postings about nothing else."""
    over = or_(alarms.c.state != AlarmState.ALARM.value, alarms.c.resolved_at.is_not(None))
    old = select(alarms.c.id).where(alarms.c.received_at < before, over, ~alarms.c.waits)
    connection.execute(delete(posting_alarms).where(posting_alarms.c.alarm_id.in_(old)))
    told = exists().where(posting_alarms.c.posting_id == postings.c.id)
    connection.execute(delete(postings).where(postings.c.queued_at < before, ~told))
    return connection.execute(delete(alarms).where(alarms.c.id.in_(old))).rowcount


def _is_settled() -> ColumnElement[bool]:
    """Whether it has been sent wherever it could be."""
    under_way = exists().where(
        _ITS_CONTENT, outbox.c.content_id == contents.c.id, outbox.c.state.in_(UNDER_WAY)
    )
    return ~under_way


def _messages(*columns: Any) -> Select[Any]:
    """Where postings stand."""
    return (
        select(*columns)
        .select_from(postings)
        .join(contents, _ITS_CONTENT)
        .join(outbox, outbox.c.content_id == contents.c.id)
        .where(outbox.c.state == State.SENT, outbox.c.message_id.is_not(None))
    )


def _posted(connection: Connection, row: Any) -> Posted:
    stands = _messages(outbox.c.chat_id, outbox.c.thread_id, outbox.c.message_id).where(
        postings.c.id == row.id
    )
    messages = connection.execute(stands.order_by(outbox.c.id)).all()
    return Posted(
        subject=row.subject,
        form=row.form,
        queued_at=row.queued_at,
        version=row.version,
        members=tuple(members_of(connection, row.subject)),
        messages=tuple((Place(one.chat_id, one.thread_id), one.message_id) for one in messages),
    )
