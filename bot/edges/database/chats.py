"""What happens to a chat as a whole: closed to the bot, moved to another number, forgotten.

Each function is a part of somebody's transaction.  Whoever changes what a chat is subscribed to
locks its number first, whether it is known or not, so that two processes never cross.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Connection,
    Table,
    cast,
    delete,
    exists,
    func,
    select,
    update,
)

from bot.domain.places import ChatKind
from bot.edges.database.tables import State, chats, contents, outbox, subscriptions
from bot.edges.database.upserts import insert_into


def close_chat(connection: Connection, chat_id: int, now: datetime, reason: str) -> None:
    """Send a chat nothing more; what waits for it ends."""
    connection.execute(
        update(chats).where(chats.c.id == chat_id).values(active=False, closed_at=now)
    )
    connection.execute(
        update(outbox)
        .where(outbox.c.chat_id == chat_id, outbox.c.state == State.WAITING)
        .values(state=State.CLOSED, ended_at=now, reason=reason)
    )


def open_chat(connection: Connection, kind: ChatKind, chat_id: int) -> None:
    """Make a chat known and active, and lock it."""
    lock_chats(connection, chat_id)
    known = {"kind": kind, "active": True, "closed_at": None}
    wanted = insert_into(connection, chats).values(id=chat_id, **known)
    connection.execute(wanted.on_conflict_do_update(index_elements=["id"], set_=known))


def lock_chats(connection: Connection, *chat_ids: int) -> None:
    """Let nobody else change these chats until the transaction ends; SQLite has one writer anyway.

    The locks are PostgreSQL's advisory ones: a row cannot be locked before it is there.
    """
    if connection.dialect.name == "postgresql":
        for chat_id in sorted(chat_ids):
            connection.execute(select(func.pg_advisory_xact_lock(cast(chat_id, BigInteger))))


def drop_unsubscribed(connection: Connection, chat_id: int) -> None:
    """Forget the chat, which is locked, if it has no subscription any more."""
    subscribed = exists().where(subscriptions.c.chat_id == chats.c.id)
    connection.execute(delete(chats).where(chats.c.id == chat_id, ~subscribed))


def move_chat(connection: Connection, old: int, new: int) -> None:
    """Give everything of a group to the supergroup that it has become.

    Where the supergroup has a share or an item already, its own stays.
    """
    if old == new:
        return
    lock_chats(connection, old, new)
    _found_again(connection, old, new)
    _give(connection, subscriptions, old, new, ("thread_id", "ticker"))
    _give(connection, outbox, old, new, ("thread_id", "kind", "subject", "session"))
    connection.execute(delete(chats).where(chats.c.id == old))


def _found_again(connection: Connection, old: int, new: int) -> None:
    row = connection.execute(select(chats).where(chats.c.id == old)).one_or_none()
    if row:
        moved = {"kind": ChatKind.SUPERGROUP, "active": row.active, "closed_at": row.closed_at}
        wanted = insert_into(connection, chats).values(id=new, **moved)
        connection.execute(wanted.on_conflict_do_nothing())


def _give(connection: Connection, table: Table, old: int, new: int, key: tuple[str, ...]) -> None:
    other = table.alias()
    same = [other.c[column] == table.c[column] for column in key]
    there = exists().where(other.c.chat_id == new, *same)
    connection.execute(update(table).where(table.c.chat_id == old, ~there).values(chat_id=new))
    connection.execute(delete(table).where(table.c.chat_id == old))


def forget_chat(connection: Connection, chat_id: int) -> int:
    """Delete everything about a chat; gives how many subscriptions and items that were."""
    lock_chats(connection, chat_id)
    gone = [
        connection.execute(delete(table).where(table.c.chat_id == chat_id)).rowcount
        for table in (subscriptions, outbox)
    ]
    connection.execute(delete(chats).where(chats.c.id == chat_id))
    drop_unread(connection)
    return sum(gone)


def drop_unread(connection: Connection) -> None:
    """Delete contents that no item refers to."""
    read = exists().where(outbox.c.content_id == contents.c.id)
    connection.execute(delete(contents).where(~read))
