"""Messages about alarms once they stand in a chat; fulfils `bot.ports.alarms.AlarmMessages`.

Calls are marked as pushed: answers to people go first, and whether to try again is for the caller.
"""

import logging
from dataclasses import dataclass
from typing import Any

from telegram import LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.domain.outbox import Content, Outcome, Refused, Sent
from bot.domain.places import Place
from bot.edges.telegram.answers import UNCHANGED
from bot.edges.telegram.outcomes import outcome_of
from bot.edges.telegram.parts import keyboard_of
from bot.edges.telegram.retries import PUSHED
from bot.wording.markup import plain, shortened

log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class TelegramAlarmMessages:
    """Edits, adds pictures, asks for names.

    Attributes:
        bot: of an initialized application whose rate limiter is `PatientCalls`.
    """

    bot: ExtBot[Any]

    async def edit(self, place: Place, message_id: int, content: Content) -> Outcome:
        """Try once to put content in the place of a message; without markup if it is refused."""
        outcome = await self._edit(place, message_id, content, markup=True)
        if isinstance(outcome, Refused) and "entit" in outcome.reason.lower():
            return await self._edit(place, message_id, content, markup=False)
        return outcome

    async def picture(self, place: Place, message_id: int, png: bytes) -> Outcome:
        """Try once to reply with a picture, without a sound."""
        try:
            sent = await self.bot.send_photo(
                place.chat_id,
                png,
                message_thread_id=place.thread_id or None,
                reply_parameters=ReplyParameters(message_id, allow_sending_without_reply=True),
                disable_notification=True,
                rate_limit_args=PUSHED,
            )
        except TelegramError as error:
            return outcome_of(error)
        return Sent(sent.message_id)

    async def first_name(self, chat_id: int, user_id: int) -> str | None:
        """What somebody calls himself, as Telegram shows it; None when it does not say."""
        try:
            member = await self.bot.get_chat_member(chat_id, user_id)
        except TelegramError as error:
            log.info("name not known", extra={"reason": error.message})
            return None
        return member.user.first_name

    async def _edit(
        self, place: Place, message_id: int, content: Content, *, markup: bool
    ) -> Outcome:
        text = shortened(content.text)
        try:
            await self.bot.edit_message_text(
                text if markup else plain(text),
                chat_id=place.chat_id,
                message_id=message_id,
                parse_mode=ParseMode.HTML if markup else None,
                reply_markup=keyboard_of(content),
                link_preview_options=_NO_PREVIEW,
                rate_limit_args=PUSHED,
            )
        except BadRequest as error:
            if UNCHANGED in error.message.lower():
                return Sent(message_id)
            return outcome_of(error)
        except TelegramError as error:
            return outcome_of(error)
        return Sent(message_id)
