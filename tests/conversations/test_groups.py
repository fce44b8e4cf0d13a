"""Subscriptions in groups, topics and channels: who may change them, and where they are kept."""

from datetime import time
from typing import Any

import pytest
from telegram import Update

from bot.domain.places import ChatKind, Place
from bot.domain.subscriptions import Subscription
from bot.domain.tickers import Ticker
from tests.conversations.conftest import LISTED, Chat
from tests.share_bars import at

GROUP = -100
OWNER, ADMIN, MEMBER = 1, 2, 3
ITUB4 = Ticker(LISTED[0])
MADE = (
    "Assinatura feita\n09:00 · ITUB4\nSó em dias de pregão; a próxima chega qua., 29/07, às 09:00."
)
ADMINS_ONLY = "Só quem administra esta conversa muda as assinaturas."


@pytest.fixture
async def group(chat: Chat) -> Chat:
    """The same bot in a supergroup with topics, an owner, an administrator and a member."""
    settings = {"type": "supergroup", "title": "Carteira", "is_forum": True}
    await chat.becomes(GROUP, **settings, owner=OWNER, admins=[ADMIN])
    return chat


async def kept(chat: Chat, place: Place) -> list[Subscription]:
    """What the database holds of a place."""
    return await chat.records.subscriptions.of(place)


@pytest.mark.parametrize("by", [OWNER, ADMIN])
async def test_those_who_run_a_group_subscribe_for_all(group: Chat, by: int) -> None:
    """Owner and administrators alike."""
    assert await group.says("/assinar", GROUP, by=by) == [MADE]
    assert await kept(group, Place(GROUP)) == [Subscription(Place(GROUP), ITUB4, time(9))]
    assert group.records.tables.chats == {GROUP: (ChatKind.SUPERGROUP, True)}


@pytest.mark.parametrize("typed", ["/assinar", "/cancelar todas", "/start assinar_ITUB4"])
async def test_everybody_else_reads_one_short_sentence(group: Chat, typed: str) -> None:
    """Nobody decides for the others what wakes them."""
    await group.says("/assinar", GROUP, by=ADMIN)

    assert await group.says(typed, GROUP, by=MEMBER) == [ADMINS_ONLY]
    assert len(await kept(group, Place(GROUP))) == 1


async def test_everybody_may_look(group: Chat) -> None:
    """What comes into a group is no secret in it."""
    assert await group.says("/assinaturas", GROUP, by=MEMBER) == [
        "Nenhuma assinatura por aqui. Para receber a previsão nos dias de pregão: /assinar ITUB4"
    ]


async def test_a_press_counts_by_who_presses(group: Chat) -> None:
    """The message that an administrator asked for hangs there for all to press."""
    await group.says("/assinar", GROUP, by=ADMIN)

    assert await group.presses("Cancelar", GROUP, by=MEMBER) == ADMINS_ONLY
    assert len(await kept(group, Place(GROUP))) == 1
    assert await group.presses("Cancelar", GROUP, by=OWNER) == "ITUB4 cancelado."
    assert await kept(group, Place(GROUP)) == []


async def test_the_button_below_the_day_s_message_counts_too(group: Chat) -> None:
    """One member must not end it for all."""
    await group.says("/assinar", GROUP, by=ADMIN)
    row = [{"text": "Cancelar", "callback_data": "cancelar:ITUB4"}]
    await group.bot.bot.send_message(GROUP, "previsão", reply_markup={"inline_keyboard": [row]})

    assert await group.presses("Cancelar", GROUP, by=MEMBER) == ADMINS_ONLY
    assert len(await kept(group, Place(GROUP))) == 1


async def test_an_anonymous_administrator_is_one(group: Chat) -> None:
    """Telegram names the group as the author, and lets nobody else write so."""
    assert await group.says("/assinar", GROUP, by=ADMIN, anonymous=True) == [MADE]


async def test_a_channel_that_somebody_writes_as_runs_nothing(group: Chat) -> None:
    """Anybody with a channel can write in its name."""
    message = update_of(group, sender_chat={"id": -555, "type": "channel", "title": "Alheio"})
    await group.bot.process_update(message)

    assert [said["text"] for said in await group.read(GROUP)] == [ADMINS_ONLY]


async def test_the_copy_of_a_channel_s_post_is_not_answered_again(group: Chat) -> None:
    """The channel's discussion group gets one of every post; the channel has its answer."""
    channel = {"id": -555, "type": "channel", "title": "Alheio"}
    await group.bot.process_update(update_of(group, sender_chat=channel, is_automatic_forward=True))

    assert await group.read(GROUP) == []


async def test_each_topic_has_its_own_subscriptions(group: Chat) -> None:
    """A forum has a topic for this, and the answer comes there."""
    await group.types("/assinar petr4 10h", GROUP, by=ADMIN, thread=7)
    await group.types("/assinar", GROUP, by=ADMIN)

    answers = await group.read(GROUP)
    assert [answer["thread"] for answer in answers] == [7, None]
    petr4 = Ticker("PETR4.SA")
    assert await kept(group, Place(GROUP, 7)) == [Subscription(Place(GROUP, 7), petr4, time(10))]
    assert await kept(group, Place(GROUP)) == [Subscription(Place(GROUP), ITUB4, time(9))]
    assert await group.says("/assinaturas", GROUP, thread=7) == [
        "Assinaturas deste tópico\n10:00 · PETR4\n"
        "Só em dias de pregão; a próxima chega qua., 29/07, às 10:00."
    ]


async def test_a_chain_of_replies_is_no_topic(chat: Chat) -> None:
    """Telegram numbers it in the same field, and would refuse to send there."""
    await chat.becomes(GROUP, type="supergroup", title="Carteira", admins=[ADMIN])
    await chat.types("oi", GROUP, by=MEMBER)

    assert await chat.says("/assinar", GROUP, by=ADMIN, thread=1) == [MADE]
    assert await kept(chat, Place(GROUP)) == [Subscription(Place(GROUP), ITUB4, time(9))]


async def test_a_channel_is_subscribed_by_a_post(chat: Chat) -> None:
    """Only those who run it can post, so no question is asked."""
    await chat.becomes(GROUP, type="channel", title="Fechamentos", admins=[ADMIN])

    assert await chat.says("/assinar", GROUP, by=ADMIN) == [MADE]
    assert chat.records.tables.chats == {GROUP: (ChatKind.CHANNEL, True)}
    assert await chat.presses("Sem som", GROUP, by=MEMBER) == ADMINS_ONLY
    assert await chat.presses("Sem som", GROUP, by=ADMIN) == "As próximas chegam sem som."


async def test_a_forecast_can_be_asked_for_in_a_channel(chat: Chat) -> None:
    """By those who run it; what else is posted there is not for the bot."""
    await chat.becomes(GROUP, type="channel", title="Fechamentos", admins=[ADMIN])

    assert [said[:12] for said in await chat.says("/hoje", GROUP, by=ADMIN)] == ["[foto] ITUB4"]
    assert await chat.says("bom dia", GROUP, by=ADMIN) == []


async def test_who_ran_the_group_a_moment_ago_is_not_asked_about_again(group: Chat) -> None:
    """Ten presses in a row are one question to Telegram; after a minute it is asked anew."""
    await group.says("/assinar", GROUP, by=ADMIN)
    await group.becomes(GROUP, admins=[])

    assert await group.presses("Sem som", GROUP, by=ADMIN) == "As próximas chegam sem som."
    group.watch.now = at("2026-07-29T08:32")
    assert await group.presses("Com som", GROUP, by=ADMIN) == ADMINS_ONLY


async def test_who_has_just_been_made_an_administrator_need_not_wait(group: Chat) -> None:
    """A refusal is not remembered."""
    await group.says("/assinar", GROUP, by=MEMBER)
    await group.becomes(GROUP, admins=[ADMIN, MEMBER])

    assert await group.says("/assinar", GROUP, by=MEMBER) == [MADE]


async def test_when_telegram_does_not_say_who_somebody_is_nothing_is_changed(group: Chat) -> None:
    """Doubt is no right."""
    await group.fault(
        method="getChatMember", status=400, description="Bad Request: member list is inaccessible"
    )

    assert await group.says("/assinar", GROUP, by=ADMIN) == [ADMINS_ONLY]


async def test_an_answer_survives_its_question(group: Chat) -> None:
    """Some groups have bots that delete commands at once."""
    await group.people.post(f"/chats/{GROUP}/messages", json=typed("/assinar"))
    chats = group.local.state.service.chats
    chats.delete(chats.by_id[GROUP], 1)
    await group.hears()

    assert [answer["reply_to"] for answer in await group.read(GROUP)] == [None]


def typed(text: str) -> dict[str, Any]:
    """What the administrator types, for people's side."""
    return {"text": text, "from": {"id": ADMIN}}


def update_of(group: Chat, **message: object) -> Update:
    """An update that only Telegram itself could send: `/assinar`, with more fields."""
    sent = int(group.watch().timestamp())
    fields: dict[str, Any] = {
        "message_id": 90,
        "date": sent,
        "chat": {"id": GROUP, "type": "supergroup", "title": "Carteira", "is_forum": True},
        "from": {"id": 136817688, "is_bot": True, "first_name": "Channel"},
        "text": "/assinar",
        "entities": [{"type": "bot_command", "offset": 0, "length": 8}],
    }
    return Update.de_json({"update_id": 1, "message": fields | message}, group.bot.bot)
