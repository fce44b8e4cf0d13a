"""Answered /hoje a second beside a bare echo bot: `python -m tests.bench.ceiling [PROFILE]`.

Both speak python-telegram-bot to the same kind of local chat, without limits, and find the same
messages waiting when they start, so that whoever writes costs nothing while they answer.  What
counts is the time between the first answers and the last ones: charts are drawn before it begins
and re-used in it.  Processor time tells how much of it is the bot's own.  With a file's name, a
profile of the bot is written there.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.crowded_chat import CrowdedChat, cpu_seconds, crowded_chat
from tests.bench.ours import World, free_port, world
from tests.bench.rows import Row, middle

CHATS = 40
EACH = 25
ROUNDS = 2
FROM, UNTIL = 0.25, 0.95
"""Part of the answers between which the time is taken."""
LEAST = 0.6
SECRET = "a-secret-of-the-bench"
MODES = ("polling", "webhook")


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a bot answered.

    Attributes:
        per_second: answers a second.
        bot: milliseconds of processor time that the bot used for one.
        chat: the same of the chat.
    """

    per_second: float
    bot: float
    chat: float


def rows(rounds: int = ROUNDS) -> list[Row]:
    """Both modes, the two bots in turn."""
    found = []
    with world(1, runtime=0) as seen:
        for mode in MODES:
            ours, echo = [], []
            for _ in range(rounds):
                ours.append(_ours(seen, mode))
                echo.append(_echo(mode))
            found += _told(mode, ours, echo)
    return found


def _told(mode: str, ours: list[Speed], echo: list[Speed]) -> list[Row]:
    title = f"ceiling: {mode}"
    ratios = [us.per_second / it.per_second for us, it in zip(ours, echo, strict=True)]
    return [
        middle(f"{title}: /hoje, part of the echo bot's rate", ratios, "×", least=LEAST),
        middle(f"{title}: /hoje answered", [one.per_second for one in ours], "/s"),
        middle(f"{title}: echo", [one.per_second for one in echo], "/s"),
        *_processor(f"{title}: /hoje", ours),
        *_processor(f"{title}: echo", echo),
    ]


def _processor(title: str, speeds: list[Speed]) -> list[Row]:
    bot, chat = (
        statistics.mean(each) for each in zip(*((s.bot, s.chat) for s in speeds), strict=True)
    )
    return [
        Row(f"{title}, processor time of the bot", bot, "ms"),
        Row(f"{title}, processor time of the chat", chat, "ms"),
    ]


def _ours(seen: World, mode: str, profile: str = "") -> Speed:
    with tempfile.TemporaryDirectory() as folder, crowded_chat() as chat:
        total = chat.write("/hoje", CHATS, EACH)
        with unpaced_bot(seen, chat, Path(folder), mode, profile) as pid:
            return _speed(chat, pid, total)


def _echo(mode: str) -> Speed:
    with crowded_chat() as chat, ExitStack() as running:
        total = chat.write("/hoje", CHATS, EACH)
        port = str(free_port() if mode == "webhook" else 0)
        pid = running.enter_context(_process("echo_process", chat.url, port))
        return _speed(chat, pid, total)


def _speed(chat: CrowdedChat, bot: int, asked: int) -> Speed:
    first, last = asked + int(FROM * asked), asked + int(UNTIL * asked)
    began = chat.reach(first)
    answered, used = chat.messages(), (cpu_seconds(bot), cpu_seconds(chat.pid))
    ended = chat.reach(last)
    answered, again = chat.messages() - answered, (cpu_seconds(bot), cpu_seconds(chat.pid))
    each = [1e3 * (now - before) / answered for before, now in zip(used, again, strict=True)]
    return Speed(answered / (ended - began), *each)


@contextmanager
def unpaced_bot(
    seen: World, chat: CrowdedChat, folder: Path, mode: str = "polling", profile: str = ""
) -> Iterator[int]:
    """The whole bot in front of `chat`, without its pace; gives its process."""
    port = str(free_port())
    settings = {
        "YAHOO_URL": seen.yahoo.url,
        "HTTP_PORT": port,
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "ERROR",
    }
    if mode == "webhook":
        settings["TELEGRAM_WEBHOOK_URL"] = f"http://127.0.0.1:{port}/telegram/bench"
        settings["TELEGRAM_WEBHOOK_SECRET"] = SECRET
    given = [profile] if profile else []
    with _process("unpaced_process", chat.url, seen.runtime, *given, **settings) as pid:
        yield pid


@contextmanager
def _process(module: str, *arguments: str, **settings: str) -> Iterator[int]:
    environment = dict(os.environ) | settings  # noqa: TID251, a child's environment is ours to set
    command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    with subprocess.Popen(command, env=environment) as process:
        try:
            yield process.pid
        finally:
            process.terminate()


def _main(arguments: list[str]) -> None:
    if arguments:
        with world(1, runtime=0) as seen:
            sys.stdout.write(f"{_ours(seen, 'polling', arguments[0])}\n")
        return
    for row in rows():
        sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    _main(sys.argv[1:])
