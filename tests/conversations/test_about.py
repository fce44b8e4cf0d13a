"""/start, /ajuda and /sobre: who this is and how far it can be trusted."""

from bot.edges.telegram.application import introduce
from bot.errors import ModelUnavailable
from bot.wording.about import COMMANDS
from tests.conversations.conftest import Chat


async def test_the_greeting_says_what_to_try(chat: Chat) -> None:
    """A newcomer presses one button and reads this."""
    (answer,) = await chat.says("/start")

    assert answer.startswith("Olá! Estimo o preço de fechamento de ações da B3")
    assert {"/hoje", "/proximos", "/ajuda"} <= set(answer.replace(".", " ").split())


async def test_help_names_every_command(chat: Chat) -> None:
    """The English word works too: Telegram's own clients suggest it."""
    (answer,) = await chat.says("/ajuda")

    assert await chat.says("/help") == [answer]
    assert all(f"/{name}: " in answer for name in ("hoje", "proximos", "ajuda", "sobre", "start"))


async def test_the_model_is_named_with_what_it_cannot_do(chat: Chat) -> None:
    """No skill is claimed that the tests did not show."""
    (answer,) = await chat.says("/sobre")

    assert answer.startswith("O modelo fake 1 é uma rede LSTM treinada só com preços diários")
    assert answer.endswith("Não é recomendação de investimento.")


async def test_without_the_model_the_rest_is_still_said(chat: Chat) -> None:
    """What it is does not depend on whether it answers now."""
    chat.model.failure = ModelUnavailable("itub4-lstm", 503)
    (answer,) = await chat.says("/sobre")

    assert answer.startswith("O modelo é uma rede LSTM")


async def test_the_menu_offers_what_is_answered_and_nothing_else(chat: Chat) -> None:
    """A command in the menu that nobody answers is a broken promise; /placar is not wired here."""
    await introduce(chat.bot)
    menu = (await chat.people.get("/bot")).json()["commands"]

    assert [row["command"] for row in menu] == [
        command.name for command in COMMANDS if command.name != "placar"
    ]
