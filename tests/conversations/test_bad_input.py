"""What people type by mistake, for fun, or to break things."""

from collections.abc import Sequence

import pytest

from bot.domain.tickers import Ticker
from tests.conversations.conftest import Chat

UNKNOWN = (
    "Não encontrei o papel {} na B3. Confira o código e tente de novo, por exemplo /hoje ITUB4."
)
ONE_SHARE = "Um papel de cada vez, por favor. Exemplo: /hoje ITUB4"
NOT_UNDERSTOOD = "Não entendi. Para uma previsão, envie /hoje ITUB4; o resto está em /ajuda."
UNKNOWN_COMMAND = "Não conheço esse comando. O que sei fazer está em /ajuda."


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/hoje XXXX3", UNKNOWN.format("XXXX3")),
        ("/hoje banana", UNKNOWN.format("banana")),
        ("/hoje ITUB", UNKNOWN.format("ITUB")),
        ("/hoje 🚀🚀", UNKNOWN.format("🚀🚀")),
        ("/hoje <b>&amp;", UNKNOWN.format("<b>&amp;")),
        ("/proximos ../../etc", UNKNOWN.format("../../etc")),
        ("/hoje " + "x" * 5000, UNKNOWN.format("x" * 19 + "…")),
        ("/hoje itub4 petr4", ONE_SHARE),
        ("/proximos itub4, petr4", ONE_SHARE),
        ("/foo", UNKNOWN_COMMAND),
        ("bom dia", NOT_UNDERSTOOD),
        ("🚀", NOT_UNDERSTOOD),
        ("y" * 5000, NOT_UNDERSTOOD),
    ],
)
async def test_each_mistake_gets_one_calm_sentence(chat: Chat, typed: str, read: str) -> None:
    """A person never sees a traceback and always learns what to type instead."""
    assert await chat.says(typed) == [read]
    assert chat.model.asked == []


async def test_in_a_group_only_commands_are_answered(chat: Chat) -> None:
    """The bot stays out of other people's conversations."""
    group = {"type": "supergroup", "title": "Carteira", "admins": [1]}
    (await chat.people.put("/chats/-100", json=group)).raise_for_status()

    assert await chat.says("bom dia, petr4 sobe?", chat=-100) == []
    assert await chat.says("/foo", chat=-100) == []
    assert await chat.says("/hoje@outro_bot", chat=-100) == []
    assert len(await chat.says("/hoje@fechamento_bot petr4", chat=-100)) == 1


class TestWithAnAllowList:
    """TICKERS is set."""

    @pytest.fixture
    def served(self) -> Sequence[Ticker]:
        """Two shares."""
        return (Ticker("ITUB4.SA"), Ticker("VALE3.SA"))

    async def test_a_share_outside_it_is_refused_with_what_there_is(self, chat: Chat) -> None:
        """The person learns what can be asked for."""
        assert await chat.says("/hoje petr4") == [
            "Não acompanho PETR4 aqui. Você pode pedir ITUB4 e VALE3."
        ]

    async def test_a_share_inside_it_is_answered(self, chat: Chat) -> None:
        """The list does not get in the way."""
        assert (await chat.says("/hoje vale3"))[0].startswith("[foto] VALE3")
