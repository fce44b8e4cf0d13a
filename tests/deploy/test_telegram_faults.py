"""Failures to order, for tests of what the bot does when Telegram fails."""

from collections.abc import AsyncIterator

import httpx
import pytest

from deploy.local.telegram.bot_side import ConnectionDropped
from tests.deploy.local_chat import TOKEN, LocalChat, local_chat


@pytest.fixture
async def chat() -> AsyncIterator[LocalChat]:
    """The local chat, without limits."""
    async with local_chat() as made:
        yield made


async def order(chat: LocalChat, **fault: object) -> httpx.Response:
    """Order a failure."""
    return await chat.http.post("/faults", json=fault)


async def test_so_many_calls_fail_and_then_they_work_again(chat: LocalChat) -> None:
    """Only the method that was ordered, and nothing of it is carried out."""
    await order(chat, method="sendMessage", status=429, retry_after=2, times=2)
    answers = [await chat.call("sendMessage", chat_id=1, text="a") for _ in range(3)]
    other = await chat.call("getMe")

    assert answers[0] == answers[1]
    assert answers[0] == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 2",
        "parameters": {"retry_after": 2},
    }
    assert (answers[2]["ok"], answers[2]["result"]["message_id"], other["ok"]) == (True, 1, True)


async def test_a_gateway_answers_with_a_page(chat: LocalChat) -> None:
    """Libraries that expect JSON have to survive it."""
    await order(chat, status=502)
    answer = await chat.http.get(f"/bot{TOKEN}/getMe")

    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert "<h1>502 Bad Gateway</h1>" in answer.text


async def test_the_sentence_can_be_ordered_too(chat: LocalChat) -> None:
    """For refusals that the stand-in does not know."""
    await order(chat, method="getme", status=400, description="Bad Request: CHAT_RESTRICTED")
    await order(chat, status=500)
    answers = [await chat.call("getMe"), await chat.call("getMe")]

    assert [(each["error_code"], each["description"]) for each in answers] == [
        (400, "Bad Request: CHAT_RESTRICTED"),
        (500, "Internal Server Error"),
    ]


async def test_a_late_answer_is_carried_out_late(chat: LocalChat) -> None:
    """The bot's own timeouts can be tried."""
    await order(chat, method="sendMessage", delay=2.5)
    await chat.result("sendMessage", chat_id=1, text="a")

    assert chat.time.slept == [2.5]


async def test_a_dropped_answer_was_carried_out(chat: LocalChat) -> None:
    """The case in which a retry sends twice."""
    await order(chat, method="sendMessage", drop=True)
    with pytest.raises(ConnectionDropped):
        await chat.call("sendMessage", chat_id=1, text="a")

    assert [each["text"] for each in await chat.seen()] == ["a"]


async def test_orders_are_listed_and_cleared(chat: LocalChat) -> None:
    """A test can see that its failures have happened."""
    await order(chat, method="getMe", status=400, times=2)
    await chat.call("getMe")
    left = (await chat.http.get("/faults")).json()
    cleared = (await chat.http.delete("/faults")).json()

    assert [(each["method"], each["times"]) for each in left] == [("getMe", 1)]
    assert cleared == (await chat.http.get("/faults")).json() == []


WRONG = [
    ({}, "one of status, delay and drop is needed"),
    ({"status": 200}, "status: 200 is no failure"),
    ({"status": "429"}, "status: int expected"),
    ({"drop": 1}, "drop: bool expected"),
    ({"stauts": 429}, "unknown: stauts"),
    ({"drop": True, "times": 0}, "times, delay and retry_after cannot be negative, nor times zero"),
]


async def test_an_order_is_an_object(chat: LocalChat) -> None:
    """A list of them is not taken for one."""
    answer = await chat.http.post("/faults", json=[{"status": 429}])

    assert (answer.status_code, answer.json()) == (400, {"error": "the body is no JSON object"})


@pytest.mark.parametrize(("fault", "reason"), WRONG)
async def test_an_order_that_means_nothing_is_refused(
    chat: LocalChat, fault: dict[str, object], reason: str
) -> None:
    """A test with a typing error in its order would pass for the wrong reason."""
    answer = await order(chat, **fault)

    assert (answer.status_code, answer.json()) == (400, {"error": reason})
