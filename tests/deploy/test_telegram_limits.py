"""How often the bot may write, in the time of the test's own clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.telegram.limits import EDIT, MESSAGE, Limiter, Limits, read_limits
from deploy.local.telegram.refusals import Refused
from tests.deploy.local_chat import Time, as_form, local_chat, png

BRIEF = Limits(chat_burst=5)


async def test_one_chat_takes_a_short_burst_and_then_one_message_a_second() -> None:
    """Somebody who clicks quickly gets answers, a loop gets 429."""
    async with local_chat(BRIEF) as chat:
        burst = [(await chat.call("sendMessage", chat_id=1, text="a"))["ok"] for _ in range(5)]
        refused = await chat.call("sendMessage", chat_id=1, text="a")
        elsewhere = await chat.call("sendMessage", chat_id=2, text="a")
        chat.time.passed = 1
        later = [(await chat.call("sendMessage", chat_id=1, text="a"))["ok"] for _ in range(2)]

    assert burst == [True] * 5
    assert refused == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    assert (elsewhere["ok"], later) == (True, [True, False])


async def test_a_group_takes_twenty_messages_a_minute() -> None:
    """An alarm storm in the team's group has to be gathered."""
    async with local_chat(BRIEF) as chat:
        await chat.group()
        answers = []
        for _ in range(30):
            answers.append(await chat.call("sendMessage", chat_id=-100, text="a"))
            chat.time.passed += 1

    # Twenty at once, and one more in every third second while they went out.
    assert [answer["ok"] for answer in answers].index(False) == 29
    assert answers[-1]["parameters"] == {"retry_after": 1}


async def test_an_album_counts_each_of_its_pictures() -> None:
    """Ten pictures are ten messages."""
    media = [{"type": "photo", "media": "attach://a"}] * 5
    async with local_chat(BRIEF) as chat:
        files = {"a": ("a.png", png())}
        first = await chat.upload("sendMediaGroup", files, chat_id="1", media=as_form(media))
        then = await chat.refusal("sendMessage", chat_id=1, text="a")

    assert (first["ok"], then) == (True, "Too Many Requests: retry after 1")


async def test_edits_count_half_and_typing_nothing() -> None:
    """Telegram is milder with them."""
    async with local_chat(BRIEF) as chat:
        await chat.result("sendMessage", chat_id=1, text="0")
        edits = [
            (await chat.call("editMessageText", chat_id=1, message_id=1, text=f"{n}+"))["ok"]
            for n in range(9)
        ]
        typing = [
            (await chat.call("sendChatAction", chat_id=1, action="typing"))["ok"] for _ in range(50)
        ]

    assert edits == [True] * 8 + [False]
    assert typing == [True] * 50


async def test_a_refused_message_does_not_count() -> None:
    """Bad formatting is found before anything is sent."""
    async with local_chat(Limits(chat_burst=1)) as chat:
        wrong = await chat.refusal("sendMessage", chat_id=1, text="<b>", parse_mode="HTML")
        right = await chat.call("sendMessage", chat_id=1, text="a")

    assert wrong.startswith("Bad Request")
    assert right["ok"]


def test_thirty_messages_a_second_go_out_overall() -> None:
    """A broadcast has to be slower than that."""
    limiter = Limiter(Limits(), Time().monotonic)
    for chat_id in range(1, 31):
        limiter.take(chat_id, MESSAGE)

    with pytest.raises(Refused, match="retry after 1"):
        limiter.take(99, MESSAGE)


def test_limits_can_be_written_in_a_setting() -> None:
    """Who measures, or rehearses a storm, wants others than Telegram's."""
    assert read_limits("30/1/20") == Limits()
    assert read_limits("1000/50.5/60") == Limits(1000, 50.5, group_per_minute=60)
    assert read_limits("none") is None


@pytest.mark.parametrize(
    "text", ["", "30/1", "30/0/20", "a/b/c", "30/1/20/5", "nan/1/1", "inf/1/1"]
)
def test_limits_that_make_no_sense_are_refused(text: str) -> None:
    """A rate of zero would wait for ever."""
    with pytest.raises(ValueError, match=r".*"):
        read_limits(text)


def test_without_limits_everything_goes() -> None:
    """For measuring, and for tests of other things."""
    limiter = Limiter(None, Time().monotonic)
    for _ in range(1000):
        limiter.take(-1, MESSAGE)

    assert limiter.limits is None


@given(
    st.lists(
        st.tuples(st.floats(0, 5), st.sampled_from([1, 2, -1]), st.sampled_from([MESSAGE, EDIT])),
        max_size=80,
    )
)
def test_who_waits_as_long_as_told_gets_through(calls: list[tuple[float, int, float]]) -> None:
    """`retry_after` is a promise, however the bot behaved before."""
    time = Time()
    limiter = Limiter(Limits(), time.monotonic)
    for pause, chat_id, tokens in calls:
        time.passed += pause
        try:
            limiter.take(chat_id, tokens)
        except Refused as refused:
            time.passed += refused.parameters["retry_after"]
            limiter.take(chat_id, tokens)

    assert time.passed > sum(pause for pause, _, _ in calls) - 1e-9
