"""What is said to those whose messages are not going to be answered: once in each conversation.

Only what people write to the bot counts, not what a group says past it.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable

from telegram import Update
from telegram.error import TelegramError

from bot.edges.telegram.parts import Built
from bot.wording.apologies import STOPPED_BEFORE, TOO_MANY

log = logging.getLogger(__name__)


def told_at_once(built: Built) -> Callable[[Update], None]:
    """Says in the background that there are too many messages in a conversation."""

    def told(update: Update) -> None:
        for chat in _chats((update,)):
            log.warning("too many messages of one conversation")
            built.create_task(_tell(built, chat, TOO_MANY))

    return told


async def tell_of_stop(built: Built, left: Iterable[Update]) -> None:
    """Say to all conversations at once that the bot has stopped before their turn."""
    await asyncio.gather(*(_tell(built, chat, STOPPED_BEFORE) for chat in _chats(left)))


def _chats(updates: Iterable[Update]) -> dict[int, None]:
    """The conversations in which somebody waits for an answer, in their order."""
    messages = (update.message or update.channel_post for update in updates)
    return {
        message.chat_id: None
        for message in messages
        if message and (message.chat.type == "private" or (message.text or "").startswith("/"))
    }


async def _tell(built: Built, chat: int, text: str) -> None:
    try:
        await built.bot.send_message(chat, text)
    except TelegramError as error:
        log.info("not told that there is no answer", extra={"reason": error.message})
