"""The daily message of a real process: at its minute, late, or not at all."""

import re
from datetime import time

import pytest

from tests.starting.bots import SESSION, Chat, Settings, eventually, started
from tests.starting.post import reported, subscribed

OPERATORS = 900
HEADING = "ITUB4 · fechamento de hoje, qua., 29/07"

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(served: Settings) -> Settings:
    """A bot with operators; its log tells each look at the slots."""
    return {**served, "ALARM_CHAT_IDS": str(OPERATORS), "LOG_LEVEL": "DEBUG"}


def test_a_subscription_is_served_at_its_minute(settings: Settings, chat: Chat) -> None:
    """Everything from /assinar to the operators' report, with nothing made up but the prices."""
    with started(settings, "--at", f"{SESSION}T08:59:48") as bot:
        bot.has_logged("slots looked at")  # nobody was subscribed when it made its plans
        answer = chat.says("/assinar ITUB4 09:00").splitlines()
        report = reported(chat, OPERATORS)

    assert answer[2] == "Só em dias de pregão; a próxima chega qua., 29/07, às 09:00."
    assert [text.splitlines()[0] for text in chat.read(1)] == ["Assinatura feita", HEADING]
    assert len(report) == 1
    assert re.fullmatch(
        r"Envio das 09:00 de qua., 29/07: 1 entregue, das 09:00:[0-2]\d às 09:0\d:\d\d.", report[0]
    )


def test_a_bot_that_was_down_at_nine_sends_late_and_once(settings: Settings, chat: Chat) -> None:
    """However often it is started after that."""
    subscribed(settings, [1])
    with started(settings, "--at", f"{SESSION}T09:40"):
        reported(chat, OPERATORS)
    subscribed(settings, [2], time(10, 5))
    with started(settings, "--at", f"{SESSION}T10:10"):
        eventually(lambda: chat.read(2))  # slots are served in their order, so nine's was looked at

    assert [text.splitlines()[0] for text in chat.read(1)] == [HEADING]


@pytest.mark.parametrize("moment", [f"{SESSION}T17:30", "2026-09-07T09:40"])
def test_after_the_close_and_on_holidays_nothing_is_sent(
    settings: Settings, chat: Chat, moment: str
) -> None:
    """A forecast of a close that is known, or never will be, helps nobody."""
    subscribed(settings, [1])
    with started(settings, "--at", moment) as bot:
        bot.has_logged("slots looked at due=[]")

        assert bot.terminated() == 0  # what waits is sent before it ends
    assert chat.read(1) == []
