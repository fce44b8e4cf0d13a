"""Stand-ins that are killed while `python -m bot` runs: it goes on, or ends with a sentence."""

import os
import re
import signal
from pathlib import Path

import pytest

from tests.starting.bots import (
    SESSION,
    Bot,
    Chat,
    Settings,
    eventually,
    real_telegram,
    started,
)
from tests.starting.test_newcomer import CHAT, told

AT = ("--at", f"{SESSION}T11:00")
AWAY = "O modelo não respondeu agora. Tente de novo em alguns minutos."
HIDING = "import sys; sys.modules['onnxruntime'] = None; from bot.__main__ import app; app()"
"""The bot on a machine where nobody has installed what serves the model."""

pytestmark = pytest.mark.slow


def child(bot: Bot, module: str) -> int:
    """Number of the bot's child process that runs `module`."""
    listed = Path(f"/proc/{bot.process.pid}/task").glob("*/children")
    children = [int(number) for file in listed for number in file.read_text().split()]
    (found,) = [number for number in children if module in command(number)]
    return found


def command(number: int) -> str:
    """What a process runs; empty when there is none, or none any more."""
    try:
        return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def warnings(bot: Bot) -> list[str]:
    """What the log says of processes that ended."""
    return re.findall(r"WARNING .*: (local .*)", bot.log())


def test_a_model_that_is_killed_is_served_again(laptop: Settings) -> None:
    """A laptop short of memory kills the largest process; the bot neither ends nor stays mute."""
    settings = {**laptop, "CLOSES": "simulated"}
    with started(settings, *AT) as bot:
        chat = Chat(told(bot, CHAT))
        before, first = chat.says("/hoje itub4"), child(bot, "model serve")
        os.kill(first, signal.SIGKILL)
        during = chat.says("/hoje vale3")
        eventually(lambda: "Previsão R$" in chat.says("/hoje petr4"))
        second = child(bot, "model serve")
        code = bot.terminated()

    assert "Previsão R$" in before
    assert during == AWAY or "Previsão R$" in during  # a second try may find the new one
    assert warnings(bot) == [
        "local process ended by itself program='model' code=-9 again_in_seconds=0.5"
    ]
    assert (code, first == second, command(second)) == (0, False, "")
    assert "Traceback" not in bot.log()


def test_a_model_that_was_started_again_dies_with_a_killed_bot(laptop: Settings) -> None:
    """An orphan would stay for ever."""
    with started({**laptop, "CLOSES": "simulated"}, *AT) as bot:
        Chat(told(bot, CHAT)).says("/ajuda")
        first = child(bot, "model serve")
        os.kill(first, signal.SIGKILL)
        second = eventually(lambda: next((one for one in [_served(bot)] if one != first), None))
        bot.killed()

    assert eventually(lambda: command(second) == "")


def _served(bot: Bot) -> int | None:
    try:
        return child(bot, "model serve")
    except ValueError:
        return None


def test_a_route_without_a_chat_is_started_again(laptop: Settings, chat: Chat) -> None:
    """With a real token the model may still be served on this machine."""
    with started({**laptop, **real_telegram(chat.url)}, *AT) as bot:
        chat.says("/ajuda")
        os.kill(child(bot, "deploy.local"), signal.SIGKILL)
        eventually(lambda: "Previsão R$" in chat.says("/hoje"))
        code = bot.terminated()

    assert code == 0
    assert warnings(bot) == [
        "local process ended by itself program='deploy.local' code=-9 again_in_seconds=0.5"
    ]


def test_a_chat_that_is_killed_ends_the_bot_with_a_sentence(laptop: Settings) -> None:
    """What was said is lost, and nobody could say anything more: exit code 1."""
    with started(laptop, *AT) as bot:
        Chat(told(bot, CHAT)).says("/ajuda")
        served = child(bot, "model serve")
        os.kill(child(bot, "deploy.local"), signal.SIGKILL)
        code = bot.ended()

    assert (code, bot.log().splitlines()[-1], command(served)) == (
        1,
        "bot: the local chat ended by itself (python -m deploy.local, code -9), and what was said "
        "in it is gone with it: start the bot again",
        "",
    )
    assert "Traceback" not in bot.log()


def test_a_chat_that_is_stopped_in_order_stops_the_bot_in_order(laptop: Settings) -> None:
    """Supervisors such as systemd stop all processes of a service at once."""
    with started(laptop, *AT) as bot:
        Chat(told(bot, CHAT)).says("/ajuda")
        os.kill(child(bot, "deploy.local"), signal.SIGTERM)
        code = bot.ended()

    assert code == 0
    assert "Traceback" not in bot.log()


def test_without_what_serves_the_model_a_bot_says_what_to_install(laptop: Settings) -> None:
    """The extra is large, so whoever has an endpoint leaves it out; others read one sentence."""
    with started(laptop, program=HIDING) as bot:
        code = bot.ended()

    assert (code, bot.log()) == (
        1,
        "bot: onnxruntime, which serves the model on this machine, is not installed: "
        'pip install "fechamento[bot,serving]", as `make run` does, '
        "or name an endpoint in SAGEMAKER_ENDPOINT\n",
    )
