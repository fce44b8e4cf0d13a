"""Telegram is away when the bot starts, goes away later, or says no."""

from collections.abc import Iterator

import pytest

from tests.bench.cable import Cable, plugged_in
from tests.starting.bots import SESSION, Chat, Settings, ran, real_telegram, started

OPERATORS = 900
AT = ("--at", f"{SESSION}T11:00")

IMPATIENT = """
import bot.edges.telegram.application as application
import bot.edges.telegram.watchdog as watchdog
application.POLL_SECONDS, watchdog.SILENCE_SECONDS, watchdog.LOOK_SECONDS = 1, 3.0, 0.1
from bot.__main__ import app
app()
"""
"""The whole bot, but polls of a second, and three of them in vain are too many."""

pytestmark = pytest.mark.slow


@pytest.fixture
def cable(chat: Chat) -> Iterator[Cable]:
    """The line to Telegram."""
    with plugged_in(chat.url) as cable:
        yield cable


def test_the_bot_comes_up_with_the_line_and_can_be_stopped_without(
    served: Settings, chat: Chat, cable: Cable
) -> None:
    """After a power cut the bot is often back first; a goodbye that cannot be sent is not sent."""
    cable.cut()
    settings = {**served, **real_telegram(cable.url), "ALARM_CHAT_IDS": str(OPERATORS)}
    with started(settings, *AT) as bot:
        bot.has_logged("telegram not reached")
        cable.mend()
        answer = chat.says("/ajuda")
        cable.cut()

        assert bot.terminated() == 0
    assert answer.startswith("O que sei fazer")
    assert "Traceback" not in bot.log()


def test_a_bot_that_waits_for_telegram_can_be_stopped(served: Settings, cable: Cable) -> None:
    """A supervisor would kill it after a while, and call that a failure."""
    cable.cut()
    with started({**served, **real_telegram(cable.url)}, *AT) as bot:
        bot.has_logged("telegram call tried again")

        assert bot.terminated() == 0
        assert "did not end in good order" not in bot.log()


def test_polling_that_hangs_ends_the_process_for_a_new_one(served: Settings, chat: Chat) -> None:
    """Half-open connections have kept bots mute for hours; exit code 3 asks for a new start."""
    settings = {**served, "ALARM_CHAT_IDS": str(OPERATORS)}
    with started(settings, *AT, program=IMPATIENT) as bot:
        chat.says("/ajuda")
        chat.fault("getUpdates", delay=1000, times=10)

        assert bot.ended() == 3
    assert any(text.startswith("1 parada na leitura do Telegram") for text in chat.read(OPERATORS))


def test_an_address_that_telegram_refuses_is_one_sentence(served: Settings) -> None:
    """A typo in the webhook's address is mended once it is known; trying again is no use."""
    webhook = {
        "TELEGRAM_WEBHOOK_URL": "http://elsewhere.example/telegram/bot",
        "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-the-webhook",
    }
    code, output = ran({**served, **webhook, "LOG_LEVEL": "ERROR"}, *AT)

    assert (code, output) == (
        1,
        "bot: TELEGRAM_WEBHOOK_URL: Telegram does not accept it: "
        "Bad webhook: only addresses on this machine are followed\n",
    )
