"""What the death of the sending replica costs: `python -m tests.bench.replicas [KILLS]`.

Two real bots share a PostgreSQL.  In the middle of a broadcast the one that holds the lease is
killed with SIGKILL; the other goes on with it, and a new one takes the place of the dead one.
"""

import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bot.edges.local_processes import StandIns
from bot.settings import SHIPPED_ARTIFACT
from tests.bench.rows import Row
from tests.bench.sending import running_chat
from tests.postgresql_server import running_postgresql
from tests.records import emptied_database, prepare
from tests.starting.bots import (
    SESSION,
    Bot,
    Chat,
    Settings,
    eventually,
    free_port,
    real_endpoint,
    real_telegram,
    started,
    write_closes,
)
from tests.starting.post import queued, toll

KILLS = 20
READERS = 60
TAKEN = "lease taken"


def rows(kills: int = KILLS) -> list[Row]:
    """Seconds until the other one sends, and what was lost or came twice."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        chat = Chat(running.enter_context(running_chat("none")).url)
        server = running.enter_context(running_postgresql())
        prepare(server)
        settings = {
            "CLOSES": write_closes(Path(folder) / "closes"),
            "DATA_DIR": folder,
            "DATABASE_URL": emptied_database(server),
            **real_endpoint(str(StandIns.start(SHIPPED_ARTIFACT, None, running).urls()[1])),
            **real_telegram(chat.url),
        }
        waits, tolls = _killed_one_after_the_other(kills, settings, chat, running)
    title = f"holder of the lease killed {kills} times in a broadcast"
    return [
        Row(f"{title}: longest until the other sends", max(waits), "s", 30),
        Row(f"{title}: the same on average", sum(waits) / kills, "s"),
        Row(f"{title}: messages lost", sum(lost for lost, _ in tolls), "", 0),
        Row(f"{title}: most messages twice in one", max(twice for _, twice in tolls), "", 1),
    ]


def _killed_one_after_the_other(
    kills: int, settings: Settings, chat: Chat, running: ExitStack
) -> tuple[list[float], list[tuple[int, int]]]:
    holder, other = _up(0, settings, running, TAKEN), _up(1, settings, running)
    waits, tolls = list[float](), list[tuple[int, int]]()
    for number in range(kills):
        readers = range(number * READERS + 1, (number + 1) * READERS + 1)
        queued(settings, readers, f"to {readers}")
        waits.append(_handed_over(holder, other, chat, readers))
        tolls.append(toll(chat, readers))
        holder, other = other, _up(number + 2, settings, running)
    return waits, tolls


def _handed_over(holder: Bot, other: Bot, chat: Chat, readers: range) -> float:
    """Kill the holder half-way; gives the seconds until the other had the lease."""
    eventually(lambda: len(chat.counts().keys() & set(readers)) > READERS / 3)
    holder.killed()
    began = time.monotonic()
    other.has_logged(TAKEN)
    taken = time.monotonic() - began
    eventually(lambda: toll(chat, readers)[0] == 0)
    return taken


def _up(number: int, settings: Settings, running: ExitStack, event: str = "Application st") -> Bot:
    """Another bot; it only sends, so each may have a webhook of its own."""
    port = str(free_port())
    own = {
        "DATA_DIR": f"{settings['DATA_DIR']}/{number}",
        "HTTP_PORT": port,
        "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram/bot",
        "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-the-webhook",
    }
    bot = running.enter_context(started({**settings, **own}, "--at", f"{SESSION}T11:00"))
    bot.has_logged(event)
    return bot


if __name__ == "__main__":
    for row in rows(*map(int, sys.argv[1:])):
        sys.stdout.write(f"{row}\n")
