"""What became of items that were sent, or were tried to be.

Only an item that waits or is being sent changes: what has ended stays ended, whoever comes late
with news of it.  An item that is not there any more was taken back; the chat is told about anyway.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from bot.domain.outbox import Closed, Moved, NotSent, Refused, Result, Sent, Unknown
from bot.edges.database.chats import close_chat, lock_chats, move_chat
from bot.edges.database.tables import State, outbox

OPEN = (State.WAITING, State.SENDING)


def settle_item(connection: Connection, result: Result, now: datetime) -> None:
    """Write down one result, and what it says about the chat.

    Raises:
        ValueError: an outcome that ends the item comes with a time for another try.
    """
    if isinstance(result.outcome, Closed | Moved):
        lock_chats(connection, result.item.place.chat_id)  # before its items, as everybody does
    connection.execute(
        update(outbox)
        .where(outbox.c.id == result.item.id, outbox.c.state.in_(OPEN))
        .values(tries=outbox.c.tries + 1, **_columns(result, now))
    )
    match result.outcome:
        case Closed(reason):
            close_chat(connection, result.item.place.chat_id, now, reason)
        case Moved(new_chat_id):
            move_chat(connection, result.item.place.chat_id, new_chat_id)


def _columns(result: Result, now: datetime) -> dict[str, Any]:
    again = result.retry_at
    match result.outcome:
        case Sent() | Refused() | Closed() if again:
            raise ValueError(f"{result.outcome} is the end of an item")
        case Sent(message_id):
            return {"state": State.SENT, "ended_at": now, "message_id": message_id}
        case Closed(reason):
            return {"state": State.CLOSED, "ended_at": now, "reason": reason}
        case Moved():
            return {"state": State.WAITING, "not_before": again or now}
        case NotSent(reason) | Unknown(reason) if again:
            return {"state": State.WAITING, "not_before": again, "reason": reason}
        case Refused(reason) | NotSent(reason) | Unknown(reason):
            return {"state": State.REFUSED, "ended_at": now, "reason": reason}
