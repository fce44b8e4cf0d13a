"""A local chat without limits in which many people write, and how soon they are all answered."""

import http.client
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.edges.local_processes import LOCAL_TOKEN, LocalProcess
from tests.bench.ours import STARTED
from tests.share_bars import at

LOOK_SECONDS = 0.05
GIVEN_UP = 180.0
"""Seconds without any further answer."""
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class CrowdedChat:
    """The chat, spoken to over one connection.

    Attributes:
        url: its address.
        pid: of its process.
    """

    url: str
    pid: int
    _line: http.client.HTTPConnection

    def write(self, text: str, chats: int, each: int = 1) -> int:
        """Everybody writes `text`, so many times; gives how many messages there are then."""
        body = json.dumps({"text": text, "from": {"id": 1}})
        for _ in range(each):
            for chat in range(1, chats + 1):
                self._ask("POST", f"/chats/{chat}/messages", body)
        return self.messages()

    def messages(self) -> int:
        """How many messages there are in all chats, answers included."""
        return sum(chat["last_message_id"] for chat in self._ask("GET", "/chats"))

    def reach(self, messages: int) -> float:
        """Wait until there are so many; gives the time of day in seconds at which there were.

        Raises:
            TimeoutError: no more come.
        """
        deadline = time.perf_counter() + GIVEN_UP
        while (found := self.messages()) < messages:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{found} messages, {messages} expected")
            time.sleep(LOOK_SECONDS)
        return time.perf_counter()

    def _ask(self, method: str, path: str, body: str | None = None) -> Any:
        self._line.request(method, path, body, {"content-type": "application/json"})
        answer = self._line.getresponse()
        found = json.loads(answer.read())
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path}: {found}")
        return found


@contextmanager
def crowded_chat() -> Iterator[CrowdedChat]:
    """A chat of its own, at the time of day at which bots of the bench start."""
    given = ("--chat-port", "0", "--token", LOCAL_TOKEN, "--limits", "none")
    process = LocalProcess.start("deploy.local", *given, "--at", at(STARTED).isoformat())
    try:
        url = process.urls()[0]
        line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        yield CrowdedChat(url, process.process.pid, line)
        line.close()
    finally:
        process.close()


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, all threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK
