"""Days on which the price source, the model or Telegram itself does not work."""

from dataclasses import replace
from datetime import date
from math import inf, nan

import pytest

from bot.errors import (
    ClosesStale,
    ClosesUnavailable,
    ForecastError,
    ModelRefused,
    ModelUnavailable,
    TooManyLookups,
)
from tests.conversations.conftest import Chat
from tests.share_bars import at

ITUB4 = "ITUB4.SA"
TRY_LATER = "O modelo não respondeu agora. Tente de novo em alguns minutos."


@pytest.mark.parametrize(
    ("failure", "read"),
    [
        (
            ClosesUnavailable(ITUB4, "429"),
            "A fonte de preços não respondeu e não tenho fechamentos guardados de ITUB4. "
            "Tente de novo em alguns minutos.",
        ),
        (
            ClosesStale(ITUB4, date(2026, 5, 4)),
            "O último fechamento que recebi de ITUB4 é de seg., 04/05/2026, antigo demais para "
            "uma previsão. Confira se o papel ainda é negociado ou tente outro.",
        ),
        (
            TooManyLookups(ITUB4),
            "Não procurei ITUB4: houve pedidos demais de papéis desconhecidos. Tente de novo em "
            "uma hora; os papéis já conhecidos continuam disponíveis.",
        ),
    ],
)
async def test_without_closes_there_is_a_sentence(
    chat: Chat, failure: ForecastError, read: str
) -> None:
    """No price is invented, and what to do is said."""
    chat.prices.failure = failure

    assert await chat.says("/hoje") == [read]


async def test_kept_closes_answer_with_their_date(chat: Chat) -> None:
    """An outage of Yahoo is not an outage of the bot."""
    chat.prices.kept_at = at("2026-07-28T19:05")

    (answer,) = await chat.says("/hoje")

    assert "uso os fechamentos guardados de ter., 28/07" in answer
    assert "Previsão R$ 29,61" in answer


async def test_a_share_listed_recently_is_refused_with_the_count(chat: Chat) -> None:
    """The model needs sixty closes; fewer are not padded."""
    chat.prices.count = 41

    assert await chat.says("/hoje") == [
        "ITUB4 tem só 39 fechamentos na fonte, e preciso de 60. Tente outro papel ou volte daqui "
        "a alguns pregões."
    ]


@pytest.mark.parametrize("price", [nan, 0.0, -1.0, inf])
async def test_impossible_closes_are_no_closes(chat: Chat, price: float) -> None:
    """Yahoo sends nulls and zeros; a forecast from them would be nonsense."""
    chat.prices.spoil = lambda bar: replace(bar, close=price if bar.session.day > 15 else bar.close)

    assert await chat.says("/hoje") == [
        "O último fechamento que recebi de ITUB4 é de qua., 15/07/2026, antigo demais para uma "
        "previsão. Confira se o papel ainda é negociado ou tente outro."
    ]


async def test_a_null_of_yesterday_is_said(chat: Chat) -> None:
    """The forecast then starts from the day before, and is worth less."""
    yesterday = date(2026, 7, 28)
    chat.prices.spoil = lambda bar: replace(
        bar, close=nan if bar.session == yesterday else bar.close
    )

    (answer,) = await chat.says("/hoje")

    assert "(seg., 27/07)" in answer
    assert "Falta na fonte o pregão de 28/07; a previsão vale menos." in answer


@pytest.mark.parametrize("status", [None, 424, 503])
async def test_a_silent_model_is_said_in_portuguese(chat: Chat, status: int | None) -> None:
    """A person never sees a traceback, an endpoint name or an HTTP status."""
    chat.model.failure = ModelUnavailable("itub4-lstm", status)

    assert await chat.says("/hoje") == [TRY_LATER]


async def test_a_model_that_talks_nonsense_is_not_believed(chat: Chat) -> None:
    """Half an answer is worse than none."""
    chat.model.failure = ModelRefused("itub4-lstm", 200, "five steps")

    assert await chat.says("/hoje") == [
        "O modelo respondeu, mas não com uma previsão em que se possa confiar. Tente mais tarde "
        "ou peça outro papel."
    ]


async def test_what_nobody_foresaw_gets_a_code_that_is_in_the_log(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator finds the traceback by what the person reads out."""
    chat.prices.failure = ZeroDivisionError("secret detail")  # type: ignore[assignment]

    assert await chat.says("/hoje") == [
        "Algo inesperado aconteceu deste lado. Tente de novo em alguns minutos; se continuar, "
        "informe o código c0de01 a quem cuida do bot."
    ]
    assert [vars(record).get("code") for record in caplog.records] == ["c0de01"]


async def test_telegram_s_flood_limit_is_waited_out(chat: Chat) -> None:
    """The answer comes late, not never."""
    await chat.fault(method="sendPhoto", status=429, retry_after=7, times=2)

    assert len(await chat.says("/hoje")) == 1
    assert chat.waits == [7.0, 7.0]


async def test_a_bad_gateway_delays_the_answer_and_does_not_double_it(chat: Chat) -> None:
    """Nothing was delivered, so it is tried again."""
    await chat.fault(method="sendPhoto", status=502, times=3)

    assert len(await chat.says("/hoje")) == 1
    assert chat.waits == [0.5, 1.0, 2.0]


async def test_a_blocked_bot_says_nothing_and_lives_on(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody who blocks the bot while it works must not stop it."""
    for method in ("sendPhoto", "sendChatAction"):
        await chat.fault(
            method=method, status=403, description="Forbidden: bot was blocked by the user"
        )

    assert await chat.says("/hoje") == []
    assert [(record.levelname, record.message) for record in caplog.records] == []
    assert len(await chat.says("/hoje")) == 1


async def test_a_refused_picture_costs_nobody_the_numbers(chat: Chat) -> None:
    """The caption carries all of them, so it can stand alone."""
    await chat.fault(
        method="sendPhoto", status=400, description="Bad Request: IMAGE_PROCESS_FAILED", times=2
    )

    (answer,) = await chat.says("/hoje")

    assert answer.startswith("ITUB4 · fechamento de hoje, qua., 29/07\nPrevisão R$ 29,61")


async def test_an_answer_whose_receipt_is_lost_comes_once_or_twice(chat: Chat) -> None:
    """It may have been delivered: reading it twice is better than never."""
    await chat.fault(method="sendPhoto", drop=True, times=1)

    assert len(await chat.says("/hoje")) == 2
    assert chat.waits == [0.5]


async def test_a_lost_file_id_is_uploaded_again(chat: Chat) -> None:
    """Telegram forgets files, and the stand-in is started anew."""
    await chat.says("/hoje")
    await chat.fault(
        method="sendPhoto", status=400, description="Bad Request: wrong file identifier", times=1
    )

    assert [answer[:6] for answer in await chat.says("/hoje")] == ["[foto]"]
    assert len(chat.drawn) == 2


async def test_refused_markup_is_sent_as_plain_text(chat: Chat) -> None:
    """A sentence is never lost over a tag."""
    await chat.fault(
        method="sendMessage", status=400, description="Bad Request: can't parse entities", times=1
    )

    assert (await chat.says("/ajuda"))[0].startswith("O que sei fazer\n/hoje: ")
