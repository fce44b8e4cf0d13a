"""/status, as an operator reads it, and as nobody else does."""

import pytest

from bot.errors import StorageUnavailable
from tests.conversations.pushing.conftest import OPERATOR, PushingChat
from tests.share_bars import at

UNKNOWN = ["Não conheço esse comando. O que sei fazer está em /ajuda."]


async def test_an_operator_reads_how_the_bot_is(pushing: PushingChat) -> None:
    """One message tells whether anybody has to do anything."""
    await pushing.chat.says("/assinar itub4 09:00")
    await pushing.at("2026-07-29T09:00")
    pushing.chat.watch.now = at("2026-07-29T09:40")

    assert await pushing.chat.says("/status", 77, by=OPERATOR) == [
        "Fechamento 0.1.0 · no ar há 1 h 10 min\n"
        "Telegram: última atualização há 0 s\n"
        "Agenda e envios: neste processo\n"
        "Banco: SQLite, 0 ms\n"
        "Fila de envio: vazia\n"
        "Último envio diário: qua., 29/07, às 09:00\n"
        "Modelo: fake 1\n"
        "Endpoint: 0 ms, mediana 0 ms em 1\n"
        "Fechamentos:\n"
        "ITUB4 28/07, buscado há 40 min"
    ]


async def test_the_status_comes_even_without_the_database(pushing: PushingChat) -> None:
    """That is when it is asked for."""
    pushing.chat.records.outbox.failure = StorageUnavailable("locked")
    (told,) = await pushing.chat.says("/status", 77, by=OPERATOR)

    assert told.splitlines()[3] == "Banco: SQLite, não respondeu"


@pytest.mark.parametrize("command", ["/status", "/status agora"])
async def test_for_everybody_else_there_is_no_such_command(
    pushing: PushingChat, command: str
) -> None:
    """Not even that it exists is for others to know."""
    assert await pushing.chat.says(command) == UNKNOWN


async def test_in_a_group_only_the_operator_is_answered(pushing: PushingChat) -> None:
    """Others in the operators' group stay without a word, as with any unknown command there."""
    await pushing.chat.becomes(-100, type="supergroup", title="Operação", admins=[OPERATOR])
    await pushing.chat.read(-100)
    others = await pushing.chat.says("/status", -100, by=5)
    (told,) = await pushing.chat.says("/status", -100, by=OPERATOR)

    assert (others, told.splitlines()[0]) == ([], "Fechamento 0.1.0 · no ar há 0 s")
