"""Sentences for everything that can go wrong."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ClosesUnusable, ForecastError, TickerNotServed, UnknownTicker
from bot.wording.apologies import apology, unexpected
from bot.wording.markup import plain, telegram_length
from tests.wording.golden import FAILURES, SENTENCES

CALLBACK_LIMIT = 200
"""Bot API, answerCallbackQuery: an apology also answers a button."""


def tree(error: type[ForecastError]) -> Iterator[type[ForecastError]]:
    """The error and everything below it."""
    yield error
    for below in error.__subclasses__():
        yield from tree(below)


@pytest.mark.parametrize("error", [each for each in tree(ForecastError) if each != ForecastError])
def test_every_error_has_a_sentence_of_its_own(error: type[ForecastError]) -> None:
    """A new way to fail must not end in a sentence about something else."""
    assert error in apology.registry


def test_every_error_that_can_happen_is_among_the_examples() -> None:
    """The golden file of sentences is complete."""
    assert {type(error) for error in FAILURES} == set(tree(ForecastError)) - {
        ForecastError,
        ClosesUnusable,
    }


def test_no_two_errors_share_a_sentence() -> None:
    """What happened and what to do next differ from error to error."""
    sentences = {apology(error) for error in FAILURES}

    assert len(sentences) == len(FAILURES)


def test_errors_that_are_only_groups_still_get_a_sentence() -> None:
    """Somebody may raise the group itself one day."""
    assert [apology(ClosesUnusable("?")), apology(ForecastError("?"))] == [
        "Os preços que recebi desse papel não servem para uma previsão. Tente outro papel.",
        "Não consegui fazer esta previsão. Tente outro papel.",
    ]


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
def test_people_never_read_what_is_for_the_log(error: ForecastError) -> None:
    """Endpoint names, statuses and English reasons belong to the operator."""
    assert not re.search(
        r"fechamento-endpoint|503|424|429|HTTP|five|Error|\.SA|None", apology(error)
    )


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
def test_an_apology_fits_into_the_answer_to_a_button(error: ForecastError) -> None:
    """Telegram cuts what is longer than 200, and what to do next comes last."""
    assert telegram_length(apology(error)) <= CALLBACK_LIMIT


@given(st.text(max_size=300))
def test_whatever_was_typed_the_sentence_stays_whole(text: str) -> None:
    """Hostile names neither break the markup nor stretch the sentence."""
    sentence = apology(UnknownTicker(text))

    assert plain(sentence).endswith(
        "na B3. Confira o código e tente de novo, por exemplo /hoje ITUB4."
    )
    assert telegram_length(sentence) <= CALLBACK_LIMIT
    assert re.findall(r"<[^>]*>", sentence) in ([], ["<code>", "</code>"])


def test_nothing_typed_needs_no_empty_quotes() -> None:
    """`/hoje` with only invisible signs after it names no share."""
    assert (
        apology(UnknownTicker("\u200b"))
        == "Não encontrei esse papel na B3. Confira o código e tente de novo, por exemplo "
        "/hoje ITUB4."
    )


def test_a_long_allow_list_is_cut() -> None:
    """Fifty names bury the sentence, and would not fit into the answer to a button."""
    served = tuple(f"AAA{letter}3.SA" for letter in "ABCDEFGHIJKLM")

    assert plain(apology(TickerNotServed("ITUB4.SA", served))) == (
        "Não acompanho ITUB4 aqui. Você pode pedir AAAA3, AAAB3, AAAC3, AAAD3, AAAE3, AAAF3, "
        "AAAG3, AAAH3, AAAI3, AAAJ3 e mais 3."
    )


def test_a_code_joins_the_chat_with_the_log() -> None:
    """The operator finds the traceback by what the person reads out."""
    assert plain(unexpected("7F3A")).endswith("informe o código 7F3A a quem cuida do bot.")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_small_sentences_fit_into_the_answer_to_a_button(sentence: str) -> None:
    """Any of them may answer a button."""
    assert telegram_length(sentence) <= CALLBACK_LIMIT
