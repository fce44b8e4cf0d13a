"""The day's message as a subscriber meets it, from `/assinar` to the button that ends it."""

from bot.errors import ClosesUnavailable
from tests.conversations.pushing.conftest import OPERATORS_CHAT, PushingChat


async def test_what_was_subscribed_comes_at_its_hour_on_the_next_session(
    pushing: PushingChat,
) -> None:
    """Once, whole, and to nobody else."""
    await pushing.chat.says("/assinar itub4 09:00")
    await pushing.at("2026-07-29T08:59")
    early = await pushing.reads()
    await pushing.at("2026-07-29T09:00")
    await pushing.at("2026-07-29T09:01")

    assert early == []
    assert await pushing.reads() == [
        "ITUB4 · fechamento de hoje, qua., 29/07\n"
        "Previsão R$ 29,61 · faixa de 80 %: R$ 28,42 a R$ 30,79\n"
        "Último fechamento R$ 29,58 (ter., 28/07)\n"
        "Não é recomendação de investimento."
    ]
    assert await pushing.chat.shown() == [["Gráfico", "Cancelar"]]
    assert await pushing.reads(chat=2) == []


async def test_the_chart_comes_below_the_message(pushing: PushingChat) -> None:
    """The message stays as it was."""
    await pushing.chat.says("/assinar itub4 09:00")
    await pushing.at("2026-07-29T09:00")
    before = await pushing.chat.read()
    await pushing.chat.presses("Gráfico")
    (picture,) = await pushing.chat.read()

    assert picture["photo"]
    assert picture["caption"].startswith("ITUB4 · fechamento de hoje, qua., 29/07\n")
    assert [one["edited"] for one in before] == [False]


async def test_the_button_below_ends_the_subscription(pushing: PushingChat) -> None:
    """Whoever has enough of it should not have to look for a command."""
    await pushing.chat.says("/assinar itub4 09:00")
    await pushing.at("2026-07-29T09:00")
    await pushing.reads()
    await pushing.chat.presses("Cancelar")
    await pushing.at("2026-07-30T09:00")

    assert await pushing.reads() == []


async def test_operators_hear_of_a_share_without_a_forecast_and_it_comes_later(
    pushing: PushingChat,
) -> None:
    """Nobody has to wait for the other shares, nor to ask why."""
    await pushing.chat.says("/assinar itub4 09:00")
    pushing.chat.prices.failure = ClosesUnavailable("ITUB4.SA", "HTTP 429")
    await pushing.at("2026-07-29T09:00")
    missing = await pushing.reads(), await pushing.reads(OPERATORS_CHAT)
    pushing.chat.prices.failure = None
    await pushing.at("2026-07-29T09:05")

    assert missing == ([], ["1 papel sem previsão para o envio, às 09:00: código c0de01"])
    assert [text.splitlines()[0] for text in await pushing.reads()] == [
        "ITUB4 · fechamento de hoje, qua., 29/07"
    ]
