"""The memory in front of the endpoint: one invocation for one set of closes."""

import asyncio
import gc
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.closes import Window
from bot.domain.forecast import Steps
from bot.edges.kept_forecasts import KeptForecasts
from bot.errors import ModelUnavailable
from bot.ports.forecasting import Endpoint
from tests.fakes_endpoint import FakeEndpoint, steps_around, window_ending_at

AWAY = ModelUnavailable("itub4-lstm", 503)


class HeldEndpoint(FakeEndpoint):
    """Answers only when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.let_go = asyncio.Event()

    async def steps(self, windows: Sequence[Window]) -> list[Steps]:
        """Wait to be let go, then answer or fail."""
        self.begun.set()
        await self.let_go.wait()
        return await super().steps(windows)


async def test_the_same_closes_are_forecast_once() -> None:
    """A hundred people who ask for ITUB4 on one morning cost one invocation."""
    endpoint = FakeEndpoint()
    kept = KeptForecasts(endpoint)
    answers = [await kept.steps([window_ending_at(36.0)]) for _ in range(3)]

    assert answers == [[steps_around(36.0)]] * 3
    assert len(endpoint.asked) == 1


async def test_closes_that_changed_are_forecast_again() -> None:
    """A new close, or a corrected one, must never get the old forecast."""
    endpoint = FakeEndpoint()
    kept = KeptForecasts(endpoint)
    first = await kept.steps([window_ending_at(36.0)])
    second = await kept.steps([window_ending_at(36.5)])

    assert (first, second) == ([steps_around(36.0)], [steps_around(36.5)])


async def test_a_changed_high_is_forecast_again() -> None:
    """The model reads highs and lows too."""
    endpoint = FakeEndpoint()
    kept = KeptForecasts(endpoint)
    window = window_ending_at(36.0)
    *bars, newest = window.bars
    changed = replace(window, bars=(*bars, replace(newest, high=newest.high + 1)))
    await kept.steps([window])
    await kept.steps([changed])

    assert endpoint.asked == [[window], [changed]]


async def test_missing_highs_are_the_same_after_the_next_fetch() -> None:
    """NaN is not equal to NaN; the memory must not be fooled by that."""
    endpoint = FakeEndpoint()
    kept = KeptForecasts(endpoint)
    window = window_ending_at(36.0, ranges=False)
    fetched_again = replace(
        window,
        bars=tuple(replace(bar, high=float("nan"), low=-math.nan) for bar in window.bars),
    )
    await kept.steps([window])
    await kept.steps([fetched_again])

    assert len(endpoint.asked) == 1


async def test_only_what_is_new_is_asked_and_the_order_is_kept() -> None:
    """The daily message asks for all shares at once; some were asked for before."""
    endpoint = FakeEndpoint()
    kept = KeptForecasts(endpoint)
    await kept.steps([window_ending_at(20.0)])
    answers = await kept.steps([window_ending_at(close) for close in (10.0, 20.0, 30.0, 10.0)])

    assert answers == [steps_around(close) for close in (10.0, 20.0, 30.0, 10.0)]
    assert [[one.newest.close for one in asked] for asked in endpoint.asked] == [
        [20.0],
        [10.0, 30.0],
    ]


@given(questions=st.lists(st.lists(st.integers(1, 6), max_size=5), max_size=6))
def test_whatever_is_asked_the_answers_are_the_endpoint_s(questions: list[list[int]]) -> None:
    """A memory may be seen in the bill, never in an answer; not even when it is tiny."""

    async def answers(endpoint: Endpoint) -> list[list[Steps]]:
        return [
            await endpoint.steps([window_ending_at(one) for one in asked]) for asked in questions
        ]

    kept = asyncio.run(answers(KeptForecasts(FakeEndpoint(), most=3)))

    assert kept == asyncio.run(answers(FakeEndpoint()))


async def test_no_windows_are_no_invocation() -> None:
    """A daily message without shares is none of the endpoint's business."""
    endpoint = FakeEndpoint()

    assert await KeptForecasts(endpoint).steps([]) == []
    assert endpoint.asked == []


async def test_questions_at_the_same_time_share_an_invocation() -> None:
    """At 09:00 everybody asks before the first answer is there."""
    endpoint = HeldEndpoint()
    kept = KeptForecasts(endpoint)
    asking = [asyncio.create_task(kept.steps([window_ending_at(36.0)])) for _ in range(5)]
    await endpoint.begun.wait()
    endpoint.let_go.set()

    assert await asyncio.gather(*asking) == [[steps_around(36.0)]] * 5
    assert len(endpoint.asked) == 1


async def test_a_failure_reaches_all_who_wait_and_is_not_kept() -> None:
    """The next question may find the endpoint well again."""
    endpoint = HeldEndpoint()
    endpoint.failure = AWAY
    kept = KeptForecasts(endpoint)
    asking = [asyncio.create_task(kept.steps([window_ending_at(36.0)])) for _ in range(3)]
    await endpoint.begun.wait()
    endpoint.let_go.set()
    failed = await asyncio.gather(*asking, return_exceptions=True)
    endpoint.failure = None

    assert failed == [AWAY] * 3
    assert await kept.steps([window_ending_at(36.0)]) == [steps_around(36.0)]


async def test_a_failure_spares_what_was_known_before() -> None:
    """A share forecast this morning is still answered while the endpoint is away."""
    endpoint = FakeEndpoint()
    kept = KeptForecasts(endpoint)
    await kept.steps([window_ending_at(36.0)])
    endpoint.failure = AWAY
    with pytest.raises(ModelUnavailable):
        await kept.steps([window_ending_at(36.0), window_ending_at(37.0)])

    assert await kept.steps([window_ending_at(36.0)]) == [steps_around(36.0)]


async def test_an_asker_who_leaves_takes_nobody_s_answer_along() -> None:
    """The first of them started the invocation, which belongs to all."""
    endpoint = HeldEndpoint()
    kept = KeptForecasts(endpoint)
    first, second = (asyncio.create_task(kept.steps([window_ending_at(36.0)])) for _ in range(2))
    await endpoint.begun.wait()
    first.cancel()
    await asyncio.wait([first])
    endpoint.let_go.set()

    assert await second == [steps_around(36.0)]
    assert first.cancelled()


async def test_a_failure_that_nobody_waits_for_any_more_is_not_reported() -> None:
    """Asyncio would log it as never retrieved, hours later and without any context."""
    reported: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    endpoint = HeldEndpoint()
    endpoint.failure = AWAY
    kept = KeptForecasts(endpoint)
    asking = asyncio.create_task(kept.steps([window_ending_at(36.0)]))
    await endpoint.begun.wait()
    asking.cancel()
    await asyncio.wait([asking])
    endpoint.let_go.set()
    for _ in range(5):  # turns of the loop: the invocation ends, its callbacks run
        await asyncio.sleep(0)
    del asking
    gc.collect()

    assert len(endpoint.asked) == 1
    assert reported == []


async def test_the_memory_forgets_what_was_asked_for_longest_ago() -> None:
    """It must not grow with every share and day the bot runs."""
    endpoint = FakeEndpoint()
    kept = KeptForecasts(endpoint, most=2)
    for close in (10.0, 20.0, 10.0, 30.0, 10.0, 20.0):
        await kept.steps([window_ending_at(close)])

    assert [asked[0].newest.close for asked in endpoint.asked] == [10.0, 20.0, 30.0, 20.0]


async def test_more_windows_than_the_memory_holds_are_all_answered() -> None:
    """Forgetting must not begin with the answers that are being waited for."""
    closes = [10.0, 20.0, 30.0, 40.0]
    answers = await KeptForecasts(FakeEndpoint(), most=2).steps(
        [window_ending_at(close) for close in closes]
    )

    assert answers == [steps_around(close) for close in closes]
