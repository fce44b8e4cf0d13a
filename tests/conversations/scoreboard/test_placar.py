"""/placar, as a person in a private chat reads it from the first day on."""

from bot.errors import StorageUnavailable
from tests.conversations.conftest import told
from tests.conversations.scoreboard.conftest import ScoredChat

DISCLAIMER = "Não é recomendação de investimento."


async def test_before_anybody_asked_for_a_forecast_people_are_told_how_to_begin(
    scored: ScoredChat,
) -> None:
    """An empty scoreboard is no failure, and it fills by asking."""
    assert await scored.chat.says("/placar itub4") == [
        "O placar de ITUB4 ainda não tem nenhum pregão conferido. Peça /hoje ITUB4 antes do "
        "fechamento, e o primeiro resultado sai qua., 29/07, às 17:30."
    ]


async def test_with_a_forecast_on_record_people_are_told_when_its_close_comes(
    scored: ScoredChat,
) -> None:
    """They asked this morning; now they wait for the evening."""
    await scored.forecaster.outlook("ITUB4")
    await scored.forecaster.recorder.written()

    assert await scored.chat.says("/placar ITUB4") == [
        "O placar de ITUB4 ainda não tem nenhum pregão conferido. "
        "O primeiro resultado sai qua., 29/07, às 17:30."
    ]


async def test_after_the_close_the_forecast_stands_beside_it(scored: ScoredChat) -> None:
    """29.58 on Tuesday, 29.61 forecast, 29.34 came: the naive forecast was nearer."""
    await scored.passes("2026-07-29", "ITUB4")

    assert await scored.chat.says("/placar ITUB4") == [
        "[foto] ITUB4 · placar até qua., 29/07\n"
        "Erro médio do bot | de repetir o fechamento anterior:\n"
        "• 1 pregão, o único até agora: R$ 0,27 (0,91 %) | R$ 0,24 (0,81 %)\n"
        "Dentro da faixa de 80 %: 1 de 1 (100,0 %)\n"
        "Direção: acertou 0 de 1 vezes em que apontou um lado, 0 % "
        "(intervalo de 95 %: 0 % a 79 %)\n" + DISCLAIMER
    ]


async def test_without_a_share_all_are_taken_together(scored: ScoredChat) -> None:
    """Per cents alone: reais of different shares have no mean."""
    await scored.passes("2026-07-29", "ITUB4", "PETR4")

    assert await scored.chat.says("/placar") == [
        "[foto] Placar de todos os papéis até qua., 29/07\n"
        "Erro médio do bot | de repetir o fechamento anterior:\n"
        "• 1 pregão, o único até agora: 0,91 % | 0,81 %\n"
        "Dentro da faixa de 80 %: 2 de 2 (100,0 %)\n"
        "Direção: acertou 0 de 2 vezes em que apontou um lado, 0 % "
        "(intervalo de 95 %, se os papéis fossem independentes: 0 % a 66 %)\n" + DISCLAIMER
    ]


async def test_a_picture_is_drawn_and_uploaded_once(scored: ScoredChat) -> None:
    """Nothing changes until the next close."""
    await scored.passes("2026-07-29", "ITUB4")
    first, second = [await scored.chat.says("/placar ITUB4") for _ in range(2)]

    assert (first, scored.drawn) == (second, [1])


async def test_the_next_close_makes_another_picture(scored: ScoredChat) -> None:
    """Yesterday's picture must not stand beside today's figures."""
    for day in ("2026-07-28", "2026-07-29"):
        await scored.passes(day, "ITUB4")
        await scored.chat.says("/placar ITUB4")

    assert scored.drawn == [1, 2]


async def test_a_refused_picture_costs_nobody_the_figures(scored: ScoredChat) -> None:
    """The words alone say everything."""
    await scored.passes("2026-07-29", "ITUB4")
    await scored.chat.fault(method="sendPhoto", status=400, times=2)
    (words,) = await scored.chat.says("/placar ITUB4")

    assert words.startswith("ITUB4 · placar até qua., 29/07\n")


async def test_a_forgotten_file_is_uploaded_again(scored: ScoredChat) -> None:
    """Telegram may drop what it had."""
    await scored.passes("2026-07-29", "ITUB4")
    await scored.chat.says("/placar ITUB4")
    await scored.chat.fault(method="sendPhoto", status=400, times=1)
    (answer,) = await scored.chat.says("/placar ITUB4")

    assert (answer[:6], scored.drawn) == ("[foto]", [1, 1])


async def test_a_database_that_is_away_is_said_in_one_sentence(scored: ScoredChat) -> None:
    """Nobody reads of locks and connections."""
    scored.record.failure = StorageUnavailable("locked")

    assert await scored.chat.says("/placar ITUB4") == [
        "Não consegui abrir o placar agora. Tente de novo em alguns minutos."
    ]


async def test_what_is_no_share_is_answered_as_everywhere(scored: ScoredChat) -> None:
    """No name, two names, and a share outside the allow-list."""
    answers = [
        await scored.chat.says(text)
        for text in ("/placar petrobras", "/placar ITUB4 PETR4", "/placar ABEV3")
    ]

    assert answers == [
        [
            "Não encontrei o papel petrobras na B3. Confira o código e tente de novo, por exemplo "
            "/hoje ITUB4."
        ],
        ["Um papel de cada vez, por favor. Exemplo: /hoje ITUB4"],
        ["Não acompanho ABEV3 aqui. Você pode pedir ITUB4, PETR4 e VALE3."],
    ]


async def test_a_group_may_ask_too(scored: ScoredChat) -> None:
    """It is a command like any other."""
    await scored.passes("2026-07-29", "ITUB4")
    await scored.chat.becomes(-100, type="supergroup", title="Bolsa", admins=[1])
    await scored.chat.read(-100)
    await scored.chat.says("/placar ITUB4", chat=-100)
    newest = (await scored.chat.messages(-100))[-1]

    assert told(newest).startswith("[foto] ITUB4 · placar até qua., 29/07\n")
