"""What operators press under an alarm, and /alarmes; for everybody else neither exists.

A press is answered at once with a word; the message itself is written anew from what is kept.
"""

import logging
from dataclasses import dataclass
from typing import TypeAlias

from telegram import CallbackQuery, Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes, filters

from bot.domain.outbox import Content
from bot.edges.telegram.answers import UNCHANGED, Answers
from bot.edges.telegram.guarded import reachable, told
from bot.edges.telegram.parts import Built, keyboard_of
from bot.errors import StorageUnavailable
from bot.flow.alarms.desk import Desk
from bot.wording.alarms import buttons, overview

log = logging.getLogger(__name__)

Context: TypeAlias = ContextTypes.DEFAULT_TYPE


@dataclass(frozen=True, slots=True)
class AlarmCommands:
    """Lets operators work on alarms.

    Attributes:
        admins: Telegram's numbers of the people who may; empty means nobody.
    """

    desk: Desk
    answers: Answers
    admins: frozenset[int]

    def register(self, built: Built) -> None:
        """Tell the application what operators may ask and press."""
        theirs = filters.UpdateType.MESSAGE & filters.User(self.admins)
        built.add_handler(CommandHandler("alarmes", self.alarmes, theirs))
        built.add_handler(CallbackQueryHandler(self.pressed, pattern=rf"^{buttons.PREFIX}:"))

    async def alarmes(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """/alarmes: what is in alarm."""
        if (message := update.effective_message) is None:
            return
        try:
            content = await self._overview()
        except StorageUnavailable as error:
            _log(error)
            content = Content(buttons.STORAGE_AWAY)
        await self.answers.say(message, content.text, keyboard_of(content))

    async def pressed(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """A button under an alarm, or under the list."""
        query = update.callback_query
        if query is None:
            return
        if query.from_user.id not in self.admins:
            await told(query, buttons.ONLY_OPERATORS, alert=True)
            return
        press = buttons.read_press(query.data or "")
        if press is None:
            await told(query, buttons.UNKNOWN, alert=True)
            return
        try:
            await told(query, await self._done(press, query))
            if press.listed:
                await self._list_again(query)
        except StorageUnavailable as error:
            _log(error)
            await told(query, buttons.STORAGE_AWAY, alert=True)

    async def _done(self, press: buttons.Press, query: CallbackQuery) -> str:
        """Do it; gives the word for it."""
        person = query.from_user
        if press.hours is None:
            changed = await self.desk.acknowledge(press.posting, person.id, person.first_name)
            return buttons.acknowledged(len(changed)) if changed else await self._why_not(press)
        silenced = await self.desk.silence(press.posting, press.hours)
        if not silenced.kept:
            return await self._why_not(press)
        return buttons.silenced(silenced.until, at_the_source=silenced.at_the_source)

    async def _why_not(self, press: buttons.Press) -> str:
        about = await self.desk.about(press.posting)
        if not about:
            return buttons.UNKNOWN
        taken_on = [each for each in about if each.is_open]
        return buttons.taken_on(taken_on[0], self.desk.names.of) if taken_on else buttons.OVER

    async def _overview(self) -> Content:
        found = await self.desk.overview()
        return overview(found.going, found.elsewhere)

    async def _list_again(self, query: CallbackQuery) -> None:
        message, content = reachable(query), await self._overview()
        if message is None:
            return
        try:
            await message.edit_text(content.text, reply_markup=keyboard_of(content))
        except BadRequest as refusal:
            if UNCHANGED not in refusal.message.lower():
                log.warning("list of alarms not edited", extra={"reason": refusal.message})


def _log(error: StorageUnavailable) -> None:
    log.warning("alarms not reached", extra={"reason": error.reason})
