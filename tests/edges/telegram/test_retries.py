"""How calls to Telegram are tried again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.edges.telegram.pace import Pace, Rates
from bot.edges.telegram.retries import PUSHED, PatientCalls, messages_in, wait_before_retry

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


class Line:
    """Calls one after the other, on a clock that runs while they wait."""

    def __init__(self) -> None:
        self.passed = 100.0
        self.waits: list[float] = []
        rates = Rates(all_per_second=3, pushed_per_second=2)
        self.pace = Pace(lambda: self.passed, rates)
        self.aside = 0
        self.waits_aside: list[float] = []
        self.calls = PatientCalls(self.sleep, self.pace, self.stood_aside)

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.waits.append(seconds)
        if self.aside:
            self.waits_aside.append(seconds)
        self.passed += seconds

    @contextmanager
    def stood_aside(self) -> Iterator[None]:
        """Others have the turn."""
        self.aside += 1
        yield
        self.aside -= 1

    async def call(
        self, *outcomes: Exception, method: str = "sendMessage", push: bool = False, chat: int = 1
    ) -> object:
        """What a call gives that first ends as told."""
        left = list(outcomes)

        async def callback(*_args: Any, **_kwargs: Any) -> bool:
            if left:
                raise left.pop(0)
            return True

        marked = PUSHED if push else None
        try:
            return await self.calls.process_request(
                callback, (), {}, method, {"chat_id": chat}, marked
            )
        except TelegramError as error:
            return error


@pytest.mark.parametrize("failure", [RetryAfter(2), TimedOut(), NetworkError("Bad Gateway")])
async def test_a_pushed_message_is_tried_once(failure: TelegramError) -> None:
    """The sender decides about the next try; two who try again would send twice."""
    line = Line()

    assert await line.call(failure, push=True) is failure
    assert line.waits == []


async def test_pushed_messages_wait_for_their_turn() -> None:
    """Several on their way at once keep the pace too, here two a second."""
    line = Line()

    assert [await line.call(push=True, chat=chat) for chat in (1, 2, 3)] == [True] * 3
    assert line.waits == [0.5, 0.5]


async def test_answers_wait_only_where_telegram_would_refuse_them() -> None:
    """The fourth message in a second is one too many here; the third is not."""
    line = Line()
    for chat in (1, 2, 3):
        await line.call(chat=chat)
    waited_before = list(line.waits)
    await line.call(chat=4)

    assert (waited_before, line.waits) == ([], [1.0])


async def test_a_pushed_message_is_sent_back_when_telegram_wants_silence() -> None:
    """It does not sit here for minutes as if it were on its way."""
    line = Line()
    line.pace.hold(90)
    refusal = await line.call(push=True)

    assert isinstance(refusal, RetryAfter)
    assert (refusal.retry_after, line.waits) == (90, [])


async def test_a_chat_that_is_answered_too_much_is_not_pushed_to_either() -> None:
    """Its limit is its own: others are sent their messages meanwhile."""
    line = Line()
    await line.call(RetryAfter(100), chat=7)

    assert line.pace.wait(7) == 100
    assert line.pace.wait(8) < 1


@pytest.mark.parametrize(
    ("method", "data", "messages"),
    [
        ("sendMessage", {}, 1),
        ("sendPhoto", {}, 1),
        ("editMessageMedia", {}, 1),
        ("sendMediaGroup", {"media": [1, 2, 3]}, 3),
        ("sendChatAction", {}, 0),
        ("answerCallbackQuery", {}, 0),
        ("getMe", {}, 0),
    ],
)
def test_only_messages_count(method: str, data: dict[str, Any], messages: int) -> None:
    """Typing and pressed buttons cost no turn, so they never make anybody wait."""
    assert messages_in(method, data) == messages


async def test_what_does_not_count_does_not_wait() -> None:
    """A button is answered at once in the busiest second."""
    line = Line()
    for chat in (1, 2, 3):
        await line.call(chat=chat)
    await line.call(method="answerCallbackQuery")

    assert line.waits == []


async def test_who_waits_because_of_one_chat_lets_others_have_the_turn() -> None:
    """A group that is full for a minute must not hold up people in other chats."""
    line = Line()
    for _ in range(20):
        await line.call(chat=-7)
        line.passed += 0.5
    await line.call(chat=-7)
    await line.call(RetryAfter(2), chat=5)

    assert (line.waits, line.waits_aside) == ([50.0, 2.0], [50.0, 2.0])


async def test_who_waits_because_of_everybody_keeps_the_turn() -> None:
    """More at work would only mean more who wait for the same."""
    line = Line()
    for chat in (1, 2, 3, 4):
        await line.call(chat=chat)

    assert (line.waits, line.waits_aside) == ([1.0], [])


async def test_into_a_long_silence_nothing_is_answered() -> None:
    """Nobody looks at a chat for minutes, and Telegram lengthens it for those who try."""
    line = Line()
    line.pace.hold_chat(5, 90)
    refusal = await line.call(chat=5)

    assert isinstance(refusal, RetryAfter)
    assert (refusal.retry_after, line.waits) == (90, [])
