"""/status, for operators only; for everybody else there is no such command.

Every update counts as a sign of life, whatever becomes of it.
"""

from dataclasses import dataclass
from typing import TypeAlias

from telegram import Update
from telegram.ext import CommandHandler, ContextTypes, TypeHandler, filters

from bot.edges.telegram.answers import Answers
from bot.edges.telegram.parts import Built
from bot.flow.health.measuring import Heard
from bot.flow.health.operations import Operations
from bot.wording.operators import status

Context: TypeAlias = ContextTypes.DEFAULT_TYPE

FIRST_OF_ALL = -20
"""Group of handlers that sees every update before any other."""


@dataclass(frozen=True, slots=True)
class Operators:
    """Answers operators.

    Attributes:
        admins: Telegram's numbers of the people who may ask; empty means nobody.
    """

    operations: Operations
    heard: Heard
    answers: Answers
    admins: frozenset[int]

    def register(self, built: Built) -> None:
        """Tell the application what operators may ask."""
        built.add_handler(TypeHandler(Update, self.saw), group=FIRST_OF_ALL)
        theirs = filters.UpdateType.MESSAGE & filters.User(self.admins)
        built.add_handler(CommandHandler("status", self.status, theirs))

    async def saw(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """Anything at all from Telegram: it is heard."""
        self.heard.update()

    async def status(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """/status: how the bot is."""
        if update.effective_message:
            text = status(await self.operations.status())
            await self.answers.say(update.effective_message, text)
