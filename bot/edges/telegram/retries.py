"""How calls to Telegram are tried again; python-telegram-bot asks this for every call but polling.

429 with retry_after   wait exactly so long, several times
no connection, 502 …   a known failure: wait a little longer each time
no answer in time      the outcome is unknown: once more, since a person would rather read
                       an answer twice than wait for none
everything else        is for the caller: markup refused, bot blocked, message not modified
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, cast

from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import BaseRateLimiter

log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[None]]
Result = bool | dict[str, Any] | list[dict[str, Any]]

FLOOD_TRIES = 5
FLOOD_WAIT_AT_MOST = 60.0
"""Seconds; nobody waits longer for an answer in a chat."""
NETWORK_WAITS = (0.5, 1.0, 2.0)
"""Seconds before the second, third and fourth try."""


class PatientCalls(BaseRateLimiter[int]):
    """Tries calls again as the module's table says; `sleep` is given in seconds."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep

    async def initialize(self) -> None:
        """Nothing to begin."""

    async def shutdown(self) -> None:
        """Nothing to end."""

    async def process_request(  # noqa: PLR0913, PLR0917, the signature is python-telegram-bot's
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],  # noqa: ARG002
        rate_limit_args: int | None,  # noqa: ARG002
    ) -> Result:
        """Make one call, again if that may help.

        Raises:
            TelegramError: the last failure.
        """
        tried: list[Exception] = []
        while True:
            try:
                return await callback(*args, **kwargs)
            except (RetryAfter, NetworkError) as error:
                wait = wait_before_retry(error, tried)
                if wait is None:
                    raise
                log.warning("telegram call tried again", extra={"method": endpoint, "wait": wait})
                tried.append(error)
                await self._sleep(wait)


def wait_before_retry(error: Exception, tried: list[Exception]) -> float | None:
    """Seconds to wait before the next try, None when it is not worth one.

    Args:
        error: what the newest try ended with.
        tried: what the tries before it ended with.
    """
    if isinstance(error, BadRequest):  # a NetworkError to python-telegram-bot, but it stays wrong
        return None
    if isinstance(error, RetryAfter):
        wait = _seconds(error)
        return wait if len(tried) < FLOOD_TRIES and wait <= FLOOD_WAIT_AT_MOST else None
    if isinstance(error, TimedOut) and any(isinstance(one, TimedOut) for one in tried):
        return None
    return NETWORK_WAITS[len(tried)] if len(tried) < len(NETWORK_WAITS) else None


def _seconds(error: RetryAfter) -> float:
    wait = cast("int | float | timedelta", error.retry_after)  # PTB_TIMEDELTA decides which
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
