"""The processes of a measured broadcast: the strict local chat, and one that sends.

Post.queue() ─▶ database ─▶ sending process ─▶ local chat ─▶ Post.arrived()
"""

import asyncio
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.domain.outbox import Content, Kind, Occasion
from bot.domain.places import Place
from bot.edges.database.opening import open_database
from bot.edges.database.outbox import KeptOutbox
from bot.edges.local_processes import LOCAL_TOKEN, LocalProcess
from tests.bench.sending_process import BEGINS

SESSION = date(2026, 7, 29)


@dataclass(frozen=True, slots=True)
class Chat:
    """A running local chat, spoken to as people do."""

    url: str

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request of people's side.

        Raises:
            RuntimeError: it was refused.
        """
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=90)
        with closing(connection):
            told = json.dumps(body) if body is not None else None
            connection.request(method, path, told, {"content-type": "application/json"})
            answer = connection.getresponse()
            found = json.loads(answer.read())
        if answer.status != http.client.OK:
            raise RuntimeError(f"{method} {path}: {found}")
        return found

    def next_message(self, chat_id: int, after: int = 0) -> None:
        """Wait until a chat has a message after another."""
        path = f"/chats/{chat_id}/messages?after={after}&wait=60"
        while not any(message["from"] == "bot" for message in self.ask("GET", path)):
            pass

    def sent_to(self, chat_id: int) -> int:
        """How many messages of the bot a chat has."""
        found = self.ask("GET", f"/chats/{chat_id}/messages")
        return sum(message["from"] == "bot" and bool(message["text"]) for message in found)

    def arrived(self) -> dict[int, int]:
        """How many messages each chat has, by its number."""
        return {chat["id"]: chat["last_message_id"] for chat in self.ask("GET", "/chats")}


@contextmanager
def running_chat(limits: str = "30/1/20") -> Iterator[Chat]:
    """A local chat of its own, with limits as `deploy.local --limits` reads them."""
    process = LocalProcess.start(
        "deploy.local", "--chat-port", "0", "--token", LOCAL_TOKEN, "--limits", limits
    )
    try:
        yield Chat(process.urls()[0])
    finally:
        process.close()
        if process.process.stdout:
            process.process.stdout.close()


@dataclass(frozen=True, slots=True)
class Post:
    """A database to send from.

    Attributes:
        folder: where SQLite's file is.
        address: of a PostgreSQL database; None for SQLite.
    """

    folder: Path
    address: str | None = None

    def queue(self, chats: Sequence[int], subject: str, text: str = "<b>Bom dia</b>") -> None:
        """Queue one message for each chat; no process may be sending meanwhile."""
        occasion = Occasion(Kind.NOTICE, subject, SESSION)
        places = [Place(chat) for chat in chats]
        with closing(open_database(self.address, self.folder)) as database:
            put = KeptOutbox(database).put(places, occasion, Content(text), now=BEGINS)
            asyncio.run(put)

    def waiting(self) -> int:
        """How many messages wait, while no process is sending."""
        with closing(open_database(self.address, self.folder)) as database:
            outbox = KeptOutbox(database)
            asyncio.run(outbox.recover())
            return asyncio.run(outbox.backlog(BEGINS)).waiting

    def log(self) -> str:
        """What sending processes have complained of."""
        return self._log.read_text(encoding="utf-8")

    @property
    def _log(self) -> Path:
        return self.folder / "complaints"

    @contextmanager
    def sending(
        self, chat: str, *options: str, module: str = "sending_process"
    ) -> Iterator[subprocess.Popen[str]]:
        """A process that has begun to send; ended in order unless it was killed."""
        command = [sys.executable, "-m", f"tests.bench.{module}", "--chat", chat]
        environment: Mapping[str, str] = dict(os.environ)  # noqa: TID251, a child's is ours to set
        if self.address:
            environment = {**environment, "DATABASE_URL": self.address}
        with (
            self._log.open("a") as log,
            subprocess.Popen(
                [*command, "--folder", str(self.folder), *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment,
            ) as process,
        ):
            if process.stdout is None or process.stdout.readline() != "sending\n":
                raise RuntimeError(f"the sending process did not begin: {self.log()}")
            yield process
            if process.poll() is None and process.stdin:
                process.stdin.close()
                process.wait(30)
