"""What an exception of python-telegram-bot says about a message: sent, not sent, or nobody knows.

The library raises `TimedOut` for connecting, waiting for a free connection, writing and reading
alike, and `NetworkError` for a broken line as for a page in front of Telegram that says 502; only
the cause tells them apart (python-telegram-bot 22.8, `telegram.request`):

    answered with a status, 5xx included        not sent
    no connection was made                      not sent
    the line broke or fell silent after that    nobody knows
"""

import logging
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.domain.outbox import Closed, Moved, NotSent, Outcome, Refused, Unknown
from bot.edges.telegram.retries import seconds_of

log = logging.getLogger(__name__)

_CLOSED = (
    "chat not found",
    "chat_write_forbidden",
    "chat_restricted",
    "peer_id_invalid",
    "user_is_blocked",
    "group chat was deactivated",
    "have no rights to send",
    "not enough rights to send",
    "need administrator rights",
)
"""How a 400 says that the bot may not write there, in the words of tdlib/telegram-bot-api."""

_NOT_CONNECTED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


def outcome_of(error: TelegramError) -> Outcome:
    """What became of a message whose sending ended with `error`."""
    match error:
        case RetryAfter():
            return NotSent("429", timedelta(seconds=seconds_of(error)))
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return Closed(error.message)
        case BadRequest():
            closed = any(sign in error.message.lower() for sign in _CLOSED)
            return Closed(error.message) if closed else Refused(error.message)
        case InvalidToken() | Conflict():
            log.error("telegram lets the bot do nothing", extra={"error": repr(error)})
            return NotSent(error.message)
        case _:
            return _without_answer(error)


def _without_answer(error: TelegramError) -> NotSent | Unknown:
    """A failure of the network, or a status that the library has no exception for."""
    cause = error.__cause__
    # An unreadable page is told with the library's own exception as its cause; JSON without any.
    by_status = cause is None or isinstance(cause, TelegramError)
    if isinstance(error, NetworkError) and (by_status or isinstance(cause, _NOT_CONNECTED)):
        return NotSent(error.message)
    return Unknown(error.message)
