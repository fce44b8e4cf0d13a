"""How fast a broadcast goes out, and who waits for it: `python -m tests.bench.broadcast [CHATS]`.

One process sends to CHATS chats and answers a person who asks /hoje again and again.  The chat
keeps Telegram's limits, so a message too many would be refused, and tried again.
"""

import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bot.edges.telegram.pace import PUSHED_PER_SECOND
from tests.bench.rows import Row
from tests.bench.sending import Chat, Post, running_chat

CHATS = 1_000
ALLOWED = 1 / 0.97 - 1
"""How much longer than at the full rate it may take: 97 % of the rate."""
PERSON = 900_000_001
PAUSE = 1.0
"""Seconds between an answer and the next question."""
AGAIN = ("telegram call tried again", "message not sent")
"""What the log says of a call that was refused."""


@dataclass(slots=True)
class Person:
    """Somebody who asks until told to stop; `waited` is in milliseconds."""

    chat: Chat
    waited: list[float] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """Ask, read the answer, and again; the first answer draws the picture."""
        while not self.enough.wait(PAUSE):
            began = time.perf_counter()
            question = {"text": "/hoje", "from": {"id": PERSON}}
            asked = self.chat.ask("POST", f"/chats/{PERSON}/messages", question)
            self.chat.next_message(PERSON, after=asked["message_id"])
            self.waited.append(1e3 * (time.perf_counter() - began))


def rows(chats: int = CHATS) -> list[Row]:
    """Rate and latencies, from the first message to the last."""
    with tempfile.TemporaryDirectory() as folder, running_chat() as chat:
        post, person = Post(Path(folder)), Person(chat)
        post.queue(range(1, chats + 1), "broadcast")
        asking = threading.Thread(target=person.ask)
        with post.sending(chat.url, module="answering_process"):
            asking.start()
            chat.next_message(1)
            began = time.perf_counter()
            chat.next_message(chats)
            taken = time.perf_counter() - began
            person.enough.set()
            asking.join()
        arrived = chat.arrived()
        lost = sum(arrived.get(one, 0) != 1 for one in range(1, chats + 1))
        again = sum(post.log().count(line) for line in AGAIN)
    return _told(chats, taken, lost, again, person.waited)


def _told(chats: int, taken: float, lost: int, again: int, waited: list[float]) -> list[Row]:
    messages = chats - 1 + len(waited)  # Telegram counts answers too
    least = messages / PUSHED_PER_SECOND
    title, asked = f"broadcast to {chats:,} chats", f"/hoje meanwhile, {len(waited):,} times"
    return [
        Row(f"{title}: messages a second, answers included", messages / taken, "/s"),
        Row(f"{title}: longer than at 28 a second", 100 * (taken / least - 1), "%", 100 * ALLOWED),
        Row(f"{title}: chats without exactly one", lost, "", 0),
        Row(f"{title}: calls refused and repeated", again, "", 0),
        Row(f"{asked}: median", statistics.median(waited), "ms", 150),
        Row(f"{asked}: p95", statistics.quantiles(waited, n=20)[-1], "ms"),
        Row(f"{asked}: longest", max(waited), "ms"),
    ]


if __name__ == "__main__":
    for row in rows(*map(int, sys.argv[1:])):
        sys.stdout.write(f"{row}\n")
