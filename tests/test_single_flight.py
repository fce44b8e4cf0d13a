"""One answer for all who ask the same question at the same time."""

import asyncio

import pytest

from bot.single_flight import SingleFlight


async def test_all_who_ask_at_once_share_one_answer() -> None:
    """Fifty people asking for ITUB4 at nine o'clock are one fetch."""
    flight, asked, gate = SingleFlight[int](), [], asyncio.Event()

    async def question() -> int:
        asked.append(1)
        await gate.wait()
        return 42

    everybody = [asyncio.create_task(flight.ask("ITUB4", question)) for _ in range(50)]
    await asyncio.sleep(0)
    gate.set()

    assert await asyncio.gather(*everybody) == [42] * 50
    assert len(asked) == 1


async def test_different_questions_do_not_wait_for_each_other() -> None:
    """A slow share must not hold up the others."""
    flight, gate = SingleFlight[str](), asyncio.Event()

    async def slow() -> str:
        await gate.wait()
        return "slow"

    async def fast() -> str:
        return "fast"

    waiting = asyncio.create_task(flight.ask("PETR4", slow))

    assert await flight.ask("ITUB4", fast) == "fast"

    gate.set()
    assert await waiting == "slow"


async def test_who_leaves_does_not_take_the_answer_along() -> None:
    """A person who closes the chat must not cancel the fetch that others wait for."""
    flight, gate = SingleFlight[int](), asyncio.Event()

    async def question() -> int:
        await gate.wait()
        return 7

    leaver = asyncio.create_task(flight.ask("k", question))
    stayer = asyncio.create_task(flight.ask("k", question))
    await asyncio.sleep(0)
    leaver.cancel()
    await asyncio.sleep(0)
    gate.set()

    assert await stayer == 7


async def test_a_failure_reaches_all_and_is_not_remembered() -> None:
    """The next question after an outage gets a new try."""
    flight, failures = SingleFlight[int](), [ValueError("away")]

    async def question() -> int:
        if failures:
            raise failures.pop()
        return 5

    first = await asyncio.gather(
        flight.ask("k", question), flight.ask("k", question), return_exceptions=True
    )

    assert [str(failure) for failure in first] == ["away", "away"]
    assert await flight.ask("k", question) == 5


async def test_a_failure_that_nobody_waits_for_makes_no_noise() -> None:
    """Asyncio would report it as never retrieved, in the middle of somebody else's log."""
    flight, gate = SingleFlight[int](), asyncio.Event()
    noise: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, told: noise.append(told))

    async def question() -> int:
        await gate.wait()
        raise ValueError("nobody is here")

    leaver = asyncio.create_task(flight.ask("k", question))
    await asyncio.sleep(0)
    leaver.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaver
    gate.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert noise == []
