"""What `kill -9` at random moments of a broadcast costs: `python -m tests.bench.killing [KILLS]`.

A process sends to 1,000 chats; as soon as it has begun it is killed at a random moment, and
started again, until everybody was written to.  When a broadcast is over before there were enough
kills, there is another one.  Limits are lifted, and it sends as fast as it is told to.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.bench.rows import Row
from tests.bench.sending import Chat, Post, running_chat
from tests.postgresql_server import running_postgresql

KILLS = 100
CHATS = 1_000
PER_SECOND = 100
LONGEST_LIFE = 0.25
"""Seconds from its first message until it is killed."""


@dataclass(slots=True)
class Toll:
    """What kills cost.

    Attributes:
        kills: how many there were.
        lost: messages that never came.
        twice: messages that came once too often.
        worst: most of these that one kill caused.
    """

    kills: int = 0
    lost: int = 0
    twice: int = 0
    worst: int = 0


def rows(kills: int = KILLS, chats: int = CHATS) -> list[Row]:
    """The toll on either database."""
    with tempfile.TemporaryDirectory() as folder:
        sqlite = toll(Post(Path(folder)), kills, chats)
    with tempfile.TemporaryDirectory() as folder, _postgresql() as address:
        postgresql = toll(Post(Path(folder), address), kills, chats)
    return [*_told("SQLite", sqlite), *_told("PostgreSQL", postgresql)]


def _told(name: str, toll: Toll) -> list[Row]:
    title = f"kill -9, {toll.kills} times, {name}"
    return [
        Row(f"{title}: messages lost", toll.lost, "", 0),
        Row(f"{title}: messages twice", toll.twice, "", toll.kills),
        Row(f"{title}: most of these by one kill", toll.worst, "", 1),
    ]


@contextmanager
def _postgresql() -> Iterator[str]:
    with running_postgresql() as server:
        with closing(psycopg.connect(server.address("postgres"), autocommit=True)) as connection:
            connection.execute("CREATE DATABASE killing")
        yield server.address("killing")


def toll(post: Post, kills: int, chats: int, seed: int = 1) -> Toll:
    """Broadcast, each time to other chats, until there were enough kills; the rest undisturbed."""
    found, dice, wanted = Toll(), random.Random(seed), set[int]()
    with running_chat("none") as chat:
        while found.kills < kills:
            new = range(len(wanted) + 1, len(wanted) + chats + 1)
            wanted.update(new)
            post.queue(new, f"to {new}")
            while found.kills < kills and post.waiting():
                found.kills += 1
                _one_life(post, chat, dice.uniform(0, LONGEST_LIFE))
                # What a kill repeats comes in the life after it.
                _count(found, chat, wanted)
        while post.waiting():
            _rest_of_it(post, chat)
        _count(found, chat, wanted)
    return found


def _count(found: Toll, chat: Chat, wanted: set[int]) -> None:
    arrived = chat.arrived()
    twice = sum(arrived.values()) - len(arrived)
    found.worst = max(found.worst, twice - found.twice)
    found.twice = twice
    found.lost = len(wanted - arrived.keys())


def _one_life(post: Post, chat: Chat, seconds: float) -> None:
    with post.sending(chat.url, "--rate", str(PER_SECOND)) as process:
        time.sleep(seconds)
        process.kill()
        process.wait()


def _rest_of_it(post: Post, chat: Chat) -> None:
    """Send until nothing more has come for a while, and end in order."""
    seen = -1
    with post.sending(chat.url, "--rate", str(PER_SECOND)):
        while (now := sum(chat.arrived().values())) != seen:
            seen = now
            time.sleep(1)


if __name__ == "__main__":
    for row in rows(*map(int, sys.argv[1:])):
        sys.stdout.write(f"{row}\n")
