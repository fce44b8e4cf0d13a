"""What `kill -9` costs between SNS and the chat: `python -m tests.bench.alarms [ALARMS [KILLS]]`.

    boto3 ─publish─▶ SNS ─▶ SQS (moto) ─▶ relaying process, killed again and again ─▶ local chat

Every alarm has a name of its own, so that each can be looked for in the database and in the chat.
Once one by one, each alarm a message, and once as the storm that it is: told by digests.
"""

import random
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest

from bot.edges.database.opening import FILE
from tests.alarm_guard import body
from tests.bench.alarm_process import TEAM
from tests.bench.rows import Row
from tests.bench.sending import Chat, Post, running_chat
from tests.moto_server import REGION, aws_here, topic_into_queue

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

ALARMS, KILLS = 10_000, 20
ONE_BY_ONE = 10**9
HIDDEN_SECONDS = 2
"""For which a message that a killed process had received is nobody else's."""
AT_ONCE, MOST_WAITING = 10, 40
LONGEST_WAIT = 0.5
"""Seconds from the last publication until a kill."""
BEGAN = datetime(2026, 7, 29, 14, tzinfo=UTC)
PATIENCE = 900.0
"""Seconds without anything new after which what has not come is lost."""

_NAME = re.compile(r"alarme-\d{5}")


@dataclass(frozen=True, slots=True)
class Toll:
    """What became of the alarms.

    Attributes:
        stored: rows of alarms in the database.
        names: of how many different alarms.
        missing: alarms that no message in the chat names.
        twice: messages that came more than once.
        messages: in the chat.
        kills: how often the process was killed.
        seconds: from the first publication until the last alarm was read.
    """

    stored: int
    names: int
    missing: int
    twice: int
    messages: int
    kills: int
    seconds: float


def rows(alarms: int = ALARMS, kills: int = KILLS) -> list[Row]:
    """The toll, one by one and by digests."""
    return [
        *_told("one by one", toll(alarms, kills, ONE_BY_ONE)),
        *_told("as a storm", toll(alarms, kills)),
    ]


def _told(how: str, found: Toll) -> list[Row]:
    title = f"{found.names} alarms {how}, kill -9 {found.kills} times"
    return [
        Row(f"{title}: stored more than once", found.stored - found.names, "", 0),
        Row(f"{title}: not in the chat", found.missing, "", 0),
        Row(f"{title}: messages twice", found.twice, "", found.kills),
        Row(f"{title}: messages", found.messages, ""),
        Row(f"{title}: published to read", found.seconds, "s"),
    ]


def toll(alarms: int, kills: int, storm: int = 5, seed: int = 1) -> Toll:
    """Publish alarms while the process that relays them is killed at random moments."""
    dice = random.Random(seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as environment,
        aws_here(environment),
        running_chat("none") as chat,
    ):
        topic, queue = topic_into_queue(hidden_seconds=HIDDEN_SECONDS)
        post, options = Post(Path(folder)), ("--queue", queue, "--storm", str(storm))
        chat.ask("PUT", f"/chats/{TEAM.chat_id}", {"type": "supergroup", "title": "Operação"})
        began, done = time.monotonic(), 0
        relay = partial(post.sending, chat.url, *options, module="alarm_process")
        for part in _parts(alarms, kills, dice):
            with relay() as process:
                publish(topic, queue, part)
                done = part.stop
                time.sleep(dice.uniform(0, LONGEST_WAIT))
                process.kill()
                process.wait()
        with relay():
            publish(topic, queue, range(done, alarms))
            _until_read(chat, alarms)
        return _counted(Path(folder) / FILE, chat, alarms, kills, time.monotonic() - began)


def publish(topic: str, queue: str, numbers: range) -> None:
    """Let CloudWatch publish alarms of these numbers, as fast as they are taken out again.

    Each message that moto hands out costs it as much as there are in the queue.
    """
    session = boto3.Session(region_name=REGION)
    with closing(session.client("sns")) as sns, closing(session.client("sqs")) as sqs:
        for start in range(numbers.start, numbers.stop, AT_ONCE):
            some = range(start, min(start + AT_ONCE, numbers.stop))
            entries = [{"Id": str(each), "Message": _alarm(each)} for each in some]
            sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)  # type: ignore[arg-type]
            while _waiting(sqs, queue) > MOST_WAITING:
                time.sleep(0.02)


def _waiting(sqs: "SQSClient", queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]  # type: ignore[arg-type]
    return sum(map(int, found.values()))


def _alarm(number: int) -> str:
    return body(f"alarme-{number:05}", since=BEGAN + timedelta(seconds=number))


def _parts(alarms: int, kills: int, dice: random.Random) -> Iterator[range]:
    """What is published until each kill; the last part remains."""
    begins = 0
    for ends in sorted(dice.sample(range(1, alarms), kills)):
        yield range(begins, ends)
        begins = ends


def _texts(chat: Chat) -> list[str]:
    found = chat.ask("GET", f"/chats/{TEAM.chat_id}/messages")
    return [message["text"] for message in found if message["from"] == "bot"]


def _until_read(chat: Chat, alarms: int) -> None:
    seen, since = -1, time.monotonic()
    while seen < alarms and time.monotonic() - since < PATIENCE:
        time.sleep(1)
        now = len({name for text in _texts(chat) for name in _NAME.findall(text)})
        since = time.monotonic() if now != seen else since
        seen = now


def _counted(file: Path, chat: Chat, alarms: int, kills: int, seconds: float) -> Toll:
    with closing(sqlite3.connect(file)) as database:
        stored, names = database.execute(
            "SELECT count(*), count(DISTINCT identity) FROM alarms"
        ).fetchone()
    texts = Counter(_texts(chat))
    read = {name for text in texts for name in _NAME.findall(text)}
    return Toll(
        stored=stored,
        names=names,
        missing=alarms - len(read),
        twice=sum(texts.values()) - len(texts),
        messages=sum(texts.values()),
        kills=kills,
        seconds=seconds,
    )


if __name__ == "__main__":
    for row in rows(*map(int, sys.argv[1:])):
        sys.stdout.write(f"{row}\n")
