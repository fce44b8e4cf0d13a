"""What becomes of one pushed message, in front of the strict local chat."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.domain.outbox import (
    Button,
    Closed,
    Content,
    Kind,
    Moved,
    NotSent,
    Occasion,
    Outgoing,
    Refused,
    Sent,
    Unknown,
)
from bot.domain.places import WHOLE_CHAT, Place
from bot.edges.telegram.pace import Pace
from tests.local_telegram import LocalTelegram, local_telegram
from tests.sending_office import SESSION, Hours

GROUP = -100


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    """A chat without limits, and a group that is a forum."""
    async with local_telegram(Hours()) as telegram:
        await telegram.set_up(GROUP, type="supergroup", title="Ops", is_forum=True)
        yield telegram


def item(
    text: str = "<b>oi</b>",
    chat: int = 1,
    thread: int = WHOLE_CHAT,
    buttons: tuple[tuple[Button, ...], ...] = (),
    *,
    silent: bool = False,
) -> Outgoing:
    """A message to push."""
    occasion = Occasion(Kind.ALARM, "m-1", SESSION)
    return Outgoing(1, Place(chat, thread), occasion, Content(text, buttons), silent, tries=0)


def shown(message: dict[str, Any]) -> dict[str, Any]:
    """Of a message, what people see."""
    return {key: message[key] for key in ("text", "buttons", "silent", "thread")}


async def test_a_message_arrives_with_everything_it_has(telegram: LocalTelegram) -> None:
    """Topic, sound and buttons are what the operators asked for."""
    ack, page = Button("Reconhecer", data="ack:1"), Button("Console", url="https://b3.com.br/")
    outcome = await telegram.delivery.deliver(
        item(chat=GROUP, thread=5, buttons=((ack, page),), silent=True)
    )
    (message,) = await telegram.read(GROUP)

    assert outcome == Sent(message["message_id"])
    assert shown(message) == {
        "text": "oi",
        "buttons": [
            [
                {"text": "Reconhecer", "data": "ack:1"},
                {"text": "Console", "url": "https://b3.com.br/"},
            ]
        ],
        "silent": True,
        "thread": 5,
    }


@pytest.mark.parametrize(
    ("refused", "read"),
    [
        (item("5 < 6 & <sim>"), "5 < 6 & <sim>"),
        (item("<b>aberto"), "aberto"),
        (item("linha\n" * 1_000), "linha\n" * 682 + "…"),
        (item("<b>" + "📈" * 3_000 + "</b>"), "📈" * 2_047 + "…"),
        (item(thread=9), "oi"),
        (item(buttons=((Button("x", data="é" * 40),),)), "oi"),
        (item(buttons=((Button("x", url="sem endereço"),),)), "oi"),
        (item("<i>a", thread=9, buttons=((Button("x", data="é" * 40),),)), "a"),
        (item("meio \ud83d par"), "meio ? par"),
    ],
)
async def test_what_telegram_objects_to_is_left_out(
    telegram: LocalTelegram, refused: Outgoing, read: str
) -> None:
    """An alarm has to be read, even without its bold words, its buttons or its topic."""
    outcome = await telegram.delivery.deliver(refused)
    (message,) = await telegram.read(1)

    assert outcome == Sent(message["message_id"])
    assert shown(message) == {"text": read, "buttons": [], "silent": False, "thread": None}


async def test_a_refusal_for_an_unknown_reason_is_met_with_the_words_alone(
    telegram: LocalTelegram,
) -> None:
    """Telegram finds new things to object to every year."""
    await telegram.fault(status=400, description="Bad Request: MEDIA_CAPTION_PECULIAR")
    outcome = await telegram.delivery.deliver(item(buttons=((Button("x", data="y"),),)))
    (message,) = await telegram.read(1)

    assert isinstance(outcome, Sent)
    assert (message["text"], message["buttons"]) == ("oi", [])


async def test_a_message_without_words_is_refused(telegram: LocalTelegram) -> None:
    """Nothing that could be left out would help."""
    assert await telegram.delivery.deliver(item(" ")) == Refused("Message text is empty")


@pytest.mark.parametrize(
    ("chat", "set_up", "reason"),
    [
        (1, {"blocked": True}, "Forbidden: bot was blocked by the user"),
        (1, {"started": False}, "Forbidden: bot can't initiate conversation with a user"),
        (GROUP, {"blocked": True}, "Forbidden: bot was kicked from the supergroup chat"),
        (-77, None, "Chat not found"),
    ],
)
async def test_a_chat_that_is_closed_to_the_bot_is_told_apart(
    telegram: LocalTelegram, chat: int, set_up: dict[str, object] | None, reason: str
) -> None:
    """It is not written to again, and nobody's preferences are lost."""
    if set_up:
        await telegram.set_up(chat, **set_up)

    assert await telegram.delivery.deliver(item(chat=chat)) == Closed(reason)


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: CHAT_WRITE_FORBIDDEN",
        "Bad Request: not enough rights to send text messages to the chat",
        "Bad Request: need administrator rights in the channel chat",
    ],
)
async def test_a_group_that_took_the_bot_s_rights_is_closed(
    telegram: LocalTelegram, description: str
) -> None:
    """Telegram says it with 400 where one expects 403."""
    await telegram.fault(status=400, description=description)

    assert isinstance(await telegram.delivery.deliver(item(chat=GROUP)), Closed)


async def test_a_group_that_became_a_supergroup_is_named(telegram: LocalTelegram) -> None:
    """The new number comes with the refusal and nowhere else."""
    await telegram.set_up(-5, type="group", title="Ops")
    await telegram.set_up(-5, migrate_to=-1005)

    assert await telegram.delivery.deliver(item(chat=-5)) == Moved(-1005)


async def test_a_flood_limit_is_passed_on_and_not_waited_out(telegram: LocalTelegram) -> None:
    """The sender lets everybody wait, not only this message."""
    await telegram.fault(status=429, retry_after=7)

    assert await telegram.delivery.deliver(item()) == NotSent("429", timedelta(seconds=7))
    assert telegram.hours.slept == []


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_that_answers_with_its_own_failure_has_not_sent(
    telegram: LocalTelegram, status: int
) -> None:
    """Sent again at once it would be twice; it is known that it need not wait for ever."""
    await telegram.fault(status=status)
    outcome = await telegram.delivery.deliver(item())

    assert isinstance(outcome, NotSent)
    assert outcome.wait is None
    assert await telegram.read(1) == []


async def test_an_answer_that_is_lost_after_delivery_is_not_known(
    telegram: LocalTelegram,
) -> None:
    """It arrived here; nobody on this side can know."""
    await telegram.fault(drop=True)

    assert isinstance(await telegram.delivery.deliver(item()), Unknown)
    assert await telegram.texts(1) == ["oi"]


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectError, NotSent),
        (httpx.ConnectTimeout, NotSent),
        (httpx.PoolTimeout, NotSent),
        (httpx.ProxyError, NotSent),
        (httpx.ReadTimeout, Unknown),
        (httpx.WriteTimeout, Unknown),
        (httpx.ReadError, Unknown),
        (httpx.WriteError, Unknown),
        (httpx.RemoteProtocolError, Unknown),
    ],
)
async def test_a_broken_line_is_judged_by_where_it_broke(
    telegram: LocalTelegram,
    failure: Callable[..., httpx.TransportError],
    kind: type[NotSent | Unknown],
) -> None:
    """Before the request left, it cannot have arrived; after that it may have."""
    telegram.line.cut = lambda request: failure("broken", request=request)

    assert type(await telegram.delivery.deliver(item())) is kind


async def test_a_page_where_an_answer_should_be_leaves_it_unknown(
    telegram: LocalTelegram,
) -> None:
    """A hotel's log-in page says 200 to everything."""
    page = httpx.MockTransport(lambda _: httpx.Response(200, text="<html>Wi-Fi</html>"))
    telegram.line.chat = page

    assert isinstance(await telegram.delivery.deliver(item()), Unknown)


async def test_a_revoked_token_keeps_messages_and_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The operator sets a new one; until then nothing is lost."""
    async with local_telegram(Hours(), token="1:" + "x" * 35) as telegram:
        outcome = await telegram.delivery.deliver(item())

    assert outcome == NotSent("Unauthorized")
    assert "telegram lets the bot do nothing" in caplog.messages


async def test_pushed_messages_and_answers_share_one_pace(telegram: LocalTelegram) -> None:
    """What is pushed counts where answers look whether there is room."""
    pace: Pace = telegram.pace
    await telegram.delivery.deliver(item(chat=3))

    assert pace.wait(3) == 1
