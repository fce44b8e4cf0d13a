"""Who may change what a chat is sent: in groups and channels, those who run them.

A private chat is its person's.  Only those who run a channel can post there, and an anonymous
administrator writes in the name of the group itself; about everybody else Telegram is asked.
"""

import logging
from collections import OrderedDict
from datetime import datetime, timedelta

from telegram import CallbackQuery, Chat, Message
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden

from bot.ports.forecasting import Clock

log = logging.getLogger(__name__)

REMEMBERED_FOR = timedelta(minutes=1)
"""How long somebody who ran the chat is taken to run it still; who does not is asked for again."""
REMEMBERED = 1_000
"""Administrators kept in memory."""

_RUNS_IT = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class Members:
    """Asks Telegram who runs a chat, and remembers those who do for a minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: OrderedDict[tuple[int, int], datetime] = OrderedDict()

    async def may_command(self, message: Message) -> bool:
        """Whether the author of a message may change what its chat is sent.

        Raises:
            TelegramError: Telegram could not be asked.
        """
        if message.chat.type in {ChatType.PRIVATE, ChatType.CHANNEL}:
            return True
        if message.sender_chat:  # a channel that somebody writes as runs nothing here
            return message.sender_chat.id == message.chat.id
        return message.from_user is not None and await self._runs(
            message.chat, message.from_user.id
        )

    async def may_press(self, query: CallbackQuery) -> bool:
        """Whether who pressed a button may change what its chat is sent.

        Raises:
            TelegramError: Telegram could not be asked.
        """
        if query.message is None:
            return False
        chat = query.message.chat
        return chat.type == ChatType.PRIVATE or await self._runs(chat, query.from_user.id)

    async def _runs(self, chat: Chat, user_id: int) -> bool:
        now, key = self._clock(), (chat.id, user_id)
        since = self._seen.get(key)
        if since and timedelta() <= now - since < REMEMBERED_FOR:
            return True
        try:
            member = await chat.get_member(user_id)
        except (BadRequest, Forbidden) as refusal:
            log.info("member not known", extra={"reason": refusal.message})
            return False
        if member.status not in _RUNS_IT:
            return False
        self._remember(key, now)
        return True

    def _remember(self, key: tuple[int, int], now: datetime) -> None:
        self._seen[key] = now
        self._seen.move_to_end(key)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
