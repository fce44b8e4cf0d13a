"""/hoje and /proximos, as a person in a private chat reads them through the day."""

import pytest

from bot.domain.closes import Origin, RunningPrice
from tests.conversations.conftest import Chat
from tests.share_bars import at

DISCLAIMER = "Não é recomendação de investimento."


async def test_before_the_open_the_forecast_is_for_today(chat: Chat) -> None:
    """The usual morning question."""
    assert await chat.says("/hoje") == [
        "[foto] ITUB4 · fechamento de hoje, qua., 29/07\n"
        "Previsão R$ 29,61 · faixa de 80 %: R$ 28,42 a R$ 30,79\n"
        "Último fechamento R$ 29,58 (ter., 28/07)\n" + DISCLAIMER
    ]


async def test_the_five_sessions_after_today_have_their_dates(chat: Chat) -> None:
    """They skip the weekend, and the first of them is tomorrow, not today."""
    assert await chat.says("/proximos") == [
        "[foto] ITUB4 · próximos 5 pregões\n"
        "qui., 30/07 · R$ 29,63 (R$ 28,45 a R$ 30,82)\n"
        "sex., 31/07 · R$ 29,66 (R$ 28,48 a R$ 30,85)\n"
        "seg., 03/08 · R$ 29,69 (R$ 28,51 a R$ 30,88)\n"
        "ter., 04/08 · R$ 29,72 (R$ 28,53 a R$ 30,91)\n"
        "qua., 05/08 · R$ 29,75 (R$ 28,56 a R$ 30,94)\n"
        "Entre parênteses, a faixa de 80 %.\n"
        "Último fechamento R$ 29,58 (ter., 28/07)\n" + DISCLAIMER
    ]


async def test_one_invocation_answers_both_questions(chat: Chat) -> None:
    """The endpoint gives six steps at once; asking it per day would cost six times as much."""
    await chat.says("/hoje")
    await chat.says("/proximos")

    assert [len(windows) for windows in chat.model.asked] == [1, 1]


async def test_the_running_price_is_said_and_narrows_the_band(chat: Chat) -> None:
    """During the session the close is known to be near the running price."""
    chat.watch.now = at("2026-07-29T15:00")
    chat.prices.running = RunningPrice(30.0, at("2026-07-29T14:45"))

    assert await chat.says("/hoje") == [
        "[foto] ITUB4 · fechamento de hoje, qua., 29/07\n"
        "Previsão R$ 30,01 · faixa de 80 %: R$ 29,33 a R$ 30,68\n"
        "Preço às 14:45: R$ 30,00 — a previsão já o considera e a faixa está mais estreita.\n"
        "Último fechamento R$ 29,58 (ter., 28/07)\n" + DISCLAIMER
    ]


async def test_in_the_closing_auction_people_are_asked_to_wait(chat: Chat) -> None:
    """The official close comes minutes later."""
    chat.watch.now = at("2026-07-29T16:58")

    assert "O pregão está terminando" in (await chat.says("/hoje"))[0]


async def test_after_the_close_it_stands_beside_what_was_forecast(chat: Chat) -> None:
    """The forecast is the one that stood in the morning, from the closes before today."""
    chat.watch.now = at("2026-07-29T19:00")

    assert await chat.says("/hoje") == [
        "[foto] ITUB4 · fechamento de hoje, qua., 29/07\n"
        "Previ R$ 29,61, fechou R$ 29,34, erro 0,91 %\n"
        "Dentro da faixa de 80 %: R$ 28,42 a R$ 30,79\n"
        "Repetir o fechamento anterior (R$ 29,58, ter., 28/07) teria errado 0,81 %\n" + DISCLAIMER
    ]
    assert [len(windows) for windows in chat.model.asked] == [2]


async def test_after_the_close_the_next_sessions_start_from_it(chat: Chat) -> None:
    """D+1 is tomorrow, forecast one step from today's close."""
    chat.watch.now = at("2026-07-29T19:00")

    (answer,) = await chat.says("/proximos")

    assert "qui., 30/07 · R$ 29,37" in answer
    assert "Último fechamento R$ 29,34 (qua., 29/07)" in answer


async def test_a_close_that_has_not_arrived_is_not_invented(chat: Chat) -> None:
    """Yahoo may be late; yesterday's close is then still the newest."""
    chat.watch.now, chat.prices.newest = at("2026-07-29T19:00"), "2026-07-28"

    assert "O fechamento de hoje ainda não chegou da fonte" in (await chat.says("/hoje"))[0]


@pytest.mark.parametrize("moment", ["2026-08-01T12:00", "2026-08-02T23:59", "2026-08-01T00:01"])
async def test_at_the_weekend_the_forecast_is_for_monday(chat: Chat, moment: str) -> None:
    """The next session after Friday is Monday, whatever the calendar day is."""
    chat.watch.now, chat.prices.newest = at(moment), "2026-07-31"

    assert "próximo pregão, seg., 03/08" in (await chat.says("/hoje"))[0]


@pytest.mark.parametrize(
    "typed", ["petr4", "/hoje PETR4", "/hoje petr4.sa", "/hoje@fechamento_bot $Petr4"]
)
async def test_a_share_is_recognised_however_it_is_typed(chat: Chat, typed: str) -> None:
    """People type on phones, in any case, with or without Yahoo's suffix."""
    assert (await chat.says(typed))[0].startswith("[foto] PETR4 · ")


async def test_closes_after_the_clock_are_invisible(chat: Chat) -> None:
    """A replay of the past must not know the future that the file holds."""
    chat.watch.now = at("2026-07-15T11:00")

    assert "Último fechamento R$ 29,65 (ter., 14/07)" in (await chat.says("/hoje"))[0]


async def test_simulated_prices_are_labelled_in_every_answer(chat: Chat) -> None:
    """Nobody may take an invented price for a real one."""
    chat.prices.origin = Origin.SIMULATED

    answers = [(await chat.says(text))[0] for text in ("/hoje", "/proximos")]

    assert [answer.splitlines()[0] for answer in answers] == [
        "[foto] SIMULADO · preços inventados, sem valor"
    ] * 2


async def test_the_picture_is_uploaded_once_and_drawn_once(chat: Chat) -> None:
    """Everybody after the first gets it by its file_id."""
    await chat.says("/hoje")
    await chat.says("/hoje")
    await chat.says("/hoje", chat=2)

    assert len(chat.drawn) == 1
