"""A delivery for alarms: "back to normal" goes out as a reply to the alarm's own message.

Everything else, and a reply that is refused, is for the usual delivery.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from telegram import LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.domain.outbox import Kind, Outcome, Outgoing, Refused, Sent
from bot.domain.places import Place
from bot.edges.telegram.outcomes import outcome_of
from bot.edges.telegram.parts import keyboard_of
from bot.edges.telegram.retries import PUSHED
from bot.errors import StorageUnavailable
from bot.ports.delivery import Delivery
from bot.wording.markup import shortened

log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Answered = Callable[[str, Place], Awaitable[int | None]]
"""Which message, if any, a posting is a reply to in a place; `Alarms.answered`."""


@dataclass(frozen=True, slots=True)
class ReplyingDelivery:
    """Fulfils `bot.ports.delivery.Delivery` on top of another one."""

    bot: ExtBot[Any]
    usual: Delivery
    answered: Answered

    async def deliver(self, item: Outgoing) -> Outcome:
        """Try once to send `item`."""
        if item.occasion.kind is not Kind.ALARM:
            return await self.usual.deliver(item)
        message_id = await self._answers(item)
        outcome = await self._reply(item, message_id) if message_id else Refused("no reply")
        return await self.usual.deliver(item) if isinstance(outcome, Refused) else outcome

    async def _answers(self, item: Outgoing) -> int | None:
        try:
            return await self.answered(item.occasion.subject, item.place)
        except StorageUnavailable as error:
            log.warning("alarm sent without its context", extra={"reason": error.reason})
            return None

    async def _reply(self, item: Outgoing, message_id: int) -> Outcome:
        try:
            sent = await self.bot.send_message(
                chat_id=item.place.chat_id,
                text=shortened(item.content.text),
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                message_thread_id=item.place.thread_id or None,
                reply_parameters=ReplyParameters(message_id, allow_sending_without_reply=True),
                reply_markup=keyboard_of(item.content),
                disable_notification=item.silent,
                rate_limit_args=PUSHED,
            )
        except TelegramError as error:
            return outcome_of(error)
        return Sent(sent.message_id)
