"""The buttons under a forecast, and those of messages long gone."""

from bot.errors import ModelUnavailable
from tests.conversations.conftest import Chat
from tests.share_bars import at


async def test_the_other_horizon_takes_the_message_s_place(chat: Chat) -> None:
    """A chat full of almost equal messages is no pleasure."""
    await chat.says("/hoje vale3")

    assert await chat.presses("Próximos 5 pregões") == "Atualizado."
    assert await chat.presses("Hoje") == "Atualizado."

    _, answer = await chat.messages()
    assert answer["caption"].startswith("VALE3 · fechamento de hoje, qua., 29/07")
    assert answer["edited"]


async def test_refreshing_without_news_says_so(chat: Chat) -> None:
    """Telegram refuses an edit that changes nothing; that is no error."""
    await chat.says("/hoje")

    assert await chat.presses("Atualizar") == "Nada mudou desde então."


async def test_refreshing_after_the_close_shows_the_outcome(chat: Chat) -> None:
    """The morning's message can be brought up to date in the evening."""
    await chat.says("/hoje")
    chat.watch.now = at("2026-07-29T19:00")

    assert await chat.presses("Atualizar") == "Atualizado."
    assert "fechou R$ 29,34" in (await chat.messages())[-1]["caption"]


async def test_a_failure_is_told_in_a_dialog_and_leaves_the_message(chat: Chat) -> None:
    """What was known before is still true."""
    await chat.says("/hoje")
    before = await chat.messages()
    chat.model.failure = ModelUnavailable("itub4-lstm", status=503)

    assert await chat.presses("Atualizar") == (
        "O modelo não respondeu agora. Tente de novo em alguns minutos."
    )
    assert await chat.messages() == before


async def test_a_button_of_another_version_is_answered(chat: Chat) -> None:
    """A button that nobody answers shows a clock for a minute."""
    bot = chat.bot.bot
    sent = await bot.send_message(
        1, "antiga", reply_markup={"inline_keyboard": [[{"text": "?", "callback_data": "v0:x"}]]}
    )

    assert await chat.presses_data(sent.message_id, "v0:x") == (
        "Este botão é de uma mensagem antiga e já não funciona. Peça de novo com /hoje."
    )
