"""Waiting for Telegram, and no longer than wanted."""

import asyncio
import logging
from collections.abc import Callable

import pytest
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.errors import TokenRefused
from bot.wiring.reaching import answered, finished, in_time, meanwhile


def failing(*failures: TelegramError) -> Callable[[], asyncio.Future[None]]:
    """A call that fails so often, and then no more."""
    left = list(failures)

    def call() -> asyncio.Future[None]:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if left:
            done.set_exception(left.pop(0))
        else:
            done.set_result(None)
        return done

    return call


async def test_telegram_is_asked_until_it_answers() -> None:
    """Waits grow, so that nobody who comes back is overrun."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    await answered(failing(*[NetworkError("away")] * 6, RetryAfter(1)), sleep)

    assert waits == [1, 2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize(
    ("failure", "raised"), [(InvalidToken(), TokenRefused), (BadRequest("no"), BadRequest)]
)
async def test_a_refusal_is_not_asked_again(
    failure: TelegramError, raised: type[Exception]
) -> None:
    """What is wrong stays wrong until somebody mends it."""
    with pytest.raises(raised):
        await answered(failing(failure))


async def test_work_that_ends_is_finished() -> None:
    """And nothing of the waiting is left behind."""
    assert await finished(asyncio.sleep(0), asyncio.Event())
    assert len(asyncio.all_tasks()) == 1


async def test_work_that_fails_fails_for_whoever_waits() -> None:
    """A refused token must not look like a stop."""
    with pytest.raises(NetworkError):
        await finished(failing(NetworkError("away"))(), asyncio.Event())


async def test_a_stop_breaks_work_off_and_lets_it_clean_up() -> None:
    """A supervisor's patience is shorter than Telegram's outages."""
    stop, cleaned = asyncio.Event(), []

    async def work() -> None:
        try:
            stop.set()
            await asyncio.Event().wait()
        finally:
            cleaned.append("up")

    assert not await finished(work(), stop)
    assert cleaned == ["up"]


async def test_what_goes_on_meanwhile_ends_with_the_context() -> None:
    """Whether it was done or not."""
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with meanwhile(work()):
        await begun.wait()

    assert len(asyncio.all_tasks()) == 1


async def test_an_end_that_does_not_come_is_not_waited_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """On a dead connection polling never ends; the log says that it was left."""
    with caplog.at_level(logging.WARNING):
        await in_time(asyncio.Event().wait(), seconds=0)

    assert caplog.messages == ["did not end in good order"]
