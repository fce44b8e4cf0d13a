"""Getting through to Telegram, however long that takes, and not a moment longer than wanted."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.errors import TokenRefused
from bot.flow.outbox.send_waits import growing

log = logging.getLogger(__name__)

CONNECT_AT_MOST = 30.0
"""Seconds between two tries to reach Telegram at the start."""

STOP_SECONDS = 5.0
"""How long one part may take to end: on a dead connection it never would."""


async def answered(
    call: Callable[[], Awaitable[object]],
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Make `call` until Telegram answers it.

    Args:
        call: made anew each time.
        sleep: waits for so many seconds between two tries.

    Raises:
        TokenRefused: Telegram does not know the token.
        BadRequest: it does not take what is asked of it.
    """
    for tries in count():
        try:
            await call()
        except InvalidToken:
            raise TokenRefused from None
        except BadRequest:
            raise
        except TelegramError as error:
            wait = growing(tries, CONNECT_AT_MOST)
            log.warning("telegram not reached", extra={"error": repr(error), "wait": wait})
            await sleep(wait)
        else:
            return


async def finished(work: Awaitable[object], stop: asyncio.Event) -> bool:
    """Do `work` to its end unless `stop` is set before; gives whether it has ended.

    What `work` raises is raised, unless it was broken off.
    """
    doing, stopped = asyncio.ensure_future(work), asyncio.create_task(stop.wait())
    await asyncio.wait((doing, stopped), return_when=asyncio.FIRST_COMPLETED)
    await _broken_off(stopped)
    if doing.done():
        await doing
        return True
    log.info("stopping")
    await _broken_off(doing)
    return False


@asynccontextmanager
async def meanwhile(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do `work` beside what happens in the context, and break it off at its end."""
    doing = asyncio.create_task(work)
    try:
        yield
    finally:
        await _broken_off(doing)


async def _broken_off(doing: asyncio.Future[Any]) -> None:
    doing.cancel()
    await asyncio.gather(doing, return_exceptions=True)


async def in_time(ending: Awaitable[object], seconds: float = STOP_SECONDS) -> None:
    """Wait for an end, but not for ever; one that is not in good order is logged."""
    try:
        await asyncio.wait_for(ending, seconds)
    except (TimeoutError, RuntimeError, TelegramError) as error:
        log.warning("did not end in good order", extra={"error": repr(error)})
