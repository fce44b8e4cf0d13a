"""`@fechamento_bot ITUB4`, typed in any chat: what is offered, and what is sent when chosen."""

from collections.abc import Sequence

import pytest

from bot.domain.closes import Origin
from bot.domain.tickers import Ticker
from bot.errors import ClosesUnavailable, ModelUnavailable
from tests.conversations.conftest import CHAT, Chat
from tests.share_bars import at

BAND = "faixa de 80 %: R$ 28,42 a R$ 30,79"


def offered(found: dict[str, object]) -> list[str]:
    """The titles that are offered."""
    results = found["results"]
    assert isinstance(results, list)
    return [result["title"] for result in results]


async def test_a_share_is_offered_with_its_forecast(chat: Chat) -> None:
    """Title and description say it all, and the message is that of /hoje."""
    found = await chat.asks_inline("itub4")
    (result,) = found["results"]
    content = result.pop("input_message_content")

    assert result == {
        "type": "article",
        "id": "ITUB4:2026-07-29",
        "title": "ITUB4 · qua., 29/07 · R$ 29,61",
        "description": BAND,
        "reply_markup": {
            "inline_keyboard": [
                [
                    {
                        "text": "Gráfico e próximos pregões",
                        "url": "https://t.me/fechamento_bot?start=ITUB4",
                    }
                ]
            ]
        },
    }
    assert content == {
        "message_text": "<b>ITUB4</b> · fechamento de hoje, qua., 29/07\n"
        f"Previsão <b>R$ 29,61</b> · {BAND}\n"
        "Último fechamento R$ 29,58 (ter., 28/07)\nNão é recomendação de investimento.",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    assert (found["cache_time"], found["is_personal"], found["button"]) == (60, False, None)


async def test_what_is_chosen_is_no_question_to_the_bot(chat: Chat) -> None:
    """Chosen in the chat with the bot itself, it must not be answered with "não entendi"."""
    found = await chat.asks_inline("itub4")
    chosen = {"inline_query_id": found["inline_query_id"], "result_id": "ITUB4:2026-07-29"}
    answer = await chat.people.post(f"/chats/{CHAT}/chosen", json={**chosen, "from": {"id": 1}})
    await chat.hears()

    assert answer.status_code == 200
    assert [(each["from"], each["text"].splitlines()[0]) for each in await chat.messages()] == [
        ("user", "ITUB4 · fechamento de hoje, qua., 29/07")
    ]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("", ["ITUB4", "PETR4", "VALE3"]),
        (" ", ["ITUB4", "PETR4", "VALE3"]),
        ("p", ["PETR4"]),
        ("VALE", ["VALE3"]),
        ("$petr4.sa", ["PETR4"]),
    ],
)
async def test_while_somebody_types_what_fits_is_offered(
    chat: Chat, typed: str, titles: list[str]
) -> None:
    """Nobody has to know the code by heart."""
    found = await chat.asks_inline(typed)

    assert [title.split(" · ")[0] for title in offered(found)] == titles
    assert [len(windows) for windows in chat.model.asked] == [len(titles)]


@pytest.mark.parametrize("typed", ["XXXX3", "banana", "<b>", "x" * 256])
async def test_what_does_not_exist_opens_the_chat(chat: Chat, typed: str) -> None:
    """An empty list that says nothing looks broken."""
    found = await chat.asks_inline(typed)

    assert offered(found) == []
    assert found["button"]["text"].startswith("Não encontrei o papel ")
    assert found["button"]["start_parameter"] == "inline"
    assert (await chat.says("/start inline"))[0].startswith("Olá! Estimo")


async def test_after_the_close_it_is_what_is_offered(chat: Chat) -> None:
    """Beside what had been said of it."""
    chat.watch.now = at("2026-07-29T19:00")
    (result,) = (await chat.asks_inline("itub4"))["results"]

    assert (result["title"], result["description"]) == (
        "ITUB4 · qua., 29/07 · fechou R$ 29,34",
        f"Previ R$ 29,61, {BAND}",
    )


async def test_invented_prices_are_labelled_before_they_are_sent(chat: Chat) -> None:
    """In the list and in the message."""
    chat.prices.origin = Origin.SIMULATED
    (result,) = (await chat.asks_inline("itub4"))["results"]

    assert result["title"] == "SIMULADO · ITUB4 · qua., 29/07 · R$ 29,61"
    assert "SIMULADO" in result["input_message_content"]["message_text"]


async def test_one_share_that_fails_takes_no_other_along(chat: Chat) -> None:
    """The list is shorter, not empty."""
    chat.prices.missing = "PETR4.SA"

    assert [title[:5] for title in offered(await chat.asks_inline(""))] == ["ITUB4", "VALE3"]


async def test_without_prices_a_button_says_so_and_soon_it_is_tried_again(chat: Chat) -> None:
    """Telegram would show a failure of a moment to everybody for an hour."""
    chat.prices.failure = ClosesUnavailable("ITUB4.SA", "429")
    found = await chat.asks_inline("")

    assert (found["results"], found["cache_time"]) == ([], 5)
    assert found["button"]["text"] == (
        "A fonte de preços não respondeu e não tenho fechamentos guardados de ITUB4"
    )


async def test_without_the_model_as_well(chat: Chat) -> None:
    """Never an exception, never silence."""
    chat.model.failure = ModelUnavailable("itub4-lstm", 503)

    assert (await chat.asks_inline("itub4"))["button"]["text"] == "O modelo não respondeu agora"


async def test_an_answer_that_comes_too_late_is_dropped(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    """People type on; nobody waits for the answer to half a word."""
    await chat.fault(
        method="answerInlineQuery",
        status=400,
        description="Bad Request: query is too old and response timeout expired or query ID is "
        "invalid",
    )

    assert (await chat.asks_inline("itub4"))["answered"] is False
    assert [each for each in caplog.records if each.levelname != "INFO"] == []


class TestWithAnAllowList:
    """TICKERS is set."""

    @pytest.fixture
    def served(self) -> Sequence[Ticker]:
        """Two shares."""
        return (Ticker("ITUB4.SA"), Ticker("VALE3.SA"))

    async def test_only_what_is_served_is_offered(self, chat: Chat) -> None:
        """An offer that is refused later is none."""
        assert [title[:5] for title in offered(await chat.asks_inline(""))] == ["ITUB4", "VALE3"]
