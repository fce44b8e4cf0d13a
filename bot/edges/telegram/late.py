"""Commands that waited while the bot was away: answered all the same, saying so once.

Telegram keeps updates for a day.  Who asked for /hoje at eight and hears at ten should know why.
"""

import logging
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import TypeAlias

from telegram import Update
from telegram.ext import ContextTypes, MessageHandler, filters

from bot.edges.telegram.answers import Answers
from bot.edges.telegram.parts import NEW, Built
from bot.ports.forecasting import Clock
from bot.wording.apologies import ANSWERED_LATE

log = logging.getLogger(__name__)

Context: TypeAlias = ContextTypes.DEFAULT_TYPE

LATE = timedelta(minutes=5)
REMEMBERED = 1_000
"""Chats of which it is known that they were told."""
BEFORE_ANSWERS = -1
"""Handler group that python-telegram-bot asks before the one with the answers."""


class LateAnswers:
    """Says once in a private chat that what follows was asked a while ago."""

    def __init__(self, answers: Answers, clock: Clock) -> None:
        self._answers = answers
        self._clock = clock
        self._told: OrderedDict[int, datetime] = OrderedDict()

    def register(self, built: Built) -> None:
        """Look at every command of a private chat before it is answered."""
        command = NEW & filters.ChatType.PRIVATE & filters.COMMAND
        built.add_handler(MessageHandler(command, self.noticed), group=BEFORE_ANSWERS)

    async def noticed(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """Say it when the command is old and the chat has not just been told."""
        message, now = update.effective_message, self._clock()
        if message is None or now - message.date < LATE:
            return
        told = self._told.get(message.chat_id)
        if told is None or now - told >= LATE:
            self._remember(message.chat_id, now)
            await self._answers.say(message, ANSWERED_LATE)

    def _remember(self, chat_id: int, now: datetime) -> None:
        self._told[chat_id] = now
        self._told.move_to_end(chat_id)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
