"""What single faults in the middle of a broadcast cost: `python -m tests.bench.faults [CHATS]`.

For each fault there is a broadcast to chats of its own, from one real process through a cable to
the local chat.  Known failures may cost nothing; only an answer that is lost after delivery, and
a line that breaks in the middle of a call, may bring one message twice.
"""

import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.edges.database.opening import FILE
from tests.bench.cable import Cable, plugged_in
from tests.bench.rows import Row
from tests.bench.sending import Chat, Post, running_chat

CHATS = 200
PER_SECOND = "100"
SECONDS_AWAY = 30.0
SECONDS_LOCKED = 8.0
"""Longer than a transaction waits for somebody else's lock."""

LONGEST_FILE = 64 * 1024
"""Bytes; the database's own log of changes is longer by then."""
GROUP, SUPERGROUP = -5, -1005
GIVEN_UP = 180.0
"""Seconds after which what has not come is lost."""
LEFT = "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')"


@dataclass(frozen=True, slots=True)
class Scene:
    """What can be disturbed: the chat, the cable to it, the sending process and its database."""

    chat: Chat
    cable: Cable
    process: subprocess.Popen[str]
    post: Post
    chats: range

    def fault(self, **how: object) -> None:
        """Order a failure of the chat."""
        self.chat.ask("POST", "/faults", {"method": "sendMessage", **how})

    @property
    def later(self) -> int:
        """A chat whose turn comes after the fault."""
        return self.chats[-1]


def _flood(scene: Scene) -> None:
    scene.fault(status=429, retry_after=2, times=2)


def _gateway(scene: Scene) -> None:
    scene.fault(status=502, times=4)


def _away(scene: Scene) -> None:
    scene.cable.cut()
    time.sleep(SECONDS_AWAY)
    scene.cable.mend()


def _blocked(scene: Scene) -> None:
    scene.chat.ask("PUT", f"/chats/{scene.later}", {"blocked": True})


def _moved(scene: Scene) -> None:
    scene.chat.ask("PUT", f"/chats/{GROUP}", {"migrate_to": SUPERGROUP})


def _markup(scene: Scene) -> None:
    scene.fault(status=400, description="Bad Request: can't parse entities: unexpected end")


def _lost_answer(scene: Scene) -> None:
    scene.fault(drop=True)


def _slow_answer(scene: Scene) -> None:
    scene.fault(delay=5)


def _locked(scene: Scene) -> None:
    other = sqlite3.connect(scene.post.folder / FILE, isolation_level=None, timeout=10)
    other.execute("BEGIN IMMEDIATE")
    time.sleep(SECONDS_LOCKED)
    other.close()


def _disk_full(scene: Scene) -> None:
    """No file may be longer than a log, which is how a full disk looks to a database."""
    before = resource.prlimit(scene.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(scene.process.pid, resource.RLIMIT_FSIZE, (LONGEST_FILE, before[1]))
    time.sleep(SECONDS_LOCKED)
    resource.prlimit(scene.process.pid, resource.RLIMIT_FSIZE, before)


def _hour_on(scene: Scene) -> None:
    scene.process.send_signal(signal.SIGUSR1)


def _hour_back(scene: Scene) -> None:
    scene.process.send_signal(signal.SIGUSR2)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that happens half-way.

    Attributes:
        name: for the report.
        happens: makes it happen.
        noticed: what the log says when the sender has met it; empty when it says nothing.
        may_repeat: how many messages it may bring twice.
    """

    name: str
    happens: Callable[[Scene], None]
    noticed: str = "message not sent"
    may_repeat: int = 0


NO_DATABASE = "nothing sent without the database"
FAULTS = (
    Fault("429, retry after 2 s, twice", _flood),
    Fault("502, four times", _gateway),
    Fault("no connection for 30 s", _away, may_repeat=1),
    Fault("403, bot was blocked", _blocked),
    Fault("group became a supergroup", _moved),
    Fault("can't parse entities", _markup, "message simplified"),
    Fault("answer lost after delivery", _lost_answer, may_repeat=1),
    Fault("answer too late", _slow_answer, may_repeat=1),
    Fault("database locked for 8 s", _locked, NO_DATABASE),
    Fault("disk full for 8 s", _disk_full, NO_DATABASE),
    Fault("clock turned on by an hour", _hour_on, ""),
    Fault("clock turned back by an hour", _hour_back, ""),
)


def rows(chats: int = CHATS) -> list[Row]:
    """Messages lost and messages twice, fault by fault."""
    found = []
    with running_chat("none") as chat, plugged_in(chat.url) as cable:
        for number, fault in enumerate(FAULTS):
            with tempfile.TemporaryDirectory() as folder:
                mine = range(number * 10_000 + 1, number * 10_000 + 1 + chats)
                lost, twice = _broadcast(Post(Path(folder)), chat, cable, mine, fault)
            found += [
                Row(f"fault: {fault.name}: messages lost", lost, "", 0),
                Row(f"fault: {fault.name}: messages twice", twice, "", fault.may_repeat),
            ]
    return found


def _broadcast(post: Post, chat: Chat, cable: Cable, chats: range, fault: Fault) -> tuple[int, int]:
    """How many messages are lost and how many come twice when `fault` happens half-way."""
    targets, wanted = list(chats), list(chats)
    if fault.happens is _moved:
        chat.ask("PUT", f"/chats/{GROUP}", {"type": "group", "title": "Ops"})
        targets, wanted = [*chats, GROUP], [*chats, SUPERGROUP]
    if fault.happens is _blocked:
        wanted = wanted[:-1]
    post.queue(targets, "aviso")
    with post.sending(cable.url, "--rate", PER_SECOND) as process:
        chat.next_message(chats[len(chats) // 2])
        fault.happens(Scene(chat, cable, process, post, chats))
        _until_sent(post)
    if fault.noticed not in post.log():
        raise RuntimeError(f"{fault.name}: the sender has not met it")
    counts = [chat.sent_to(one) for one in wanted]
    return counts.count(0), sum(counts) - len(counts) + counts.count(0)


def _until_sent(post: Post) -> None:
    deadline = time.monotonic() + GIVEN_UP
    database = sqlite3.connect(post.folder / FILE, isolation_level=None)
    with closing(database):
        while database.execute(LEFT).fetchone()[0] and time.monotonic() < deadline:
            time.sleep(0.2)


if __name__ == "__main__":
    for row in rows(*map(int, sys.argv[1:])):
        sys.stdout.write(f"{row}\n")
