"""A few quick calls at a time; slow ones make room."""

import asyncio

import pytest

from bot.edges.telegram.quick_calls import QuickCalls

NEVER, AT_ONCE = 3600.0, 0.0


class Calls:
    """Calls that end when they are told to."""

    def __init__(self, places: QuickCalls) -> None:
        self.places, self.ends = places, asyncio.Event()
        self.begun = self.ended = 0

    async def call(self) -> None:
        """Begin when there is a place."""
        async with self.places.place():
            self.begun += 1
            await self.ends.wait()
        self.ended += 1

    async def made(self, number: int) -> tuple[int, int]:
        """How many have begun before any has ended, and how many end at last."""
        calls = [asyncio.create_task(self.call()) for _ in range(number)]
        for _ in range(5 * number):
            await asyncio.sleep(0)
        begun = self.begun
        self.ends.set()
        await asyncio.gather(*calls)
        return begun, self.ended


async def test_only_so_many_quick_calls_are_on_their_way() -> None:
    """Each connection more would be looked at with every call from then on."""
    assert await Calls(QuickCalls(places=3, seconds=NEVER)).made(8) == (3, 8)


async def test_a_slow_call_keeps_no_place() -> None:
    """Over an ocean a call takes a quarter of a second, and all of them may take it together."""
    assert await Calls(QuickCalls(places=3, seconds=AT_ONCE)).made(8) == (8, 8)


@pytest.mark.parametrize("seconds", [NEVER, AT_ONCE])
async def test_afterwards_there_are_as_many_places_as_before(seconds: float) -> None:
    """A place that is given up and given back is still one."""
    places = QuickCalls(places=2, seconds=seconds)
    await Calls(places).made(6)
    places.seconds = NEVER

    assert await Calls(places).made(6) == (2, 6)


async def test_a_call_that_fails_gives_its_place_back() -> None:
    """Telegram refuses now and then."""
    places = QuickCalls(places=1, seconds=NEVER)
    for _ in range(3):
        with pytest.raises(ValueError, match="refused"):
            async with places.place():
                raise ValueError("refused")

    assert await Calls(places).made(2) == (1, 2)
