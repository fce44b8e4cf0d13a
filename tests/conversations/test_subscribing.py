"""/assinar, /assinaturas and /cancelar in a private chat: typed, read, pressed."""

from collections.abc import Sequence
from datetime import time

import pytest
from telegram import Update

from bot.domain.places import ChatKind, Place
from bot.domain.subscriptions import MOST_SHARES, Subscription
from bot.domain.tickers import Ticker
from bot.errors import ClosesUnavailable, ModelUnavailable, StorageUnavailable
from tests.conversations.conftest import CHAT, Chat
from tests.share_bars import at

HERE = Place(CHAT)
ITUB4, PETR4, VALE3 = (Ticker(name) for name in ("ITUB4.SA", "PETR4.SA", "VALE3.SA"))
ONLY_SESSIONS = "Só em dias de pregão; a próxima chega"
UNKNOWN = (
    "Não encontrei o papel {} na B3. Confira o código e tente de novo, por exemplo /hoje ITUB4."
)
NONE = "Nenhuma assinatura por aqui. Para receber a previsão nos dias de pregão: /assinar ITUB4"
TOO_OLD = "Este botão é de uma mensagem antiga e já não funciona. Veja /assinaturas."
AWAY = (
    "Não consegui ler nem mudar as assinaturas agora; nada mudou. Tente de novo em alguns minutos."
)


async def kept(chat: Chat) -> list[Subscription]:
    """What the database holds of the private chat."""
    return await chat.records.subscriptions.of(HERE)


async def newest(chat: Chat) -> str:
    """The newest message of the private chat."""
    return str((await chat.messages())[-1]["text"])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/assinar", f"Assinatura feita\n09:00 · ITUB4\n{ONLY_SESSIONS} qua., 29/07, às 09:00."),
        (
            "/assinar petr4, vale3 às 9h30",
            f"Assinatura feita\n09:30 · PETR4 e VALE3\n{ONLY_SESSIONS} qua., 29/07, às 09:30.",
        ),
        (
            "/assinar 08:00",
            f"Assinatura feita\n08:00 · ITUB4\n{ONLY_SESSIONS} qui., 30/07, às 08:00.",
        ),
        (
            "/assinar petr4 XXXX3 banana",
            f"Assinatura feita\n09:00 · PETR4\n{ONLY_SESSIONS} qua., 29/07, às 09:00.\n"
            f"{UNKNOWN.format('banana')}\n{UNKNOWN.format('XXXX3')}",
        ),
        ("/assinar xxxx3", UNKNOWN.format("XXXX3")),
        ("/assinar <b> 9h", UNKNOWN.format("<b>")),
        ("/assinar itub4 25h", "Não entendi o horário. Escreva como em /assinar ITUB4 09:30"),
        (
            "/assinar itub4 9h 10h",
            "Um horário de cada vez, por favor. Exemplo: /assinar ITUB4 09:30",
        ),
        (
            "/assinar itub4 21:00",
            "A mensagem diária é sobre o fechamento do dia e sai antes dele: escolha um horário "
            "de 00:00 a 16:30.",
        ),
        ("/assinaturas", NONE),
        ("/cancelar", "Nenhuma assinatura por aqui."),
        ("/cancelar todas", "Nenhuma assinatura por aqui."),
        ("/cancelar itub4", "Não havia assinatura de ITUB4."),
        ("/cancelar banana", "Não havia assinatura de banana."),
    ],
)
async def test_each_request_is_answered_in_one_message(chat: Chat, typed: str, read: str) -> None:
    """What was done, when the first one comes, and what was not done and why."""
    assert await chat.says(typed) == [read]


async def test_what_was_answered_is_what_is_kept(chat: Chat) -> None:
    """Share, hour and place; nobody's name, nobody's words."""
    await chat.says("/assinar petr4 e itub4 às 9h30")

    assert await kept(chat) == [
        Subscription(HERE, ITUB4, time(9, 30)),
        Subscription(HERE, PETR4, time(9, 30)),
    ]
    assert chat.records.tables.chats == {CHAT: (ChatKind.PRIVATE, True)}


async def test_subscribing_again_changes_the_hour_and_nothing_else(chat: Chat) -> None:
    """Without an hour the one that was chosen before stays."""
    await chat.says("/assinar itub4 10h")

    assert await chat.says("/assinar itub4") == [
        f"Nada mudou: já estava assinado\n10:00 · ITUB4\n{ONLY_SESSIONS} qua., 29/07, às 10:00."
    ]
    assert await chat.says("/assinar itub4 11h") == [
        f"Assinatura feita\n11:00 · ITUB4\n{ONLY_SESSIONS} qua., 29/07, às 11:00."
    ]
    assert await kept(chat) == [Subscription(HERE, ITUB4, time(11))]


async def test_a_share_that_is_subscribed_is_not_looked_up_again(chat: Chat) -> None:
    """Its hour can be changed while the source of prices is away."""
    await chat.says("/assinar itub4")
    chat.prices.failure = ClosesUnavailable("ITUB4.SA", "429")

    assert await chat.says("/assinar itub4 petr4 8h") == [
        f"Assinatura feita\n08:00 · ITUB4\n{ONLY_SESSIONS} qui., 30/07, às 08:00.\n"
        "A fonte de preços não respondeu e não tenho fechamentos guardados de ITUB4. "
        "Tente de novo em alguns minutos."
    ]
    assert await kept(chat) == [Subscription(HERE, ITUB4, time(8))]


async def test_a_silent_model_is_no_reason_to_refuse(chat: Chat) -> None:
    """The share exists, and tomorrow the model will be there."""
    chat.model.failure = ModelUnavailable("itub4-lstm", 503)
    await chat.says("/assinar petr4")

    assert await kept(chat) == [Subscription(HERE, PETR4, time(9))]


async def test_several_new_shares_cost_one_invocation(chat: Chat) -> None:
    """The endpoint takes them all at once."""
    await chat.says("/assinar itub4 petr4 vale3")

    assert [len(windows) for windows in chat.model.asked] == [3]


async def test_at_the_weekend_the_first_one_comes_on_monday(chat: Chat) -> None:
    """The date is a session's."""
    chat.watch.now, chat.prices.newest = at("2026-08-01T12:00"), "2026-07-31"

    assert await chat.says("/assinar") == [
        f"Assinatura feita\n09:00 · ITUB4\n{ONLY_SESSIONS} seg., 03/08, às 09:00."
    ]


async def test_a_place_that_is_full_takes_no_more(chat: Chat) -> None:
    """Nobody fills the database alone, and nothing beyond the limit is looked up."""
    held = [Subscription(HERE, Ticker(f"AA{n:02}3.SA"), time(9)) for n in range(MOST_SHARES - 1)]
    await chat.records.subscriptions.add(ChatKind.PRIVATE, held, chat.watch())

    assert await chat.says("/assinar itub4 petr4 vale3") == [
        f"Assinatura feita\n09:00 · ITUB4\n{ONLY_SESSIONS} qua., 29/07, às 09:00.\n"
        "Cabem 20 papéis aqui; ficaram de fora PETR4 e VALE3. Cancele algum em /assinaturas."
    ]
    assert [len(windows) for windows in chat.model.asked] == [1]
    assert len(await kept(chat)) == MOST_SHARES


async def test_a_wall_of_words_is_answered_calmly(chat: Chat) -> None:
    """Whoever pastes a page gets a short answer, and no look-up."""
    typed = "/assinar " + " ".join(f"palavra{n}" for n in range(400))
    (answer,) = await chat.says(typed)

    assert answer.splitlines() == [
        *(UNKNOWN.format(f"palavra{n}") for n in range(3)),
        "Também não assinei 397 outros que pediu.",
    ]
    assert chat.model.asked == []


class TestWithAnAllowList:
    """TICKERS is set."""

    @pytest.fixture
    def served(self) -> Sequence[Ticker]:
        """Two shares."""
        return (ITUB4, VALE3)

    async def test_a_share_outside_it_takes_no_other_along(self, chat: Chat) -> None:
        """Partial success is said in one message."""
        assert await chat.says("/assinar petr4 vale3") == [
            f"Assinatura feita\n09:00 · VALE3\n{ONLY_SESSIONS} qua., 29/07, às 09:00.\n"
            "Não acompanho PETR4 aqui. Você pode pedir ITUB4 e VALE3."
        ]


async def test_the_list_shows_hours_shares_and_buttons(chat: Chat) -> None:
    """All there is to know and to change, in one message."""
    await chat.says("/assinar itub4 petr4")
    await chat.says("/assinar vale3 10h")

    assert await chat.says("/assinaturas") == [
        "Assinaturas desta conversa\n09:00 · ITUB4 e PETR4\n10:00 · VALE3\n"
        f"{ONLY_SESSIONS} qua., 29/07, às 09:00."
    ]
    assert await chat.shown() == [
        ["Cancelar ITUB4", "Cancelar PETR4"],
        ["Cancelar VALE3"],
        ["Sem som", "Outro horário"],
        ["Cancelar todas"],
    ]


async def test_the_only_subscription_is_cancelled_without_naming_it(chat: Chat) -> None:
    """There is nothing to choose."""
    await chat.says("/assinar petr4")

    assert await chat.says("/cancelar") == ["Assinatura cancelada: PETR4."]
    assert await kept(chat) == []


async def test_of_several_it_is_asked_which(chat: Chat) -> None:
    """Guessing would cancel the wrong one."""
    await chat.says("/assinar petr4 itub4")
    (answer,) = await chat.says("/cancelar")

    assert answer.splitlines()[-1] == "Qual delas?"
    assert await chat.presses("Cancelar PETR4") == "PETR4 cancelado."
    assert await newest(chat) == (
        f"Assinaturas desta conversa\n09:00 · ITUB4\n{ONLY_SESSIONS} qua., 29/07, às 09:00."
    )
    assert await kept(chat) == [Subscription(HERE, ITUB4, time(9))]


@pytest.mark.parametrize(
    ("typed", "read", "left"),
    [
        ("/cancelar petr4", "Assinatura cancelada: PETR4.", [ITUB4, VALE3]),
        (
            "/cancelar vale3 xxxx3 banana",
            "Assinatura cancelada: VALE3.\nNão havia assinatura de banana e XXXX3.",
            [ITUB4, PETR4],
        ),
        ("/cancelar todas", "Assinaturas canceladas: ITUB4, PETR4 e VALE3.", []),
        ("/cancelar tudo!", "Não havia assinatura de tudo!.", [ITUB4, PETR4, VALE3]),
    ],
)
async def test_what_is_named_is_cancelled(
    chat: Chat, typed: str, read: str, left: list[Ticker]
) -> None:
    """And what was not there is said."""
    await chat.says("/assinar itub4 petr4 vale3")

    assert await chat.says(typed) == [read]
    assert [one.ticker for one in await kept(chat)] == left


async def test_the_sound_is_turned_off_and_on_for_the_whole_chat(chat: Chat) -> None:
    """A message at eight need not wake anybody; a share subscribed later keeps to that."""
    await chat.says("/assinar itub4")

    assert await chat.presses("Sem som") == "As próximas chegam sem som."
    assert await newest(chat) == (
        "Assinaturas desta conversa\n09:00 · ITUB4 · sem som\n"
        f"{ONLY_SESSIONS} qua., 29/07, às 09:00."
    )
    await chat.says("/assinar petr4")
    assert [one.silent for one in await kept(chat)] == [True, True]
    assert await chat.presses("Com som") == "As próximas chegam com som."
    assert [one.silent for one in await kept(chat)] == [False, False]


async def test_another_hour_is_chosen_by_button_for_the_shares_of_the_answer(chat: Chat) -> None:
    """What was subscribed before keeps its own hour."""
    await chat.says("/assinar itub4")
    await chat.says("/assinar petr4")
    assert await chat.presses("Outro horário") == ""
    question = await newest(chat)

    assert question == "Novo horário de PETR4? Qualquer outro: /assinar PETR4 08:45"
    assert await chat.shown() == [["08:00", "09:00", "10:00", "12:00", "15:00"], ["Voltar"]]
    assert await chat.presses("12:00") == "Agora às 12:00."
    assert await kept(chat) == [
        Subscription(HERE, ITUB4, time(9)),
        Subscription(HERE, PETR4, time(12)),
    ]


async def test_from_the_list_the_hour_is_changed_for_all(chat: Chat) -> None:
    """And `Voltar` changes nothing."""
    await chat.says("/assinar itub4")
    await chat.says("/assinar petr4 10h")
    (listed,) = await chat.says("/assinaturas")
    await chat.presses("Outro horário")
    await chat.presses("Voltar")

    assert await newest(chat) == listed
    await chat.presses("Outro horário")
    await chat.presses("15:00")
    assert [one.at for one in await kept(chat)] == [time(15), time(15)]


async def test_all_are_cancelled_by_one_button(chat: Chat) -> None:
    """And the message says that nothing is left."""
    await chat.says("/assinar itub4 petr4")
    await chat.says("/assinaturas")

    assert await chat.presses("Cancelar todas") == "2 assinaturas canceladas."
    assert await newest(chat) == NONE
    assert await chat.shown() == []


async def test_a_button_pressed_twice_does_no_harm(chat: Chat) -> None:
    """Two people in a group press at once, or one finger does."""
    await chat.says("/assinar itub4")
    message = (await chat.messages())[-1]["message_id"]
    await chat.says("/assinar petr4")
    first = await chat.presses_data(message, "sub:cancelar:ITUB4")
    await chat.bot.bot.send_message(
        CHAT,
        "antiga",
        reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "sub:cancelar:ITUB4"}]]},
    )

    assert first == "ITUB4 cancelado."
    assert await chat.presses("x") == "Já não havia o que cancelar."
    assert await kept(chat) == [Subscription(HERE, PETR4, time(9))]


async def test_the_same_press_twice_is_answered_though_nothing_changes(chat: Chat) -> None:
    """Telegram refuses an edit that changes nothing; that is no error."""
    await chat.says("/assinar itub4")
    await chat.presses("Ver assinaturas")
    listed = (await chat.messages())[-1]
    await chat.says("/assinaturas")
    message = (await chat.messages())[-1]["message_id"]

    assert listed["text"] == await newest(chat)
    assert await chat.presses_data(message, "sub:som:1") == "As próximas chegam sem som."


async def test_a_message_that_cannot_be_edited_gets_an_answer_below(chat: Chat) -> None:
    """The press has done its work, and that has to be seen."""
    await chat.says("/assinar itub4")
    await chat.fault(
        method="editMessageText", status=400, description="Bad Request: message can't be edited"
    )
    await chat.presses("Ver assinaturas")

    assert [message["text"].splitlines()[0] for message in await chat.read()] == [
        "Assinaturas desta conversa"
    ]


async def test_below_the_day_s_message_one_share_is_cancelled_and_the_forecast_stays(
    chat: Chat,
) -> None:
    """Who reads it every day must not have to look for the way out."""
    await chat.says("/assinar itub4 petr4")
    row = [
        {"text": "Gráfico", "callback_data": "grafico:ITUB4"},
        {"text": "Cancelar", "callback_data": "cancelar:ITUB4"},
    ]
    await chat.bot.bot.send_message(CHAT, "previsão", reply_markup={"inline_keyboard": [row]})

    assert await chat.presses("Cancelar") == (
        "ITUB4 não será mais enviado. Para voltar: /assinar ITUB4"
    )
    assert (await newest(chat), await chat.shown()) == ("previsão", [["Gráfico"]])
    assert await kept(chat) == [Subscription(HERE, PETR4, time(9))]


async def test_two_who_cancel_below_the_same_message_are_both_answered(chat: Chat) -> None:
    """Telegram refuses to take away a button that is gone; that is no error."""
    await chat.says("/assinar itub4")
    row = [{"text": "Cancelar", "callback_data": "cancelar:ITUB4"}]
    await chat.bot.bot.send_message(CHAT, "previsão", reply_markup={"inline_keyboard": [row]})
    await chat.fault(
        method="editMessageReplyMarkup",
        status=400,
        description="Bad Request: message is not modified",
    )
    first = await chat.presses("Cancelar")

    assert first == "ITUB4 não será mais enviado. Para voltar: /assinar ITUB4"
    assert await chat.presses("Cancelar") == "Já não havia o que cancelar."


@pytest.mark.parametrize("label", ["Sem som", "12:00", "Ver assinaturas"])
async def test_below_an_old_answer_of_what_was_cancelled_since_it_is_said(
    chat: Chat, label: str
) -> None:
    """An hour that is confirmed would be a promise without a message."""
    await chat.says("/assinar itub4")
    if label == "12:00":
        await chat.presses("Outro horário")
    await chat.records.subscriptions.erase(CHAT)

    assert await chat.presses(label) == "Nenhuma assinatura por aqui."
    assert await newest(chat) == NONE


async def test_below_the_day_s_message_its_chart_can_be_had(chat: Chat) -> None:
    """The day's message is words alone; the picture comes below it."""
    row = [{"text": "Gráfico", "callback_data": "grafico:ITUB4"}]
    await chat.bot.bot.send_message(CHAT, "previsão", reply_markup={"inline_keyboard": [row]})

    assert await chat.presses("Gráfico") == ""
    assert [bool(message["photo"]) for message in await chat.read()] == [False, True]


async def test_a_message_out_of_reach_is_not_guessed_about(chat: Chat) -> None:
    """Telegram no longer says in which topic it stood, so nothing can be changed safely."""
    await chat.says("/assinar itub4")
    message_id = (await chat.messages())[-1]["message_id"]
    press = {"message_id": message_id, "data": "sub:cancelar:ITUB4", "from": {"id": 1}}
    pressed = (await chat.people.post(f"/chats/{CHAT}/callbacks", json=press)).json()
    (update,) = [each.to_dict() for each in await chat.bot.bot.get_updates(chat.offset)]
    gone = {"chat": {"id": CHAT, "type": "private"}, "message_id": message_id, "date": 0}
    update["callback_query"]["message"] = gone
    await chat.bot.process_update(Update.de_json(update, chat.bot.bot))
    answer = (await chat.people.get(f"/callbacks/{pressed['callback_id']}")).json()

    assert (answer["text"], answer["show_alert"]) == (TOO_OLD, True)
    assert await kept(chat) == [Subscription(HERE, ITUB4, time(9))]


@pytest.mark.parametrize("typed", ["/assinar", "/assinaturas", "/cancelar itub4"])
async def test_while_the_database_is_away_it_is_said_that_nothing_changed(
    chat: Chat, typed: str
) -> None:
    """A promise that was not kept would be noticed a day later."""
    chat.records.subscriptions.failure = StorageUnavailable("locked")

    assert await chat.says(typed) == [AWAY]


async def test_a_press_while_the_database_is_away_leaves_the_message(chat: Chat) -> None:
    """What it says is still true."""
    await chat.says("/assinar itub4")
    before = await chat.messages()
    chat.records.subscriptions.failure = StorageUnavailable("locked")

    assert await chat.presses("Sem som") == AWAY
    assert await chat.messages() == before


@pytest.mark.parametrize("carried", ["sub:v0", "sub:cancelar:ITUB", "cancelar:ITUB"])
async def test_a_button_of_another_version_says_what_to_do(chat: Chat, carried: str) -> None:
    """A button that nobody answers shows a clock for a minute."""
    row = [{"text": "x", "callback_data": carried}]
    await chat.bot.bot.send_message(CHAT, "antiga", reply_markup={"inline_keyboard": [row]})

    assert await chat.presses("x") == TOO_OLD
