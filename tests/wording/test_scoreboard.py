"""What /placar says, whole, and the line that /hoje may owe its readers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures import worse_than_naive
from bot.domain.tickers import Ticker
from bot.wording.buttons import Horizon
from bot.wording.markup import telegram_length
from bot.wording.messages import caption as forecast_caption
from bot.wording.scoreboard import caption, caution, nothing_yet
from tests.share_bars import ITUB4, at
from tests.track_records import Season, board, tallies
from tests.wording import scenes

CAPTION_LIMIT = 1024
"""UTF-16 units (Bot API, sendPhoto)."""


def test_the_board_of_a_share_has_every_window_beside_the_naive_forecast() -> None:
    """An error alone tells nobody whether it is small."""
    assert caption(board(tallies(250, Season(pointing=True, replayed=True)))) == (
        "<b>ITUB4</b> · placar até ter., 28/07\n"
        "Erro médio do bot | de repetir o fechamento anterior:\n"
        "• 5 pregões: R$ 0,58 (1,44 %) | R$ 0,58 (1,44 %)\n"
        "• 20 pregões: R$ 0,41 (1,03 %) | R$ 0,41 (1,03 %)\n"
        "• 60 pregões: R$ 0,39 (0,99 %) | R$ 0,39 (0,99 %)\n"
        "• 250 pregões: R$ 0,38 (0,95 %) | R$ 0,38 (0,95 %)\n"
        "Dentro da faixa de 80 %: 4 de 5, 16 de 20, 47 de 60, 198 de 250 (79,2 %)\n"
        "Direção: acertou 128 de 250 vezes em que apontou um lado, 51 % "
        "(intervalo de 95 %: 45 % a 57 %)\n"
        "Inclui 250 pregões refeitos com dados históricos (replay), que o modelo pode ter visto "
        "no treino.\n"
        "Não é recomendação de investimento."
    )


def test_a_forecast_that_repeats_the_last_close_has_no_direction_to_check() -> None:
    """The model's median is the last close; fifty per cent would be made up."""
    assert caption(board(tallies(3, Season(worse=1.1)))) == (
        "<b>ITUB4</b> · placar até ter., 28/07\n"
        "Erro médio do bot | de repetir o fechamento anterior:\n"
        "• 3 pregões, todos até agora: R$ 0,49 (1,23 %) | R$ 0,45 (1,12 %)\n"
        "Dentro da faixa de 80 %: 1 de 3 (33,3 %)\n"
        "Direção: nada a conferir; em centavos, a previsão costuma ser o próprio último "
        "fechamento.\n"
        "Não é recomendação de investimento."
    )


def test_all_shares_together_have_per_cents_alone() -> None:
    """And an interval that owns up: shares of one day go the same way."""
    season = Season(shares=19, pointing=True)

    assert caption(board(tallies(6, season), ticker=None)) == (
        "<b>Placar</b> de todos os papéis até ter., 28/07\n"
        "Erro médio do bot | de repetir o fechamento anterior:\n"
        "• 5 pregões: 1,02 % | 1,02 %\n"
        "• 6 pregões, todos até agora: 1,00 % | 1,00 %\n"
        "Dentro da faixa de 80 %: 76 de 95, 90 de 114 (78,9 %)\n"
        "Direção: acertou 62 de 114 vezes em que apontou um lado, 54 % "
        "(intervalo de 95 %, se os papéis fossem independentes: 45 % a 63 %)\n"
        "Não é recomendação de investimento."
    )


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "1 pregão reavaliado por evento societário."),
        (2, "2 pregões reavaliados por evento societário."),
    ],
)
def test_sessions_settled_again_are_told(count: int, told: str) -> None:
    """Whoever remembers another figure learns why it changed."""
    found = tallies(5)
    again = tuple(replace(each, rebased=1) for each in found[:count])

    assert told in caption(board((*again, *found[count:]))).split("\n")


def test_one_session_reads_like_one() -> None:
    """The first evening."""
    lines = caption(board(tallies(1, Season(replayed=True)))).split("\n")

    assert lines[2].startswith("• 1 pregão, o único até agora: ")
    assert lines[-2].startswith("Inclui 1 pregão refeito com dados históricos (replay), ")


@given(
    count=st.sampled_from([1, 7, 33, 250]),
    shares=st.sampled_from([1, 19, 400]),
    ticker=st.sampled_from([None, Ticker("BOVA11.SA")]),
    flags=st.booleans(),
)
def test_a_caption_fits_under_its_picture(
    count: int, shares: int, ticker: Ticker | None, *, flags: bool
) -> None:
    """Telegram refuses longer ones."""
    season = Season(shares, pointing=flags, replayed=flags)
    found = tuple(replace(each, rebased=int(flags)) for each in tallies(count, season))

    assert telegram_length(caption(board(found, ticker))) <= CAPTION_LIMIT


DUE = at("2026-07-29T17:30")


@pytest.mark.parametrize(
    ("ticker", "awaited", "told"),
    [
        (
            ITUB4,
            False,
            "O placar de <b>ITUB4</b> ainda não tem nenhum pregão conferido. Peça /hoje ITUB4 "
            "antes do fechamento, e o primeiro resultado sai qua., 29/07, às 17:30.",
        ),
        (
            ITUB4,
            True,
            "O placar de <b>ITUB4</b> ainda não tem nenhum pregão conferido. "
            "O primeiro resultado sai qua., 29/07, às 17:30.",
        ),
        (
            None,
            False,
            "O placar ainda não tem nenhum pregão conferido. Peça /hoje antes do fechamento, e o "
            "primeiro resultado sai qua., 29/07, às 17:30.",
        ),
    ],
)
def test_before_the_first_outcome_people_learn_when_it_comes(
    ticker: Ticker | None,
    awaited: bool,  # noqa: FBT001, a parameter of the table
    told: str,
) -> None:
    """And what they can do for it."""
    empty = replace(board([], ticker), due=DUE, awaited=awaited)

    assert nothing_yet(empty) == told


def test_a_first_outcome_that_is_late_is_not_promised_for_the_past() -> None:
    """The close is final, but the source has not given it yet."""
    empty = replace(board([], read_at=DUE + timedelta(minutes=1)), due=DUE, awaited=True)

    assert nothing_yet(empty) == (
        "O placar de <b>ITUB4</b> ainda não tem nenhum pregão conferido. "
        "O primeiro resultado sai assim que o fechamento chegar da fonte."
    )


def test_a_board_that_does_not_know_when_is_a_mistake() -> None:
    """Nobody is told a day that nobody knows."""
    with pytest.raises(ValueError, match="none to come"):
        nothing_yet(board([]))


def test_today_s_answer_owns_up_to_worse_forecasts() -> None:
    """Once, in one line, above the disclaimer."""
    line = caution(worse_than_naive(tallies(60, Season(worse=1.2))))
    told = forecast_caption(scenes.REFERENCE, Horizon.TODAY, line).split("\n")

    assert told[-2:] == [
        "Nos últimos 60 pregões, repetir o fechamento anterior teria errado menos: 0,84 % em vez "
        "de 1,01 %, em média.",
        "Não é recomendação de investimento.",
    ]


def test_today_s_answer_says_nothing_when_there_is_nothing_to_own_up_to() -> None:
    """The usual answer is unchanged."""
    plain = forecast_caption(scenes.REFERENCE, Horizon.TODAY)

    assert forecast_caption(scenes.REFERENCE, Horizon.TODAY, caution(None)) == plain


@pytest.mark.parametrize("scene", scenes.SCENES)
def test_with_its_caution_a_forecast_still_fits_under_its_picture(scene: str) -> None:
    """The longest answers are those with the most to explain."""
    line = caution(worse_than_naive(tallies(60, Season(worse=1.2))))

    for horizon in Horizon:
        told = forecast_caption(scenes.SCENES[scene], horizon, line)
        assert telegram_length(told) <= CAPTION_LIMIT
