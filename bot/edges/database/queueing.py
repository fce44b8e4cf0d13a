"""Putting contents into the outbox: for places that are named, or for all of a slot at once.

A content is one row, whoever reads it; items refer to it.  An item that is there already stays as
it is, so doing it twice changes nothing.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, literal, select

from bot.domain.outbox import Button, Content, Kind, Occasion
from bot.domain.places import Place
from bot.domain.sessions import SAO_PAULO
from bot.edges.database.tables import (
    State,
    broadcasts,
    chats,
    contents,
    outbox,
    subscriptions,
)
from bot.edges.database.upserts import insert_into, inserted

URGENCY = {kind: rank for rank, kind in enumerate(Kind)}
"""The smaller the number, the earlier it goes out."""


@dataclass(frozen=True, slots=True)
class Posting:
    """When items are queued and until when they make sense; both aware."""

    now: datetime
    expires: datetime | None
    silent: bool = False

    def columns(self, occasion_kind: Kind) -> dict[str, Any]:
        """What all items of one posting share."""
        return {
            "kind": occasion_kind,
            "urgency": URGENCY[occasion_kind],
            "state": State.WAITING,
            "queued_at": self.now,
            "not_before": self.now,
            "expires_at": self.expires,
            "tries": 0,
        }


def put_items(
    connection: Connection,
    places: Sequence[Place],
    occasion: Occasion,
    content: Content,
    posting: Posting,
) -> int:
    """Queue one content for some places; gives how many items were not there before."""
    if not places:
        return 0
    [content_id] = _content_ids(connection, [(occasion, content)])
    common = {
        **posting.columns(occasion.kind),
        "subject": occasion.subject,
        "session": occasion.session,
        "content_id": content_id,
        "silent": posting.silent,
    }
    rows = [{"chat_id": to.chat_id, "thread_id": to.thread_id, **common} for to in places]
    queued = insert_into(connection, outbox).on_conflict_do_nothing()
    return inserted(connection, queued, rows)


def fill_slot(
    connection: Connection,
    slot: time,
    session: date,
    readings: Sequence[tuple[Occasion, Content]],
    posting: Posting,
) -> int:
    """Queue the day's contents for a slot's active subscribers; gives how many are new.

    Whoever chose the slot after its hour was promised the next session, and waits for that.

    One INSERT … SELECT; nothing of the subscribers passes through this process.
    """
    if not readings:
        return 0
    common = {
        "session": session,
        "slot": slot,
        **posting.columns(Kind.DAILY),
    }
    rows = subscriptions.c
    found = (
        select(
            rows.chat_id,
            rows.thread_id,
            rows.ticker,
            contents.c.id,
            rows.silent,
            *(literal(value, outbox.c[name].type) for name, value in common.items()),
        )
        .join_from(subscriptions, chats)
        .join(contents, contents.c.subject == rows.ticker)
        .where(
            rows.slot == slot,
            rows.since <= datetime.combine(session, slot, SAO_PAULO),
            chats.c.active,
            contents.c.id.in_(_content_ids(connection, readings)),
        )
        .order_by(rows.chat_id, rows.thread_id, rows.ticker)
    )
    columns = ["chat_id", "thread_id", "subject", "content_id", "silent", *common]
    queued = insert_into(connection, outbox).from_select(columns, found).on_conflict_do_nothing()
    new = inserted(connection, queued)
    if new:
        _broadcast(connection, slot, session, posting.now)
    return new


def _broadcast(connection: Connection, slot: time, session: date, now: datetime) -> None:
    """It goes on; a report on it, if there was one already, is not the last."""
    begun = insert_into(connection, broadcasts).values(
        slot=slot, session=session, began_at=now, reported=False
    )
    again = begun.on_conflict_do_update(
        index_elements=["session", "slot"], set_={"reported": False}
    )
    connection.execute(again)


def _content_ids(connection: Connection, readings: Sequence[tuple[Occasion, Content]]) -> list[int]:
    new = insert_into(connection, contents)
    # An update that changes nothing gives the row back, and keeps others from deleting it.
    kept = new.on_conflict_do_update(
        index_elements=["kind", "subject", "session", "digest"],
        set_={"digest": new.excluded.digest},
    ).returning(contents.c.id)
    rows = [_content_row(occasion, content) for occasion, content in readings]
    return list(connection.scalars(kept, rows))


def _content_row(occasion: Occasion, content: Content) -> dict[str, Any]:
    buttons = json.dumps(
        [[(one.label, one.data, one.url) for one in row] for row in content.buttons]
    )
    told = json.dumps([content.text, buttons])  # in ASCII, whatever halves of characters there are
    return {
        "kind": occasion.kind,
        "subject": occasion.subject,
        "session": occasion.session,
        "digest": hashlib.sha256(told.encode()).hexdigest(),
        "text": content.text,
        "buttons": buttons,
    }


def content_of(text: str, buttons: str) -> Content:
    """The content of a row."""
    rows = json.loads(buttons)
    return Content(text, tuple(tuple(Button(*one) for one in row) for row in rows))
