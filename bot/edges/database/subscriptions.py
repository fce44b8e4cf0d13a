"""Who gets which share, and when: `bot.ports.records.Subscriptions`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, delete, func, select, update

from bot.domain.outbox import Kind
from bot.domain.places import ChatKind, Place
from bot.domain.subscriptions import Subscription
from bot.domain.tickers import Ticker
from bot.edges.database.chats import (
    close_chat,
    drop_unsubscribed,
    forget_chat,
    lock_chats,
    move_chat,
    open_chat,
)
from bot.edges.database.opening import Database
from bot.edges.database.tables import State, chats, outbox, subscriptions
from bot.edges.database.upserts import insert_into

CLOSED = "the chat was closed to the bot"
"""Reason of items that ended because of what Telegram told about the chat."""


@dataclass(frozen=True, slots=True)
class KeptSubscriptions:
    """Fulfils `Subscriptions` on a database."""

    database: Database

    async def add(
        self, kind: ChatKind, wanted: Sequence[Subscription], now: datetime
    ) -> list[Subscription]:
        """Subscribe, or change hour and sound where the place has the share; the chat is active.

        Raises:
            ValueError: `wanted` are of several chats.
        """
        if not wanted:
            return []
        if len({one.place.chat_id for one in wanted}) > 1:
            raise ValueError("subscriptions of several chats at once")
        return await self.database.write(lambda connection: _add(connection, kind, wanted, now))

    async def of(self, place: Place) -> list[Subscription]:
        """What a place is subscribed to, by share."""
        return await self.database.read(lambda connection: _of(connection, place))

    async def cancel(self, place: Place, ticker: Ticker | None) -> list[Subscription]:
        """Take one share, or all, from a place; what waits of them is not sent any more."""
        return await self.database.write(lambda connection: _cancel(connection, place, ticker))

    async def silence(self, place: Place, *, silent: bool) -> int:
        """Turn the sound of all of a place's subscriptions off or on; gives how many there are."""
        change = update(subscriptions).where(_at(place)).values(silent=silent)
        return await self.database.write(lambda connection: connection.execute(change).rowcount)

    async def erase(self, chat_id: int) -> int:
        """Delete everything kept about a chat; gives how many subscriptions and items that were."""
        return await self.database.write(lambda connection: forget_chat(connection, chat_id))

    async def kept(self, chat_id: int) -> Mapping[str, int]:
        """How many rows of each table are about a chat: `subscriptions`, `outbox`."""
        return await self.database.read(lambda connection: _kept(connection, chat_id))

    async def closed(self, chat_id: int, now: datetime) -> None:
        """The chat is closed to the bot; preferences stay, what waits for it ends."""
        await self.database.write(lambda connection: close_chat(connection, chat_id, now, CLOSED))

    async def opened(self, chat_id: int) -> None:
        """The chat is open again; nothing happens when it is not known."""
        change = update(chats).where(chats.c.id == chat_id).values(active=True, closed_at=None)
        await self.database.write(lambda connection: connection.execute(change).rowcount)

    async def moved(self, chat_id: int, new_chat_id: int) -> None:
        """A group has become a supergroup: everything of it goes to the new number."""
        await self.database.write(lambda connection: move_chat(connection, chat_id, new_chat_id))

    async def slots(self) -> list[time]:
        """The hours at which anybody active wants anything, ascending."""
        return await self.database.read(_slots)

    async def shares(self, at: time | None = None) -> list[Ticker]:
        """The shares that active chats want, at one slot or at any, by name."""
        return await self.database.read(lambda connection: _shares(connection, at))


def _at(place: Place) -> ColumnElement[bool]:
    rows = subscriptions.c
    return (rows.chat_id == place.chat_id) & (rows.thread_id == place.thread_id)


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(Place(row.chat_id, row.thread_id), Ticker(row.ticker), row.slot, row.silent)


def _of(connection: Connection, place: Place) -> list[Subscription]:
    rows = connection.execute(select(subscriptions).where(_at(place)))
    return sorted(map(_subscription, rows), key=lambda one: one.ticker)


def _add(
    connection: Connection, kind: ChatKind, wanted: Sequence[Subscription], now: datetime
) -> list[Subscription]:
    chat_id = wanted[0].place.chat_id
    open_chat(connection, kind, chat_id)
    rows = connection.execute(select(subscriptions).where(subscriptions.c.chat_id == chat_id))
    before = set(map(_subscription, rows))
    latest = {(one.place, one.ticker): one for one in wanted}
    changed = [one for one in latest.values() if one not in before]
    if changed:
        _write(connection, changed, now)
    return changed


def _write(connection: Connection, changed: Sequence[Subscription], now: datetime) -> None:
    new, kept = insert_into(connection, subscriptions), subscriptions.c
    since = case((kept.slot == new.excluded.slot, kept.since), else_=new.excluded.since)
    change = new.on_conflict_do_update(
        index_elements=["chat_id", "thread_id", "ticker"],
        set_={"slot": new.excluded.slot, "silent": new.excluded.silent, "since": since},
    )
    connection.execute(
        change,
        [
            {
                "chat_id": one.place.chat_id,
                "thread_id": one.place.thread_id,
                "ticker": one.ticker,
                "slot": one.at,
                "silent": one.silent,
                "since": now,
            }
            for one in changed
        ],
    )


def _cancel(connection: Connection, place: Place, ticker: Ticker | None) -> list[Subscription]:
    lock_chats(connection, place.chat_id)
    those = _at(place) if ticker is None else _at(place) & (subscriptions.c.ticker == ticker)
    rows = connection.execute(delete(subscriptions).where(those).returning(subscriptions))
    gone = sorted(map(_subscription, rows), key=lambda one: one.ticker)
    _take_back(connection, place, [one.ticker for one in gone])
    drop_unsubscribed(connection, place.chat_id)
    return gone


def _take_back(connection: Connection, place: Place, tickers: Sequence[Ticker]) -> None:
    """A share that was cancelled a moment ago does not arrive after all."""
    connection.execute(
        delete(outbox).where(
            outbox.c.chat_id == place.chat_id,
            outbox.c.thread_id == place.thread_id,
            outbox.c.kind == Kind.DAILY,
            outbox.c.subject.in_(tickers),
            outbox.c.state == State.WAITING,
        )
    )


def _kept(connection: Connection, chat_id: int) -> dict[str, int]:
    return {
        table.name: connection.scalar(
            select(func.count()).select_from(table).where(table.c.chat_id == chat_id)
        )
        or 0
        for table in (subscriptions, outbox)
    }


def _slots(connection: Connection) -> list[time]:
    """One look into the index per slot, however many subscribers there are."""
    first = select(func.min(subscriptions.c.slot).label("slot")).cte("hours", recursive=True)
    following = select(func.min(subscriptions.c.slot)).where(subscriptions.c.slot > first.c.slot)
    hours = first.union_all(select(following.scalar_subquery()).where(first.c.slot.is_not(None)))
    readers = select(chats.c.id).join(subscriptions).where(chats.c.active)
    reader = readers.where(subscriptions.c.slot == hours.c.slot).correlate(hours).limit(1)
    # A question for each hour: as EXISTS it is joined, and PostgreSQL reads all subscriptions.
    found = select(hours.c.slot).where(reader.scalar_subquery().is_not(None))
    return list(connection.scalars(found.order_by(hours.c.slot)))


def _shares(connection: Connection, at: time | None) -> list[Ticker]:
    wanted = select(subscriptions.c.ticker).distinct().join(chats).where(chats.c.active)
    if at is not None:
        wanted = wanted.where(subscriptions.c.slot == at)
    return sorted(map(Ticker, connection.scalars(wanted)))
