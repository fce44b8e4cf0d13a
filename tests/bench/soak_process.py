"""The whole bot as a soak disturbs it: real wiring and settings, a clock that can be turned.

Three things differ from `python -m bot`: SIGUSR1 turns the clock by twelve days, one call in a
hundred to Telegram meets a port on which nobody listens, and the pace counts milliseconds where it
would count seconds, for no limit of Telegram's would let a soak end today.  What the log said is
told as JSON at the end.
"""

import asyncio
import json
import logging
import random
import signal
import socket
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from telegram.error import BadRequest
from telegram.request import HTTPXRequest
from uvicorn.loops.auto import auto_loop_factory

from bot import logs
from bot.edges.telegram import application
from bot.edges.telegram.pace import Pace
from bot.errors import ForecastError, StorageUnavailable
from bot.settings import read_settings
from bot.wiring import arenas, conversation, service

TURN = timedelta(days=12)
REFUSED = 0.01
"""How many calls meet a port on which nobody listens."""
FASTER = 1_000


class Clock:
    """Runs from a moment on, and can be turned."""

    def __init__(self, begins: datetime) -> None:
        self._begins = begins - timedelta(seconds=time.monotonic())

    def __call__(self) -> datetime:
        """The time of day, aware."""
        return self._begins + timedelta(seconds=time.monotonic())

    def turn(self, *_signal: object) -> None:
        """Show a later day from now on, at the same hour."""
        self._begins += TURN


class Said(logging.Handler):
    """Counts what is logged, and the tracebacks in it of what nobody foresaw."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: Counter[str] = Counter()
        self.tracebacks: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line."""
        self.lines[str(record.msg)] += 1
        error = record.exc_info[1] if record.exc_info else None
        if error and not _foreseen(error):
            self.tracebacks[f"{record.msg}: {error!r}"[:120]] += 1


def _foreseen(error: BaseException) -> bool:
    """Failures of ours; and plain text refused for its markup, which only ordered failures do."""
    twice = isinstance(error, BadRequest) and error.message.startswith("Can't parse entities")
    return twice or isinstance(error, (ForecastError, StorageUnavailable))


class Line(HTTPXRequest):
    """The way to Telegram, on which now and then nobody answers the door."""

    dice = random.Random(7)
    refused = 0
    nowhere = ""
    """Address of a port that is held, and on which nobody listens."""

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Carry a call, or meet a closed port with it."""
        if "/getUpdates" not in url and self.dice.random() < REFUSED:
            Line.refused += 1
            url = self.nowhere
        return await super().do_request(url, *args, **kwargs)


def main(begins: str, runtime: str) -> int:
    """Run until SIGTERM; gives the bot's exit code."""
    arenas.share()  # as `bot.__main__` does
    clock, said = Clock(datetime.fromisoformat(begins)), Said()
    signal.signal(signal.SIGUSR1, clock.turn)
    # The only seams to the wire and to the pace; everything else is as wiring builds it.
    vars(application).update(HTTPXRequest=Line)
    vars(conversation).update(Pace=lambda now: Pace(lambda: FASTER * now()))
    settings = read_settings()
    logs.configure(settings.log_level, [], as_json=False)
    logging.getLogger().addHandler(said)
    with socket.socket() as nobody, asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        nobody.bind(("127.0.0.1", 0))
        Line.nowhere = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        code = runner.run(service.serve(settings, (None, runtime), clock))
    told = {"refused": Line.refused, "lines": said.lines, "tracebacks": said.tracebacks}
    sys.stdout.write(json.dumps(told) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
