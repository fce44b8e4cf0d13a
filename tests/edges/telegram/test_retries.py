"""How calls to Telegram are tried again."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.edges.telegram.retries import PatientCalls, wait_before_retry

FAILURES = st.sampled_from(
    [BadRequest("x"), NetworkError("Bad Gateway"), TimedOut(), RetryAfter(2)]
)


async def called(*outcomes: Exception | bool) -> tuple[object, list[float]]:
    """What a call ends with, and the waits before its further tries."""
    waits: list[float] = []
    left = iter(outcomes)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def callback(*_args: Any, **_kwargs: Any) -> bool:
        outcome = next(left)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    try:
        done = await PatientCalls(sleep).process_request(callback, (), {}, "sendMessage", {}, None)
    except TelegramError as error:
        return error, waits
    return done, waits


async def test_a_flood_limit_is_waited_out_exactly() -> None:
    """Telegram lengthens the limit for those who come back early."""
    outcome = await called(RetryAfter(7), RetryAfter(timedelta(seconds=3)), True)

    assert outcome == (True, [7.0, 3.0])


async def test_a_limit_longer_than_a_minute_is_given_up() -> None:
    """Nobody looks at a chat for ten minutes; the failure is reported instead."""
    failure, waits = await called(limit := RetryAfter(600))

    assert (failure, waits) == (limit, [])


async def test_a_bad_gateway_is_tried_again_with_longer_waits() -> None:
    """Telegram's gateway hiccups for a second or two, and nothing was delivered."""
    bad = NetworkError("Bad Gateway")

    assert await called(bad, bad, bad, True) == (True, [0.5, 1.0, 2.0])
    assert await called(bad, bad, bad, bad) == (bad, [0.5, 1.0, 2.0])


async def test_an_unknown_outcome_is_tried_once_more_and_no_more() -> None:
    """It may have been delivered: twice is better than never, three times is noise."""
    assert await called(first := TimedOut(), True) == (True, [0.5])
    assert await called(first, last := TimedOut()) == (last, [0.5])


@pytest.mark.parametrize("error", [BadRequest("can't parse entities"), Forbidden("blocked")])
async def test_what_stays_wrong_is_not_tried_again(error: TelegramError) -> None:
    """A markup error is a NetworkError to the library; tried again it would loop for ever."""
    assert await called(error) == (error, [])


@given(st.lists(FAILURES, max_size=20))
def test_every_series_of_failures_ends(failures: list[Exception]) -> None:
    """No mixture of failures keeps an answer in the air for ever."""
    tried: list[Exception] = []
    for failure in failures:
        if wait_before_retry(failure, tried) is None:
            break
        tried.append(failure)

    assert len(tried) <= 5
