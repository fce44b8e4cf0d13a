"""Operators see their own commands in the menu of their chat with the bot; nobody else does.

Telegram keeps a menu for a chat only once its person has written to the bot, so that an operator
who has not gets it with the first message.
"""

import logging
from collections.abc import Iterable
from typing import TypeAlias

from telegram import BotCommandScopeChat, Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ContextTypes, MessageHandler, filters

from bot.edges.telegram.application import menu_of
from bot.edges.telegram.parts import Built
from bot.wording import about, operators

log = logging.getLogger(__name__)

Context: TypeAlias = ContextTypes.DEFAULT_TYPE

BEFORE_ANSWERS = -10
"""Handler group that no other part uses."""


class OperatorsMenu:
    """Remembers which operators have no menu yet."""

    def __init__(self, admins: Iterable[int]) -> None:
        self._without = set(admins)

    def register(self, built: Built) -> None:
        """Look at what operators write to the bot before it is answered."""
        theirs = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & filters.User(self._without)
        built.add_handler(MessageHandler(theirs, self.wrote), group=BEFORE_ANSWERS)

    async def wrote(self, update: Update, context: Context) -> None:
        """An operator is there: give the menu if it was not possible before."""
        if update.effective_user and update.effective_user.id in self._without:
            await self._give(context.application, update.effective_user.id)

    async def introduce(self, built: Built) -> None:
        """Give everybody the menu who has ever written to the bot."""
        for admin in sorted(self._without):
            await self._give(built, admin)

    async def _give(self, built: Built, admin: int) -> None:
        menu = menu_of(built, (*operators.COMMANDS, *about.COMMANDS))
        try:
            await built.bot.set_my_commands(menu, BotCommandScopeChat(admin))
        except (BadRequest, Forbidden) as error:  # has never written, or has blocked the bot
            log.info("operator has no menu yet", extra={"reason": error.message})
        except TelegramError as error:
            log.warning("operators' menu not set", extra={"error": repr(error)})
        else:
            self._without.discard(admin)
