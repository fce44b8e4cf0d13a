"""Messages about alarms at Telegram, when Telegram does not do what was asked for."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.outbox import (
    Button,
    Closed,
    Content,
    Kind,
    NotSent,
    Occasion,
    Outgoing,
    Refused,
    Sent,
)
from bot.domain.places import Place
from bot.edges.telegram.alarm_messages import TelegramAlarmMessages
from bot.edges.telegram.replying import ReplyingDelivery
from bot.errors import StorageUnavailable
from tests.local_telegram import LocalTelegram, local_telegram
from tests.pictures import png
from tests.sending_office import SESSION, Hours

TEAM = Place(-900)
CONTENT = Content("<b>cpu</b> & disco", ((Button("Abrir", url="https://example.com"),),))


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    """The strict local chat without limits, and a group in it."""
    async with local_telegram(Hours()) as telegram:
        await telegram.set_up(TEAM.chat_id, type="supergroup", title="Operação")
        yield telegram


async def written(telegram: LocalTelegram) -> int:
    """A message of the bot."""
    return (await telegram.delivery.bot.send_message(TEAM.chat_id, "cpu")).message_id


def messages(telegram: LocalTelegram) -> TelegramAlarmMessages:
    """What is tested."""
    return TelegramAlarmMessages(telegram.delivery.bot)


async def test_an_edit_takes_the_place_of_a_message(telegram: LocalTelegram) -> None:
    """Words and buttons."""
    number = await written(telegram)
    outcome = await messages(telegram).edit(TEAM, number, CONTENT)
    (message,) = await telegram.read(TEAM.chat_id)

    assert outcome == Sent(number)
    assert (message["text"], message["edited"]) == ("cpu & disco", True)
    assert [button["text"] for button in message["buttons"][0]] == ["Abrir"]


async def test_an_edit_that_changes_nothing_is_done(telegram: LocalTelegram) -> None:
    """A kill between the edit and its record makes it twice."""
    number = await written(telegram)
    outcomes = [await messages(telegram).edit(TEAM, number, CONTENT) for _ in range(2)]

    assert outcomes == [Sent(number)] * 2


async def test_tags_that_telegram_does_not_take_are_left_out(telegram: LocalTelegram) -> None:
    """The words count."""
    number = await written(telegram)
    outcome = await messages(telegram).edit(TEAM, number, Content("<b>cpu & disco"))
    (message,) = await telegram.read(TEAM.chat_id)

    assert (outcome, message["text"]) == (Sent(number), "cpu & disco")


@pytest.mark.parametrize(
    ("status", "kind"), [(429, NotSent), (500, NotSent), (403, Closed), (400, Refused)]
)
async def test_failures_are_outcomes(telegram: LocalTelegram, status: int, kind: type) -> None:
    """Whether to try again is for others to decide."""
    number = await written(telegram)
    for method in ("editMessageText", "sendPhoto"):
        await telegram.fault(method=method, status=status)
    edited = await messages(telegram).edit(TEAM, number, CONTENT)
    pictured = await messages(telegram).picture(TEAM, number, png(1))

    assert (type(edited), type(pictured)) == (kind, kind)


async def test_a_picture_is_a_silent_reply(telegram: LocalTelegram) -> None:
    """And comes even when the message is gone."""
    number = await written(telegram)
    for answered in (number, 99):
        assert isinstance(await messages(telegram).picture(TEAM, answered, png(1)), Sent)
    _, first, second = await telegram.read(TEAM.chat_id)

    assert (first["silent"], first["reply_to"], bool(first["photo"])) == (True, number, True)
    assert second["reply_to"] is None


async def test_who_is_not_known_has_no_name(telegram: LocalTelegram) -> None:
    """People leave groups."""
    await telegram.fault(method="getChatMember", status=400)

    assert await messages(telegram).first_name(TEAM.chat_id, 5) is None


def over(kind: Kind = Kind.ALARM) -> Outgoing:
    """The alarm is back to normal."""
    return Outgoing(1, TEAM, Occasion(kind, "ok", SESSION), CONTENT, silent=True, tries=0)


def replying(telegram: LocalTelegram, answered: int | StorageUnavailable) -> ReplyingDelivery:
    """Everything is a reply to `answered`."""

    async def find(subject: str, place: Place) -> int | None:
        assert (subject, place) == ("ok", TEAM)
        if isinstance(answered, StorageUnavailable):
            raise answered
        return answered

    return ReplyingDelivery(telegram.delivery.bot, telegram.delivery, find)


async def test_back_to_normal_is_a_reply(telegram: LocalTelegram) -> None:
    """Telegram leads from the one to the other."""
    number = await written(telegram)
    outcome = await replying(telegram, number).deliver(over())
    reply = (await telegram.read(TEAM.chat_id))[-1]

    assert outcome == Sent(reply["message_id"])
    assert (reply["reply_to"], reply["silent"], reply["text"]) == (number, True, "cpu & disco")


@pytest.mark.parametrize("answered", [99, StorageUnavailable("locked")])
async def test_without_the_message_it_is_sent_all_the_same(
    telegram: LocalTelegram, answered: int | StorageUnavailable
) -> None:
    """Deleted, or not to be found now."""
    outcome = await replying(telegram, answered).deliver(over())

    assert isinstance(outcome, Sent)
    assert (await telegram.read(TEAM.chat_id))[-1]["reply_to"] is None


async def test_only_alarms_are_replies(telegram: LocalTelegram) -> None:
    """Nothing else is looked up."""
    await replying(telegram, StorageUnavailable("not to be asked")).deliver(over(Kind.NOTICE))

    assert await telegram.texts(TEAM.chat_id) == ["cpu & disco"]


async def test_a_refused_reply_is_sent_as_a_message(telegram: LocalTelegram) -> None:
    """With everything that the usual delivery can leave out."""
    number = await written(telegram)
    await telegram.fault(status=400, description="Bad Request: can't parse entities", times=2)
    outcome = await replying(telegram, number).deliver(over())

    assert isinstance(outcome, Sent)
    assert (await telegram.texts(TEAM.chat_id))[-1] == "cpu & disco"


async def test_telegram_s_own_wishes_are_passed_on(telegram: LocalTelegram) -> None:
    """A reply that has to wait is not sent twice."""
    number = await written(telegram)
    await telegram.fault(status=429, retry_after=7)

    assert isinstance(await replying(telegram, number).deliver(over()), NotSent)
    assert await telegram.texts(TEAM.chat_id) == ["cpu"]
