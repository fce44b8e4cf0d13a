"""Two processes on one PostgreSQL behind one address: both answer, one of them sends."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import psycopg
import pytest

from bot.edges.database.engines import LEASE
from tests.bench.cable import Cable, plugged_in
from tests.postgresql_server import Server
from tests.records import emptied_database
from tests.starting.bots import SESSION, Bot, Chat, Settings, eventually, free_port, started
from tests.starting.post import queued, toll

READERS = range(1, 81)

pytest_plugins = ["tests.databases"]
pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Replicas:
    """Two running processes; the first holds the lease.

    Attributes:
        door: the address that Telegram posts to, which leads to the first of `pages`.
        pages: where either listens.
    """

    first: Bot
    second: Bot
    door: Cable
    pages: tuple[str, str]
    address: str

    def begin_broadcast(self, settings: Settings, chat: Chat) -> None:
        """Queue something for many, and wait until some have read it."""
        queued(settings, READERS, "Bom dia")
        eventually(lambda: len(chat.counts()) > len(READERS) / 3)

    def lose_connections(self) -> None:
        """The server takes the first one for dead, as it does with a machine that is."""
        with closing(psycopg.connect(self.address, autocommit=True)) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks "
                "WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = %s",
                [LEASE],
            )


@pytest.fixture
def settings(served: Settings, postgresql: Server) -> Settings:
    """Settings of either, but for what is its own."""
    return {**served, "DATABASE_URL": emptied_database(postgresql)}


@pytest.fixture
def replicas(settings: Settings) -> Iterator[Replicas]:
    """Both, in webhook mode."""
    ports = (free_port(), free_port())
    pages = tuple(f"http://127.0.0.1:{port}" for port in ports)
    with plugged_in(pages[0]) as door:
        webhook = {
            "TELEGRAM_WEBHOOK_URL": f"{door.url}/telegram/bot",
            "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-the-webhook",
        }
        own = [
            {
                **settings,
                **webhook,
                "HTTP_PORT": str(port),
                "DATA_DIR": f"{settings['DATA_DIR']}/{port}",
            }
            for port in ports
        ]
        at = ("--at", f"{SESSION}T11:00")
        with started(own[0], *at) as first:
            first.has_logged("lease taken")
            with started(own[1], *at) as second:
                second.has_logged("Application started")
                yield Replicas(first, second, door, (pages[0], pages[1]), settings["DATABASE_URL"])


def test_either_answers_and_the_other_takes_over(
    replicas: Replicas, settings: Settings, chat: Chat
) -> None:
    """A machine may die at any moment; nobody notices but the one whose message was on its way."""
    answers = [chat.says("/hoje", chat=901)]
    replicas.door.far = replicas.pages[1]
    replicas.door.cut()
    replicas.door.mend()
    answers.append(chat.says("/hoje", chat=901))
    replicas.begin_broadcast(settings, chat)
    replicas.first.killed()
    lost, _ = toll(chat, READERS)
    eventually(lambda: toll(chat, READERS)[0] == 0)

    assert answers[0] == answers[1]
    assert replicas.second.terminated() == 0  # what waits is sent before it ends
    assert lost > 0  # it was in the middle
    assert toll(chat, READERS) in {(0, 0), (0, 1)}


def test_a_holder_that_was_frozen_repeats_little(
    replicas: Replicas, settings: Settings, chat: Chat
) -> None:
    """A machine that hangs is taken for dead; when it wakes up, another has taken over."""
    replicas.begin_broadcast(settings, chat)
    os.kill(replicas.first.process.pid, signal.SIGSTOP)
    try:
        replicas.lose_connections()
        replicas.second.has_logged("lease taken")
        before = len(chat.counts())
        eventually(lambda: len(chat.counts()) > min(before + 10, len(READERS) - 1))
    finally:
        os.kill(replicas.first.process.pid, signal.SIGCONT)
    replicas.first.has_logged("lease lost")
    eventually(lambda: toll(chat, READERS)[0] == 0)
    replicas.second.terminated()

    assert toll(chat, READERS) in {(0, 0), (0, 1)}
