"""A process that is stopped while hundreds of questions wait for it."""

from collections.abc import Sequence

import pytest

from tests.starting.bots import SESSION, Chat, Settings, eventually, started

PEOPLE = range(1, 41)
EACH = 5
NOISE = ("Traceback", "ERROR", "CRITICAL", "Task was destroyed", "never retrieved", "unclosed")
NOON = ("--at", f"{SESSION}T12:00")

pytestmark = pytest.mark.slow


def asked(chat: Chat, people: Sequence[int], each: int) -> None:
    """Everybody asks so many times while no bot is there."""
    for _ in range(each):
        for person in people:
            chat.writes("/ajuda", person)


def answers(chat: Chat) -> list[int]:
    """How often each of them was answered: that many messages there are beside their own."""
    counts = chat.counts()
    return [counts[person] - EACH for person in PEOPLE]


def test_a_stop_leaves_to_the_next_start_what_it_has_not_begun(
    served: Settings, chat: Chat
) -> None:
    """Whoever asked during a deployment is answered, once, and nobody is alarmed by the log."""
    settings = {**served, "PYTHONWARNINGS": "default::ResourceWarning"}
    asked(chat, PEOPLE, EACH)
    with started(settings, *NOON) as bot:
        eventually(lambda: sum(answers(chat)) > 30)
        code = bot.terminated()
        log = bot.log()
    before = answers(chat)
    with started(settings, *NOON):
        eventually(lambda: min(answers(chat)) >= EACH)
    after = answers(chat)

    assert (code, [noise for noise in NOISE if noise in log]) == (0, []), log
    assert 0 < sum(before) < len(PEOPLE) * EACH  # it was in the middle
    assert after == [EACH] * len(PEOPLE)


def test_whoever_asked_more_than_could_be_answered_is_told(served: Settings, chat: Chat) -> None:
    """So that others need not wait behind it, Telegram was told to forget it; nobody else was."""
    asked(chat, [1], 300)
    with started(served, *NOON) as bot:
        eventually(lambda: len(chat.read(1)) > 10)
        code = bot.terminated()
        log = bot.log()
    said = chat.read(1)

    assert (code, [noise for noise in NOISE if noise in log]) == (0, []), log
    assert len(said) < 300
    assert said[-1].startswith("O bot foi reiniciado antes de responder")
