"""The memory of written answers."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.edges.api.kept_answers import HOLD, Answer, Draft, KeptAnswers
from bot.errors import ModelUnavailable
from tests.share_bars import at

NOON = at("2026-07-29T12:00")


class Desk:
    """Drafts what it is told to say, and counts how often."""

    def __init__(self) -> None:
        self.now = NOON
        self.says = "a"
        self.drafts = 0
        self.lasts = timedelta(hours=1)
        self.kept = KeptAnswers(lambda: self.now, most=2)

    async def ask(self, key: str = "k") -> Answer:
        """The answer to `key`."""
        return await self.kept.ask(key, self._draft)

    async def _draft(self) -> Draft:
        self.drafts += 1
        said = self.says
        return Draft(lambda made_at: (said, made_at), _written, self.now + self.lasts)


def _written(told: Any) -> bytes:
    said, made_at = told
    return f"{said} {made_at:%H:%M:%S}".encode()


@pytest.fixture
def desk() -> Desk:
    """A desk at noon."""
    return Desk()


async def test_the_same_words_keep_their_moment_and_their_validator(desk: Desk) -> None:
    """Only news is news; but how long it lasts is looked at again."""
    first = await desk.ask()
    desk.now += timedelta(minutes=30)
    again = await desk.ask()
    desk.says = "b"
    desk.now += HOLD
    news = await desk.ask()

    assert [answer.body for answer in (first, again, news)] == [
        b"a 12:00:00",
        b"a 12:00:00",
        b"b 12:30:05",
    ]
    assert (first.etag == again.etag, first.etag == news.etag) == (True, False)
    assert again.until == first.until + timedelta(minutes=30)


async def test_an_answer_holds_no_longer_than_it_stands(desk: Desk) -> None:
    """At 10:00 sharp the answer of 09:59:59 is wrong."""
    desk.lasts = timedelta(seconds=1)
    await desk.ask()
    desk.now += timedelta(seconds=1)
    await desk.ask()

    assert desk.drafts == 2


@pytest.mark.parametrize("step", [timedelta(seconds=-1), timedelta(days=-1)])
async def test_a_clock_set_back_makes_it_stale(desk: Desk, step: timedelta) -> None:
    """What was said of a moment to come is no answer now, and did not stand already."""
    await desk.ask()
    desk.now += step
    again = await desk.ask()

    assert desk.drafts == 2
    assert again.body == f"a {desk.now:%H:%M:%S}".encode()


async def test_memory_is_bounded(desk: Desk) -> None:
    """Anybody may ask about any share; the oldest answer makes room."""
    for key in ("one", "two", "three", "two", "three", "one"):
        await desk.ask(key)

    assert desk.drafts == 4


async def test_an_asker_who_leaves_takes_no_answer_from_others(desk: Desk) -> None:
    """Clients hang up while others wait for the same forecast."""
    go = asyncio.Event()

    async def slow() -> Draft:
        await go.wait()
        return Draft(lambda _made_at: None, lambda _told: b"x", NOON + HOLD)

    leaver = asyncio.create_task(desk.kept.ask("k", slow))
    stayer = asyncio.create_task(desk.kept.ask("k", slow))
    await asyncio.sleep(0)
    leaver.cancel()
    go.set()

    assert (await stayer).body == b"x"


async def test_a_failure_goes_to_all_who_wait_and_is_forgotten(desk: Desk) -> None:
    """An outage that is over is over."""

    async def away() -> Draft:
        raise ModelUnavailable("endpoint", 503)

    failed = await asyncio.gather(
        *(desk.kept.ask("k", away) for _ in range(3)), return_exceptions=True
    )

    assert [type(one) for one in failed] == [ModelUnavailable] * 3
    assert (await desk.ask()).body == b"a 12:00:00"
