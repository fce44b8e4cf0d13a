"""What happens when nobody foresaw it: the person gets a code, the operator the traceback.

python-telegram-bot calls this with every exception that a handler let through.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Update
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, TelegramError
from telegram.ext import CallbackContext

from bot.wording.apologies import unexpected

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unexpected:
    """Reports exceptions; `code` makes a short code that joins chat and log."""

    code: Callable[[], str]

    async def report(self, update: object, context: CallbackContext) -> None:  # type: ignore[type-arg]
        """Log what happened and, where an answer can still be sent, apologise."""
        error = context.error
        if isinstance(error, Forbidden):
            log.info("chat closed to the bot", extra={"reason": error.message})
        elif isinstance(error, Conflict):
            log.error("another process polls with the same token", exc_info=error)
        elif isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            what = "polling interrupted" if update is None else "telegram not reached, answer lost"
            log.error(what, extra={"error": repr(error)})
        else:
            await self._apologise(update, error)

    async def _apologise(self, update: object, error: Exception | None) -> None:
        code = self.code()
        log.error("unexpected", extra={"code": code}, exc_info=error)
        message = update.effective_message if isinstance(update, Update) else None
        if message is None:
            return
        try:
            await message.reply_text(unexpected(code))
        except TelegramError as failure:
            log.warning("apology not sent", extra={"code": code, "error": repr(failure)})
