"""How broadcasts ended, counted from their items."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Select, exists, func, select, text

from bot.domain.outbox import Broadcast
from bot.edges.database.settling_items import OPEN
from bot.edges.database.tables import State, broadcasts, outbox

ENDED = (State.SENT, State.CLOSED, State.REFUSED, State.EXPIRED)


def finished_broadcasts(connection: Connection) -> list[Broadcast]:
    """Those that are not reported and of which nothing is left to send, oldest first.

    First which, then how they ended: joined, all items of all days would be read.
    """
    return [
        broadcast
        for begun in connection.execute(_unreported()).all()
        for broadcast in _counted(connection, begun.session, begun.slot, begun.began_at)
    ]


def _unreported() -> Select[Any]:
    rows = broadcasts.c
    going = exists().where(
        outbox.c.session == broadcasts.c.session,
        outbox.c.slot == broadcasts.c.slot,
        outbox.c.state.in_(OPEN),
    )
    wanted = select(rows.session, rows.slot, rows.began_at)
    return wanted.where(text("NOT broadcasts.reported"), ~going).order_by(rows.session, rows.slot)


def _counted(
    connection: Connection, session: date, slot: time, began: datetime
) -> Iterator[Broadcast]:
    """The broadcast, if any of its items is still there."""
    wanted = select(outbox.c.state, func.count(), func.max(outbox.c.ended_at))
    mine = wanted.where(outbox.c.session == session, outbox.c.slot == slot)
    rows = connection.execute(mine.group_by(outbox.c.state)).all()
    counts = Counter({state: count for state, count, _ in rows})
    if rows:
        sent, closed, refused, expired = (counts[state] for state in ENDED)
        ended = max(last for *_, last in rows)
        yield Broadcast(f"{slot:%H:%M}", session, sent, closed, refused, expired, began, ended)
