"""Everything pushed, from before it is sent until after: `bot.ports.records.Outbox`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from bot.domain.outbox import (
    Backlog,
    Broadcast,
    Content,
    Kind,
    Occasion,
    Outgoing,
    Result,
)
from bot.domain.places import Place
from bot.domain.tickers import Ticker
from bot.edges.database.broadcasts import finished_broadcasts
from bot.edges.database.chats import drop_unread
from bot.edges.database.opening import Database
from bot.edges.database.queueing import Posting, content_of, fill_slot, put_items
from bot.edges.database.settling_items import settle_item
from bot.edges.database.tables import State, broadcasts, chats, contents, outbox

# Written out, not as parameters: only so does a database see that its small indexes hold them all.
WAITING: ColumnElement[bool] = outbox.c.state == literal_column("'waiting'")
SENDING: ColumnElement[bool] = outbox.c.state == literal_column("'sending'")


@dataclass(frozen=True, slots=True)
class KeptOutbox:
    """Fulfils `Outbox` on a database."""

    database: Database

    async def put(  # noqa: PLR0913, the port's
        self,
        places: Sequence[Place],
        occasion: Occasion,
        content: Content,
        *,
        now: datetime,
        silent: bool = False,
        expires: datetime | None = None,
    ) -> int:
        """Queue one content for some places, known or not; gives how many items are new."""
        posting = Posting(now, expires, silent)
        return await self.database.write(
            lambda connection: put_items(connection, places, occasion, content, posting)
        )

    async def fill(
        self,
        slot: time,
        session: date,
        contents: Mapping[Ticker, Content],
        *,
        now: datetime,
        expires: datetime,
    ) -> int:
        """Queue the day's message of a slot for everybody subscribed; gives how many are new."""
        posting = Posting(now, expires)
        readings = [
            (Occasion(Kind.DAILY, ticker, session), content) for ticker, content in contents.items()
        ]
        return await self.database.write(
            lambda connection: fill_slot(connection, slot, session, readings, posting)
        )

    async def recover(self) -> int:
        """Let items that a killed process was sending wait again; gives how many."""
        change = update(outbox).where(SENDING).values(state=State.WAITING)
        return await self._changed(change)

    async def due(self, now: datetime, limit: int) -> list[Outgoing]:
        """Waiting items of active chats whose time has come; alarms first, then oldest first."""
        wanted = (
            _sendable(now, outbox, contents.c.text, contents.c.buttons)
            .join(contents, contents.c.id == outbox.c.content_id)
            .where(outbox.c.not_before <= now)
            .order_by(outbox.c.urgency, outbox.c.id)
            .limit(limit)
        )
        return await self.database.read(
            lambda connection: [_outgoing(row) for row in connection.execute(wanted)]
        )

    async def advance(
        self, results: Sequence[Result], claimed: Sequence[Outgoing], now: datetime
    ) -> frozenset[int]:
        """Write what became of items; gives those of `claimed` that may be sent now."""
        return await self.database.write(
            partial(_advance, results=results, claimed=claimed, now=now)
        )

    async def expire(self, now: datetime) -> int:
        """End waiting items whose time is over; gives how many."""
        over = update(outbox).where(WAITING, outbox.c.expires_at <= now)
        return await self._changed(over.values(state=State.EXPIRED, ended_at=now))

    async def backlog(self, now: datetime) -> Backlog:
        """What could be sent, and since when the oldest of it has been queued."""
        waits = _sendable(now, func.count(), func.min(outbox.c.queued_at))
        waiting, oldest = await self.database.read(
            lambda connection: connection.execute(waits).one()
        )
        return Backlog(waiting, oldest)

    async def finished(self) -> list[Broadcast]:
        """Broadcasts with nothing left to send and no report, oldest first."""
        return await self.database.read(finished_broadcasts)

    async def reported(self, broadcast: Broadcast) -> None:
        """The report on a broadcast has been queued."""
        slot = time.fromisoformat(broadcast.slot)
        mine = (broadcasts.c.slot == slot) & (broadcasts.c.session == broadcast.session)
        await self._changed(update(broadcasts).where(mine).values(reported=True))

    async def last_push(self) -> datetime | None:
        """When an item of a broadcast last reached anybody."""
        reached = select(outbox.c.ended_at).where(
            outbox.c.ended_at.is_not(None), outbox.c.slot.is_not(None), outbox.c.state == State.SENT
        )
        newest = reached.order_by(outbox.c.ended_at.desc()).limit(1)
        return await self.database.read(lambda connection: connection.scalar(newest))

    async def forget(self, before: datetime) -> int:
        """Delete items that ended before, and what only they needed; gives how many items."""
        return await self.database.write(lambda connection: _forget(connection, before))

    async def _changed(self, change: Any) -> int:
        return await self.database.write(lambda connection: connection.execute(change).rowcount)


def _sendable(now: datetime, *columns: Any) -> Select[Any]:
    """Items that wait, are not over, and whose chat is not known to be closed."""
    return (
        select(*columns)
        .select_from(outbox)
        .outerjoin(chats, chats.c.id == outbox.c.chat_id)
        .where(
            WAITING,
            or_(outbox.c.expires_at.is_(None), outbox.c.expires_at > now),
            func.coalesce(chats.c.active, True),
        )
    )


def _outgoing(row: Row[Any]) -> Outgoing:
    return Outgoing(
        id=row.id,
        place=Place(row.chat_id, row.thread_id),
        occasion=Occasion(row.kind, row.subject, row.session),
        content=content_of(row.text, row.buttons),
        silent=row.silent,
        tries=row.tries,
    )


def _advance(
    connection: Connection, results: Sequence[Result], claimed: Sequence[Outgoing], now: datetime
) -> frozenset[int]:
    for result in results:
        settle_item(connection, result, now)
    ids = [item.id for item in claimed]
    claim = update(outbox).where(WAITING, outbox.c.id.in_(ids)).values(state=State.SENDING)
    return frozenset(connection.scalars(claim.returning(outbox.c.id)) if ids else ())


def _forget(connection: Connection, before: datetime) -> int:
    gone = connection.execute(delete(outbox).where(outbox.c.ended_at < before)).rowcount
    drop_unread(connection)
    items = exists().where(
        outbox.c.slot == broadcasts.c.slot, outbox.c.session == broadcasts.c.session
    )
    connection.execute(delete(broadcasts).where(broadcasts.c.began_at < before, ~items))
    return gone
