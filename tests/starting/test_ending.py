"""A process that ends in the middle of a broadcast, in order or not."""

import pytest

from tests.starting.bots import SESSION, Bot, Chat, Settings, eventually, started
from tests.starting.post import reported, subscribed, toll

OPERATORS = 900
SUBSCRIBERS = range(1, 151)
NOISE = ("Traceback", "Task was destroyed", "never retrieved", "never awaited", "unclosed")

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(served: Settings) -> Settings:
    """A bot that comes too late for a broadcast, and tells operators when it is over."""
    settings = {**served, "ALARM_CHAT_IDS": str(OPERATORS)}
    subscribed(settings, SUBSCRIBERS)
    return settings


def half_way(chat: Chat) -> None:
    """Wait until the broadcast has begun in earnest."""
    eventually(lambda: len(chat.counts()) > len(SUBSCRIBERS) / 3)


def quiet(bot: Bot) -> bool:
    """Whether its log holds nothing that only its makers could make sense of."""
    return not any(noise in bot.log() for noise in NOISE)


def test_a_kill_in_the_middle_repeats_one_message_at_most(settings: Settings, chat: Chat) -> None:
    """Nobody is left out, and nobody but the one whose message was on its way reads it twice."""
    with started(settings, "--at", f"{SESSION}T09:40") as bot:
        half_way(chat)
        bot.killed()
    lost, _ = toll(chat, SUBSCRIBERS)
    with started(settings, "--at", f"{SESSION}T09:41"):
        report = reported(chat, OPERATORS)

    assert lost > 0  # it was in the middle
    assert toll(chat, SUBSCRIBERS) in {(0, 0), (0, 1)}
    assert report[0].startswith("Envio das 09:00 de qua., 29/07: 150 entregues, ")


def test_a_stop_in_the_middle_repeats_nothing(settings: Settings, chat: Chat) -> None:
    """What is on its way when a supervisor stops the bot is waited for and written down."""
    with started(
        {**settings, "PYTHONWARNINGS": "default::ResourceWarning"}, "--at", f"{SESSION}T09:40"
    ) as bot:
        half_way(chat)
        chat.fault("sendMessage", delay=2)
        eventually(lambda: chat.asked("GET", "/faults") == [])  # a slow one is on its way
        code = bot.terminated()
        orderly = quiet(bot)
    lost, _ = toll(chat, SUBSCRIBERS)
    with started(settings, "--at", f"{SESSION}T09:41"):
        reported(chat, OPERATORS)

    assert (code, orderly) == (0, True), bot.log()
    assert lost > 0
    assert toll(chat, SUBSCRIBERS) == (0, 0)
