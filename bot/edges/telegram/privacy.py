"""/privacidade and /apagar: what is kept about a chat, and away with it."""

from dataclasses import dataclass
from typing import TypeAlias

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.domain.outbox import Content
from bot.edges.telegram.answers import Answers
from bot.edges.telegram.guarded import Guarded, Refusals
from bot.edges.telegram.members import Members
from bot.edges.telegram.parts import NEW, Built
from bot.errors import StorageUnavailable
from bot.ports.records import Subscriptions
from bot.wording import privacy as wording

Context: TypeAlias = ContextTypes.DEFAULT_TYPE

REFUSALS = Refusals(wording.ADMINS_ONLY, wording.UNAVAILABLE, wording.TOO_OLD)


@dataclass(frozen=True, slots=True)
class PrivacyCommands:
    """The part of the conversation about what is kept."""

    records: Subscriptions
    answers: Answers
    members: Members

    def register(self, built: Built) -> None:
        """Answer the two commands and the buttons of the second."""
        built.add_handler(CommandHandler("privacidade", self.privacidade, filters=NEW))
        built.add_handler(CommandHandler("apagar", self.apagar, filters=NEW))
        built.add_handler(CallbackQueryHandler(self.pressed, rf"^{wording.PREFIX}:"))

    async def privacidade(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """/privacidade: what is kept, how long, and the rights of who is concerned."""

        async def policy(message: Message) -> Content:
            try:
                kept = await self.records.kept(message.chat_id)
            except StorageUnavailable:  # the rest of the page is true nevertheless
                kept = None
            return Content(wording.policy(kept))

        await self._guarded.tell(update, policy)

    async def apagar(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """/apagar: ask before everything about the chat is erased."""

        async def asked(message: Message) -> Content:
            return wording.confirmation(await self.records.kept(message.chat_id))

        await self._guarded.change(update, asked)

    async def pressed(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """Erase, or leave everything as it is; the question is gone after either."""
        query = update.callback_query
        yes = query is not None and query.data == wording.YES

        async def decided(message: Message) -> str:
            rows = await self.records.erase(message.chat_id) if yes else 0
            text = wording.erased(rows) if yes else wording.KEPT
            await self._guarded.show(message, Content(text))
            return ""

        await self._guarded.press(update, decided)

    @property
    def _guarded(self) -> Guarded:
        return Guarded(self.answers, self.members, REFUSALS)
