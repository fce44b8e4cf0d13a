"""How the bot stops listening: what it has taken on it ends, what it has not stays with Telegram.

    polling ends ─▶ Telegram forgets what was put ─▶ some seconds for what was ─▶ the rest is told

An update that never came into the room is handed out again at the next start.  One that came in
too late to be answered is not, since Telegram hands out nothing twice that comes before an update
that was confirmed: its conversation is told to ask again.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta

from telegram.error import TelegramError

from bot.edges.telegram.parts import Built
from bot.edges.telegram.unanswered import tell_of_stop
from bot.edges.telegram.waiting_room import WaitingRoom

log = logging.getLogger(__name__)

LAST_ANSWERS_SECONDS = 4.0
"""For what has been taken on; a supervisor waits ten seconds for all as a rule."""
LAST_WORDS_SECONDS = 1.5


async def confirm(built: Built, room: WaitingRoom) -> None:
    """Let Telegram forget what has been put, once nothing polls any more; no harm if it fails."""
    if room.newest is None:
        return
    try:
        await built.bot.get_updates(room.newest + 1, limit=1, timeout=timedelta(0))
    except TelegramError as error:
        log.warning("last updates not confirmed", extra={"error": repr(error)})


async def leave(
    built: Built,
    room: WaitingRoom,
    answers: float = LAST_ANSWERS_SECONDS,
    words: float = LAST_WORDS_SECONDS,
) -> None:
    """Close the room, answer for a while, and tell those whose turn did not come.

    Args:
        built: runs; nothing polls for it any more.
        room: its queue.
        answers: seconds for what has been taken on.
        words: seconds for telling.
    """
    room.close()
    with suppress(TimeoutError):
        await asyncio.wait_for(room.emptied(), answers)
    if left := room.abandon():
        log.warning("stopped before all were answered", extra={"updates": len(left)})
        with suppress(TimeoutError):
            await asyncio.wait_for(tell_of_stop(built, left), words)
