"""The one place that every call to Telegram but polling passes: its turn, and another try.

Answers to people are tried again:
    429 with retry_after   wait exactly so long, several times
    no connection, 502 …   a known failure: wait a little longer each time
    no answer in time      the outcome is unknown: once more, since a person would rather read
                           an answer twice than wait for none
    everything else        is for the caller: markup refused, bot blocked, message not modified
Pushed messages, marked by `rate_limit_args=PUSHED`, are tried once: the sender decides.  Both wait
for their turn as `bot.edges.telegram.pace` says, answers before pushed messages.  Who waits because
of one chat stands aside meanwhile, so that people in other chats are handled.
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any, cast

from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import BaseRateLimiter

from bot.edges.telegram.pace import Chat, Pace
from bot.edges.telegram.quick_calls import QuickCalls

log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[None]]
Aside = Callable[[], AbstractContextManager[object]]
Result = bool | dict[str, Any] | list[dict[str, Any]]

PUSHED = "pushed"
"""The `rate_limit_args` of a call that nobody waits for."""

FLOOD_TRIES = 5
FLOOD_WAIT_AT_MOST = 60.0
"""Seconds; nobody waits longer for an answer in a chat."""
NETWORK_WAITS = (0.5, 1.0, 2.0)
"""Seconds before the second, third and fourth try."""
TURN_AT_MOST = 1.0
"""Seconds that a pushed message waits here; a longer silence is the sender's to keep."""

_WRITING = ("send", "edit", "copy", "forward")


class PatientCalls(BaseRateLimiter[str]):
    """Gives calls their turn and tries them again, as the module says.

    Args:
        sleep: waits for so many seconds.
        pace: how fast the bot may write; None lets everything through at once.
        aside: lets others have the turn while the context lasts.
    """

    def __init__(self, sleep: Sleep, pace: Pace | None = None, aside: Aside = nullcontext) -> None:
        self._sleep = sleep
        self._pace = pace
        self._aside = aside
        self._quick = QuickCalls()

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
        data: dict[str, Any],
        rate_limit_args: str | None,
    ) -> Result:
        """Make one call when its turn has come, again if that may help.

        Raises:
            TelegramError: the last failure.
        """
        pushed, tried = rate_limit_args == PUSHED, list[Exception]()
        while True:
            await self._turn(endpoint, data, pushed=pushed)
            try:
                async with nullcontext() if pushed else self._quick.place():
                    return await callback(*args, **kwargs)
            except (RetryAfter, NetworkError) as error:
                wait = None if pushed else self._wait(error, tried, data)
                if wait is None:
                    raise
                log.warning("telegram call tried again", extra={"method": endpoint, "wait": wait})
                tried.append(error)
                with self._aside():
                    await self._sleep(wait)

    async def _turn(self, endpoint: str, data: dict[str, Any], *, pushed: bool) -> None:
        messages, chat = messages_in(endpoint, data), data.get("chat_id")
        if self._pace is None or not messages:
            return
        if pushed:
            await self._turn_to_push(self._pace)
        else:
            await self._turn_to_answer(self._pace, chat)
        for _ in range(messages):
            self._pace.wrote(chat)

    async def _turn_to_push(self, pace: Pace) -> None:
        while (wait := pace.wait_to_push()) > 0:
            if wait > TURN_AT_MOST:
                raise RetryAfter(timedelta(seconds=wait))
            await self._sleep(wait)

    async def _turn_to_answer(self, pace: Pace, chat: Chat) -> None:
        while (here := pace.wait_in(chat)) > 0 or (wait := pace.wait_to_answer()) > 0:
            if here > FLOOD_WAIT_AT_MOST:
                raise RetryAfter(timedelta(seconds=here))
            if here > 0:
                with self._aside():
                    await self._sleep(here)
            else:
                await self._sleep(wait)

    def _wait(self, error: Exception, tried: list[Exception], data: dict[str, Any]) -> float | None:
        """As `wait_before_retry`, and nothing is written to a chat that Telegram finds too loud.

        Only into that chat: its limit is all that one person writing too fast can reach, and
        nobody may stop what others are sent.
        """
        if self._pace and isinstance(error, RetryAfter):
            self._pace.hold_chat(data.get("chat_id"), seconds_of(error))
        return wait_before_retry(error, tried)


def messages_in(endpoint: str, data: dict[str, Any]) -> int:
    """How many messages a call writes or changes, as Telegram's limits count them."""
    if endpoint == "sendMediaGroup":
        return len(data.get("media", ()))
    return int(endpoint.startswith(_WRITING) and endpoint != "sendChatAction")


def wait_before_retry(error: Exception, tried: list[Exception]) -> float | None:
    """Seconds to wait before the next try, None when it is not worth one.

    Args:
        error: what the newest try ended with.
        tried: what the tries before it ended with.
    """
    if isinstance(error, BadRequest):  # a NetworkError to python-telegram-bot, but it stays wrong
        return None
    if isinstance(error, RetryAfter):
        wait = seconds_of(error)
        return wait if len(tried) < FLOOD_TRIES and wait <= FLOOD_WAIT_AT_MOST else None
    if isinstance(error, TimedOut) and any(isinstance(one, TimedOut) for one in tried):
        return None
    return NETWORK_WAITS[len(tried)] if len(tried) < len(NETWORK_WAITS) else None


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    wait = cast("int | float | timedelta", error.retry_after)  # PTB_TIMEDELTA decides which
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
