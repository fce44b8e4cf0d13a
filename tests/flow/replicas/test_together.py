"""Things that are done at the same time, and what one failure does to the others."""

import asyncio

import pytest

from bot.flow.replicas.leading import Act
from bot.flow.replicas.together import together


async def test_all_act_until_they_are_told_to_stop() -> None:
    """And each finishes what it has begun."""
    ended: list[int] = []
    stop = asyncio.Event()

    def acts(number: int) -> Act:
        async def act(stop: asyncio.Event) -> None:
            await stop.wait()
            ended.append(number)

        return act

    running = asyncio.create_task(together(acts(1), acts(2))(stop))
    await asyncio.sleep(0)
    stop.set()
    await running

    assert sorted(ended) == [1, 2]


async def test_one_failure_ends_them_all() -> None:
    """They are begun again together; half a relay would go unnoticed."""
    cancelled: list[str] = []

    async def fails(_stop: asyncio.Event) -> None:
        raise ZeroDivisionError

    async def goes_on(stop: asyncio.Event) -> None:
        try:
            await stop.wait()
        except asyncio.CancelledError:
            cancelled.append("yes")
            raise

    with pytest.raises(ExceptionGroup) as failure:
        await together(goes_on, fails)(asyncio.Event())

    assert [type(each) for each in failure.value.exceptions] == [ZeroDivisionError]
    assert cancelled == ["yes"]
