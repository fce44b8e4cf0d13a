"""Answers that touch what is kept: rights first, and a calm sentence when the database is away.

    message or press ─▶ may they? ─▶ action ─▶ Content, as an answer or in the pressed one's place

An action that fails changed nothing, and says so; everything else that goes wrong is unexpected.
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest

from bot.domain.outbox import Content
from bot.edges.telegram.answers import UNCHANGED, Answers
from bot.edges.telegram.members import Members
from bot.edges.telegram.parts import keyboard_of
from bot.errors import StorageUnavailable

log = logging.getLogger(__name__)

MOST_IN_ANSWER = 200
"""Characters that Telegram shows when a button is answered (Bot API, answerCallbackQuery)."""

Action = Callable[[Message], Awaitable[Content]]


@dataclass(frozen=True, slots=True)
class Refusals:
    """What is said instead of doing it; plain text.

    Attributes:
        not_allowed: who asks does not run the chat.
        unavailable: the database is away.
        too_old: the button's message is out of reach.
    """

    not_allowed: str
    unavailable: str
    too_old: str


@dataclass(frozen=True, slots=True)
class Guarded:
    """Lets actions happen to those who may, and says it to those who may not."""

    answers: Answers
    members: Members
    refusals: Refusals

    async def tell(self, update: Update, action: Action) -> None:
        """Answer a message with what an action says; everybody may ask."""
        if message := update.effective_message:
            content = await self._attempted(message, action)
            await self.answers.say(message, content.text, keyboard_of(content))

    async def change(self, update: Update, action: Action) -> None:
        """The same for those who run the chat."""

        async def allowed(message: Message) -> Content:
            if await self.members.may_command(message):
                return await action(message)
            return Content(self.refusals.not_allowed)

        await self.tell(update, allowed)

    async def press(self, update: Update, action: Callable[[Message], Awaitable[str]]) -> None:
        """Let those who run the chat press a button; the action gives the word that answers it."""
        query = update.callback_query
        if query is None:
            return
        message = reachable(query)
        if message is None:
            await _alert(query, self.refusals.too_old)
        elif not await self.members.may_press(query):
            await _alert(query, self.refusals.not_allowed)
        else:
            try:
                word = await action(message)
            except StorageUnavailable as error:
                _log(error)
                await _alert(query, self.refusals.unavailable)
            else:
                await told(query, word)

    async def show(self, pressed: Message, content: Content) -> None:
        """Put content into the place of a message, or below it when that cannot be edited."""
        try:
            await pressed.edit_text(content.text, reply_markup=keyboard_of(content))
        except BadRequest as refusal:
            if UNCHANGED not in refusal.message.lower():
                await self.answers.say(pressed, content.text, keyboard_of(content))

    async def _attempted(self, message: Message, action: Action) -> Content:
        try:
            return await action(message)
        except StorageUnavailable as error:
            _log(error)
            return Content(self.refusals.unavailable)


def reachable(query: CallbackQuery) -> Message | None:
    """The message of a button; None when Telegram gives nothing of it but its number.

    python-telegram-bot 22.8 makes a Message of those too: only their date tells them apart.
    """
    message = query.message
    return message if isinstance(message, Message) and message.is_accessible else None


async def told(query: CallbackQuery, text: str, *, alert: bool = False) -> None:
    """Answer a button; one pressed long ago no longer takes an answer.

    No text is None: python-telegram-bot 22.8 takes an empty one for a list and shows `[]`.
    """
    with suppress(BadRequest):
        await query.answer(text[:MOST_IN_ANSWER] or None, show_alert=alert)


async def _alert(query: CallbackQuery, text: str) -> None:
    await told(query, text, alert=True)


def _log(error: StorageUnavailable) -> None:
    log.warning("records not reached", extra={"reason": error.reason})
