"""/privacidade and /apagar, and where the bot learns that it may write no more."""

from datetime import date, time

import pytest

from bot.domain.outbox import Content
from bot.domain.places import ChatKind, Place
from bot.domain.tickers import Ticker
from bot.errors import StorageUnavailable
from tests.conversations.conftest import CHAT, Chat
from tests.share_bars import at

GROUP, MOVED = -100, -1001
ADMIN, MEMBER = 2, 3
HERE = Place(CHAT)
AWAY = (
    "Não consegui consultar o que guardo desta conversa; nada mudou. "
    "Tente de novo em alguns minutos."
)
HELLO = (
    "Olá! Estimo o preço de fechamento de ações da B3. Aqui só respondo a comandos: "
    "/hoje@fechamento_bot para uma previsão, /assinar@fechamento_bot para recebê-la nos dias de "
    "pregão (só quem administra), /ajuda@fechamento_bot para o resto. "
    "Não é recomendação de investimento."
)


async def queued(chat: Chat) -> int:
    """Put the day's messages of nine o'clock into the outbox."""
    contents = {Ticker("ITUB4.SA"): Content("previsão")}
    return await chat.records.outbox.fill(
        time(9),
        date(2026, 7, 29),
        contents,
        now=chat.watch(),
        expires=at("2026-07-29T16:55"),
    )


async def test_the_page_counts_what_is_kept_of_this_chat(chat: Chat) -> None:
    """The right to know begins with a number."""
    await chat.says("/assinar itub4 petr4")
    await queued(chat)
    (answer,) = await chat.says("/privacidade")

    assert answer.splitlines()[:3] == [
        "O que guardo",
        "O número desta conversa no Telegram, os papéis, horários e som das assinaturas, e as "
        "mensagens da fila de envio, com o que aconteceu com elas.",
        "Agora guardo desta conversa: 2 assinaturas e 1 mensagem na fila ou já enviada.",
    ]


async def test_without_the_database_the_page_is_still_read(chat: Chat) -> None:
    """Only the number is missing."""
    chat.records.subscriptions.failure = StorageUnavailable("locked")
    (answer,) = await chat.says("/privacidade")

    assert answer.splitlines()[2] == "Agora não consegui ver quantos registros são."


async def test_everything_is_erased_after_one_confirmation(chat: Chat) -> None:
    """Subscriptions, queued messages and the chat itself; it is said how much."""
    await chat.says("/assinar itub4 petr4")
    await queued(chat)
    asked = await chat.says("/apagar")
    await chat.presses("Apagar tudo")

    assert asked == [
        "Agora guardo desta conversa: 2 assinaturas e 1 mensagem na fila ou já enviada. "
        "Apagar tudo? Não dá para desfazer."
    ]
    assert (await chat.messages())[-1]["text"] == (
        "Apaguei tudo o que guardava desta conversa: 3 registros."
    )
    assert await chat.shown() == []
    tables = chat.records.tables
    assert (tables.chats, tables.subscriptions, tables.items) == ({}, {}, {})


async def test_who_thinks_again_keeps_everything(chat: Chat) -> None:
    """One wrong tap must not cost everything."""
    await chat.says("/assinar itub4")
    await chat.says("/apagar")
    await chat.presses("Deixar como está")

    assert (await chat.messages())[-1]["text"] == "Nada foi apagado."
    assert len(await chat.records.subscriptions.of(HERE)) == 1


async def test_where_nothing_is_kept_nothing_is_asked(chat: Chat) -> None:
    """A question without meaning would make people wonder."""
    assert await chat.says("/apagar") == ["Não guardo nada desta conversa."]
    assert await chat.shown() == []


async def test_while_the_database_is_away_nothing_is_said_to_be_erased(chat: Chat) -> None:
    """The most important promise of all."""
    await chat.says("/assinar itub4")
    await chat.says("/apagar")
    chat.records.subscriptions.failure = StorageUnavailable("locked")

    assert await chat.presses("Apagar tudo") == AWAY
    assert await chat.says("/apagar") == [AWAY]


async def test_in_a_group_only_those_who_run_it_erase(chat: Chat) -> None:
    """Asked for or pressed."""
    await chat.becomes(GROUP, type="supergroup", title="Carteira", admins=[ADMIN])
    await chat.says("/assinar", GROUP, by=ADMIN)
    await chat.says("/apagar", GROUP, by=ADMIN)
    refused = "Só quem administra esta conversa apaga o que guardo dela."

    assert await chat.presses("Apagar tudo", GROUP, by=MEMBER) == refused
    assert await chat.says("/apagar", GROUP, by=MEMBER) == [refused]
    assert len(await chat.records.subscriptions.of(Place(GROUP))) == 1


async def test_whoever_blocks_the_bot_gets_nothing_until_they_are_back(chat: Chat) -> None:
    """The preferences stay, so that nobody has to say everything again."""
    await chat.says("/assinar")
    await chat.becomes(CHAT, blocked=True)
    while_blocked = (await chat.records.subscriptions.slots(), chat.records.tables.chats[CHAT])
    await chat.becomes(CHAT, blocked=False)

    assert while_blocked == ([], (ChatKind.PRIVATE, False))
    assert await chat.records.subscriptions.slots() == [time(9)]


async def test_who_asks_for_the_list_can_read_it(chat: Chat) -> None:
    """What the database missed while it was away is made up for."""
    await chat.says("/assinar")
    await chat.records.subscriptions.closed(CHAT, chat.watch())
    await chat.says("/assinaturas")

    assert chat.records.tables.chats[CHAT] == (ChatKind.PRIVATE, True)


async def test_a_group_is_greeted_when_the_bot_is_added_and_not_when_it_is_promoted(
    chat: Chat,
) -> None:
    """Once, and only where it was invited."""
    bot = chat.bot.bot.id
    await chat.becomes(GROUP, type="supergroup", title="Carteira", admins=[1], blocked=False)
    await chat.becomes(GROUP, admins=[1, bot])
    await chat.becomes(GROUP, admins=[1])

    assert [said["text"] for said in await chat.read(GROUP)] == [HELLO]


async def test_a_group_that_throws_the_bot_out_gets_nothing(chat: Chat) -> None:
    """And hears no farewell either."""
    await chat.becomes(GROUP, type="supergroup", title="Carteira", admins=[ADMIN])
    await chat.says("/assinar", GROUP, by=ADMIN)
    await chat.becomes(GROUP, blocked=True)

    assert chat.records.tables.chats[GROUP] == (ChatKind.SUPERGROUP, False)
    assert await chat.read(GROUP) == []


async def test_a_group_where_nobody_may_write_is_not_greeted(chat: Chat) -> None:
    """That is no error of anybody."""
    await chat.fault(
        method="sendMessage", status=400, description="Bad Request: not enough rights", times=1
    )
    await chat.becomes(GROUP, type="supergroup", title="Carteira", blocked=False)

    assert await chat.read(GROUP) == []


async def test_a_channel_is_not_greeted(chat: Chat) -> None:
    """Thousands would read it."""
    await chat.becomes(GROUP, type="channel", title="Fechamentos", blocked=True)
    await chat.becomes(GROUP, blocked=False)

    assert await chat.read(GROUP) == []


async def test_a_group_that_becomes_a_supergroup_takes_its_subscriptions_along(
    chat: Chat,
) -> None:
    """Both groups say so; hearing it twice changes nothing."""
    await chat.becomes(GROUP, type="group", title="Carteira", admins=[ADMIN])
    await chat.says("/assinar", GROUP, by=ADMIN)
    await chat.records.subscriptions.closed(GROUP, chat.watch())
    await chat.becomes(GROUP, migrate_to=MOVED)

    assert [one.place for one in await chat.records.subscriptions.of(Place(MOVED))] == [
        Place(MOVED)
    ]
    assert chat.records.tables.chats == {MOVED: (ChatKind.SUPERGROUP, True)}


@pytest.mark.parametrize("blocked", [True, False])
async def test_what_the_database_could_not_take_is_only_logged(
    chat: Chat, caplog: pytest.LogCaptureFixture, *, blocked: bool
) -> None:
    """The sender learns the same from Telegram; nobody is there to apologise to."""
    await chat.becomes(CHAT, blocked=not blocked)
    chat.records.subscriptions.failure = StorageUnavailable("locked")
    await chat.becomes(CHAT, blocked=blocked)

    assert [(each.levelname, each.message) for each in caplog.records] == [
        ("WARNING", "chat not kept up to date")
    ]
