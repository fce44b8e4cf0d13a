"""A process that sends what waits in a database, to be watched, disturbed and killed.

    python -m tests.bench.sending_process --chat URL --folder DIR [--rate N]

Reads `DATABASE_URL` from the environment as the bot does; prints `sending` when it begins and ends
when standard input closes.  SIGUSR1 and SIGUSR2 turn its clock on and back by an hour.
"""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.domain.sessions import SAO_PAULO
from bot.edges.database.opening import open_database
from bot.edges.database.outbox import KeptOutbox
from bot.edges.local_processes import LOCAL_TOKEN
from bot.edges.telegram.delivery import TelegramDelivery
from bot.edges.telegram.pace import Pace, Rates
from bot.edges.telegram.retries import PatientCalls
from bot.flow.outbox.broadcast_reports import BroadcastReports
from bot.flow.outbox.sending import Sender, Timing
from bot.wording.reports import broadcast_report

HOUR = timedelta(hours=1)

BEGINS = datetime(2026, 7, 29, 9, tzinfo=SAO_PAULO)
"""Its time of day at the start: a session that has not opened, when subscribers are written to."""


class Clock:
    """A time of day that runs, and can be turned."""

    def __init__(self) -> None:
        self._now = BEGINS - timedelta(seconds=time.monotonic())

    def __call__(self) -> datetime:
        """The time of day, aware."""
        return self._now + timedelta(seconds=time.monotonic())

    def turn(self, by: timedelta) -> None:
        """Show another time from now on."""
        self._now += by


Telegram = Callable[[str, PatientCalls, Clock], AbstractAsyncContextManager[ExtBot[Any]]]
"""Opens the bot that sends: at the address of the chat, with these calls, at this time."""


def main(arguments: list[str], telegram: Telegram | None = None) -> None:
    """Send until standard input closes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--chat", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rate", type=int, default=0)
    parser.add_argument("--in-flight", type=int, default=1)
    asyncio.run(_run(parser.parse_args(arguments), telegram or _bare))


async def _run(options: argparse.Namespace, telegram: Telegram) -> None:
    rate = options.rate
    pace = Pace(time.monotonic, Rates(rate, rate, rate, 60 * rate) if rate else None)
    calls = PatientCalls(asyncio.sleep, pace)
    stop, clock = asyncio.Event(), Clock()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, clock.turn, HOUR)
    loop.add_signal_handler(signal.SIGUSR2, clock.turn, -HOUR)
    loop.add_reader(sys.stdin.fileno(), stop.set)
    address = os.environ.get("DATABASE_URL")  # noqa: TID251, a process of its own
    with closing(open_database(address, options.folder)) as database:
        outbox = KeptOutbox(database)
        async with telegram(options.chat, calls, clock) as bot:
            sender = Sender(
                outbox,
                TelegramDelivery(bot),
                pace,
                BroadcastReports(outbox, (), broadcast_report),
                Timing(clock, time.monotonic, asyncio.sleep),
                options.in_flight,
            )
            sys.stdout.write("sending\n")
            sys.stdout.flush()
            await sender.run(stop)


@asynccontextmanager
async def _bare(chat: str, calls: PatientCalls, clock: Clock) -> AsyncIterator[ExtBot[Any]]:
    """A bot that hears nothing."""
    del clock
    http = HTTPXRequest(connection_pool_size=8, read_timeout=3)
    async with ExtBot(LOCAL_TOKEN, f"{chat}/bot", request=http, rate_limiter=calls) as bot:
        yield bot


if __name__ == "__main__":
    main(sys.argv[1:])
