"""A process that relays alarms from a queue to a chat, to be killed.

    python -m tests.bench.alarm_process --chat URL --folder DIR --queue URL [--storm N]

Everything is as in the bot: queue, database, rounds and sender; only the group's pace is not.
Prints `sending` when it begins and ends when standard input closes.
"""

import argparse
import asyncio
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.domain.alarms.keeping import Routes
from bot.domain.places import Place
from bot.edges.aws.calls import sns_client, sqs_client
from bot.edges.aws.queue import SqsMailbox
from bot.edges.aws.topics import SnsTopics
from bot.edges.database.alarms import KeptAlarms
from bot.edges.database.opening import open_database
from bot.edges.database.outbox import KeptOutbox
from bot.edges.local_processes import LOCAL_TOKEN
from bot.edges.telegram.alarm_messages import TelegramAlarmMessages
from bot.edges.telegram.delivery import TelegramDelivery
from bot.edges.telegram.pace import Pace, Rates
from bot.edges.telegram.replying import ReplyingDelivery
from bot.edges.telegram.retries import PatientCalls
from bot.flow.alarms.intake import Intake
from bot.flow.alarms.names import Names
from bot.flow.alarms.postings import Postings
from bot.flow.alarms.queue_reading import QueueReader
from bot.flow.alarms.rounds import Rounds
from bot.flow.alarms.telling import Telling
from bot.flow.outbox.broadcast_reports import BroadcastReports
from bot.flow.outbox.sending import Sender, Timing
from bot.wording import alarms as words
from bot.wording.reports import broadcast_report

REGION = "sa-east-1"
TEAM = Place(-900)
RATE = 1_000
"""Messages a second, to one group too: what is measured is what is lost, not patience."""


def clock() -> datetime:
    """The machine's."""
    return datetime.now(UTC)  # noqa: TID251, a process of its own


async def run(options: argparse.Namespace) -> None:
    """Relay until standard input closes."""
    stop, pace = asyncio.Event(), Pace(time.monotonic, Rates(RATE, RATE, RATE, 60 * RATE))
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stop.set)
    http = HTTPXRequest(connection_pool_size=8, read_timeout=10)
    calls = PatientCalls(asyncio.sleep, pace)
    telling = Telling(words, Routes((TEAM,), {}), Names(), storm=options.storm)
    with closing(open_database(None, options.folder)) as database:
        alarms, outbox = KeptAlarms(database), KeptOutbox(database)
        async with ExtBot(
            LOCAL_TOKEN, f"{options.chat}/bot", request=http, rate_limiter=calls
        ) as bot:
            sender = Sender(
                outbox,
                ReplyingDelivery(bot, TelegramDelivery(bot), alarms.answered),
                pace,
                BroadcastReports(outbox, (), broadcast_report),
                Timing(clock, time.monotonic, asyncio.sleep),
            )
            postings = Postings(alarms, telling, TelegramAlarmMessages(bot), None, time.monotonic)
            rounds = Rounds(alarms, telling, postings, None, clock, sender.nudge, asyncio.sleep)
            topics = SnsTopics(sns_client)
            intake = Intake(alarms, telling, frozenset(), topics, clock, sender.nudge)
            mailbox = SqsMailbox(sqs_client(REGION), options.queue, seconds=1)
            reader = QueueReader(mailbox, intake, frozenset(), asyncio.sleep)
            sys.stdout.write("sending\n")
            sys.stdout.flush()
            async with asyncio.TaskGroup() as group:
                for part in (sender, rounds, reader):
                    group.create_task(part.run(stop))


def main(arguments: list[str]) -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--chat", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--queue", required=True)
    parser.add_argument("--storm", type=int, default=5)
    asyncio.run(run(parser.parse_args(arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
