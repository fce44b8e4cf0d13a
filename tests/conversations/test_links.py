"""Links that open the chat, messages that were edited or forwarded, and answers that come late."""

import pytest

from tests.conversations.conftest import CHAT, Chat
from tests.share_bars import at

HINT = "Para receber a previsão nos dias de pregão: /assinar {}"
MADE = "Assinatura feita\n{hour} · PETR4\nSó em dias de pregão; a próxima chega {day}, às {hour}."
LATE = "Fiquei fora do ar por um tempo; só agora respondo ao que você enviou."


async def test_a_link_to_a_share_shows_its_forecast_and_how_to_get_it_every_day(
    chat: Chat,
) -> None:
    """`t.me/fechamento_bot?start=PETR4`, as REST and inline messages hold it."""
    forecast, hint = await chat.says("/start PETR4")

    assert forecast.startswith("[foto] PETR4 · fechamento de hoje, qua., 29/07")
    assert hint == HINT.format("PETR4")


async def test_a_link_to_a_share_that_is_none_gets_the_apology_alone(chat: Chat) -> None:
    """No invitation to subscribe to what does not exist."""
    assert [answer[:28] for answer in await chat.says("/start XXXX3")] == [
        "Não encontrei o papel XXXX3 "
    ]


@pytest.mark.parametrize("payload", ["", "inline", "a b", "assinar_", "assinar_ITUB4_9", "-_-"])
async def test_any_other_link_opens_with_the_greeting(chat: Chat, payload: str) -> None:
    """Old links and other people's links must not end in an error."""
    (answer,) = await chat.says(f"/start {payload}".strip())

    assert answer.startswith("Olá! Estimo o preço de fechamento")


@pytest.mark.parametrize(
    ("link", "hour", "day"),
    [
        ("assinar_PETR4", "09:00", "qua., 29/07"),
        ("assinar_PETR4_0800", "08:00", "qui., 30/07"),
        ("assinar_petr4_1630", "16:30", "qua., 29/07"),
    ],
)
async def test_a_link_can_subscribe(chat: Chat, link: str, hour: str, day: str) -> None:
    """One tap on a page, one on START."""
    assert await chat.says(f"/start {link}") == [MADE.format(hour=hour, day=day)]


async def test_an_edited_command_is_not_answered_twice(chat: Chat) -> None:
    """The first answer stands there; a new question is a new message."""
    await chat.says("/hoje XXXX3")
    first = (await chat.messages())[0]["message_id"]

    assert await chat.says("/hoje ITUB4", edit=first) == []


async def test_a_forwarded_command_is_one(chat: Chat) -> None:
    """It reads the same, and who forwards it means it."""
    assert [answer[:12] for answer in await chat.says("/hoje", forwarded=True)] == ["[foto] ITUB4"]


async def test_a_command_below_a_picture_is_explained_in_private_and_ignored_in_groups(
    chat: Chat,
) -> None:
    """Telegram marks it as a command, but no bot answers those."""
    await chat.becomes(-100, type="supergroup", title="Carteira", admins=[1])

    assert await chat.says("/hoje PETR4", photo=True) == [
        "Não leio comandos em legendas. Envie /hoje ITUB4 como mensagem, sem a foto."
    ]
    assert await chat.says("/hoje PETR4", -100, photo=True) == []


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        ("/assinaturas@fechamento_bot", 1),
        ("/assinaturas@FECHAMENTO_BOT", 1),
        ("/assinaturas@outro_bot", 0),
        ("/foo", 0),
    ],
)
async def test_in_a_group_a_command_for_another_bot_is_not_answered(
    chat: Chat, typed: str, answers: int
) -> None:
    """Several bots may share a command."""
    await chat.becomes(-100, type="supergroup", title="Carteira", admins=[1])

    assert len(await chat.says(typed, -100)) == answers


async def posted(chat: Chat, text: str, chat_id: int = CHAT) -> None:
    """Type something while the bot is away."""
    order = {"text": text, "from": {"id": 1}}
    (await chat.people.post(f"/chats/{chat_id}/messages", json=order)).raise_for_status()


async def test_what_waited_is_answered_and_it_is_said_once(chat: Chat) -> None:
    """Who asked at half past eight and hears at nine should know why."""
    await posted(chat, "/assinaturas")
    await posted(chat, "/apagar")
    chat.watch.now = at("2026-07-29T09:00")
    await chat.hears()

    assert [answer["text"][:27] for answer in await chat.read()] == [
        LATE[:27],
        "Nenhuma assinatura por aqui",
        "Não guardo nada desta conve",
    ]


async def test_each_time_the_bot_was_away_it_is_said_again(chat: Chat) -> None:
    """The second time is news as well."""
    for back in ("2026-07-29T09:00", "2026-07-29T10:00"):
        await posted(chat, "/apagar")
        chat.watch.now = at(back)
        await chat.hears()

    assert [answer["text"] for answer in await chat.read()].count(LATE) == 2


async def test_a_moment_s_delay_is_not_worth_a_word(chat: Chat) -> None:
    """A restart takes seconds."""
    await posted(chat, "/apagar")
    chat.watch.now = at("2026-07-29T08:34")
    await chat.hears()

    assert [answer["text"] for answer in await chat.read()] == ["Não guardo nada desta conversa."]


async def test_in_a_group_a_late_answer_is_just_an_answer(chat: Chat) -> None:
    """It stands as a reply to its question there."""
    await chat.becomes(-100, type="supergroup", title="Carteira", admins=[1])
    await posted(chat, "/apagar", -100)
    chat.watch.now = at("2026-07-29T12:00")
    await chat.hears()

    assert [answer["text"] for answer in await chat.read(-100)] == [
        "Não guardo nada desta conversa."
    ]
