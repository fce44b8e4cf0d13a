"""What happens when nobody foresaw it: the person gets a code, the operator the traceback.

python-telegram-bot calls this with every exception that a handler or a job let through.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Update
from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter, TelegramError
from telegram.ext import CallbackContext

from bot.domain.operations import Trouble
from bot.domain.outbox import Closed
from bot.edges.telegram.outcomes import outcome_of
from bot.errors import StorageUnavailable
from bot.flow.health.incidents import logged
from bot.wording.apologies import unexpected

log = logging.getLogger(__name__)

_GONE = ("message thread not found", "topic_closed", "topic_deleted")
"""How a 400 says that the topic of the question is no more."""

Report = Callable[[Trouble, BaseException | None, str], None]
"""Takes what went wrong and the code that stands for it."""


@dataclass(frozen=True, slots=True)
class Unexpected:
    """Reports exceptions.

    Attributes:
        code: makes a short code that joins chat and log.
        tell: logs an exception, and lets the operators know if there are any.
    """

    code: Callable[[], str]
    tell: Report = logged

    async def report(self, update: object, context: CallbackContext) -> None:  # type: ignore[type-arg]
        """Log what happened and, where an answer can still be sent, apologise."""
        error = context.error
        if isinstance(error, TelegramError) and _is_closed(error):
            log.info("chat closed to the bot", extra={"reason": error.message})
        elif isinstance(error, RetryAfter):
            log.error("telegram wants silence, answer lost", extra={"error": repr(error)})
        elif isinstance(error, Conflict):
            self.tell(Trouble.CONFLICT, error, self.code())
        elif isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            what = "polling interrupted" if update is None else "telegram not reached, answer lost"
            log.error(what, extra={"error": repr(error)})
        else:
            await self._apologise(update, error, _kind(error, of_a_job=context.job is not None))

    async def _apologise(self, update: object, error: Exception | None, kind: Trouble) -> None:
        code = self.code()
        self.tell(kind, error, code)
        message = update.effective_message if isinstance(update, Update) else None
        if message is None:
            return
        try:
            await message.reply_text(unexpected(code))
        except TelegramError as failure:
            log.warning("apology not sent", extra={"code": code, "error": repr(failure)})


def _is_closed(error: TelegramError) -> bool:
    """Whether the bot may not write where it was asked, which anybody can bring about."""
    gone = isinstance(error, BadRequest) and any(sign in error.message.lower() for sign in _GONE)
    return gone or isinstance(outcome_of(error), Closed)


def _kind(error: Exception | None, *, of_a_job: bool) -> Trouble:
    if isinstance(error, StorageUnavailable):
        return Trouble.STORAGE
    return Trouble.JOB if of_a_job else Trouble.ANSWER
