"""One try to bring a pushed message to its chat; fulfils `bot.ports.delivery.Delivery`.

What Telegram objects to is left out, one thing after the other, because a message without its
bold words, its buttons or its topic is better than none:

    cannot be parsed   ─▶ plain text          topic gone or closed ─▶ the general topic
    a button is wrong  ─▶ no buttons          anything else        ─▶ without all of these

Nothing that failed for another reason is tried again here: that is for the sender to decide.
"""

import logging
from dataclasses import dataclass, replace
from typing import Any

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.domain.outbox import Outcome, Outgoing, Refused, Sent
from bot.edges.telegram.outcomes import outcome_of
from bot.edges.telegram.parts import keyboard_of
from bot.edges.telegram.retries import PUSHED
from bot.wording.markup import plain, shortened

log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class TelegramDelivery:
    """Sends with the application's own bot, so that answers and pushed messages share one pace.

    Attributes:
        bot: of an initialized application whose rate limiter is `PatientCalls`.
    """

    bot: ExtBot[Any]

    async def deliver(self, item: Outgoing) -> Outcome:
        """Send `item` as it is, or what Telegram takes of it."""
        form: _Form | None = _Form()
        outcome: Outcome = Refused("nothing left to leave out")
        while form:
            try:
                return Sent(await self._send(item, form))
            except TelegramError as error:
                outcome = outcome_of(error)
                form = _simpler(form, error) if isinstance(outcome, Refused) else None
        return outcome

    async def _send(self, item: Outgoing, form: "_Form") -> int:
        text = shortened(item.content.text)
        sent = await self.bot.send_message(
            chat_id=item.place.chat_id,
            text=text if form.markup else plain(text),
            parse_mode=ParseMode.HTML if form.markup else None,
            message_thread_id=(item.place.thread_id or None) if form.topic else None,
            reply_markup=keyboard_of(item.content) if form.buttons else None,
            disable_notification=item.silent,
            link_preview_options=_NO_PREVIEW,
            rate_limit_args=PUSHED,
        )
        return sent.message_id


@dataclass(frozen=True, slots=True)
class _Form:
    """What of a message is sent beside its words."""

    markup: bool = True
    buttons: bool = True
    topic: bool = True


_WORDS_ALONE = _Form(markup=False, buttons=False, topic=False)


def _simpler(form: _Form, error: TelegramError) -> _Form | None:
    """The form without what `error` is about; None when nothing is left to leave out."""
    if form == _WORDS_ALONE:
        return None
    log.warning("message simplified", extra={"reason": error.message})
    reason = error.message.lower()
    if form.markup and "entit" in reason:
        return replace(form, markup=False)
    if form.topic and ("thread" in reason or "topic" in reason):
        return replace(form, topic=False)
    if form.buttons and any(word in reason for word in ("button", "keyboard", "markup")):
        return replace(form, buttons=False)
    return _WORDS_ALONE
