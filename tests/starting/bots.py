"""Real processes of `python -m bot`, what they log, and patience with them.

A bot's log goes to a file, so that it never waits for somebody to read it.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from bot.edges.local_processes import LOCAL_ENDPOINT, LOCAL_TOKEN
from tests.share_bars import at, walk

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds after which what has not happened never will."""

SESSION = "2026-07-29"
"""A Wednesday on which B3 trades from 10:00 to 17:00."""

Settings = Mapping[str, str]
T = TypeVar("T")


def write_closes(folder: Path) -> str:
    """Files of one share's closes up to the session; gives the setting that names them."""
    folder.mkdir()
    rows = [f"{bar.session},{bar.close}" for bar in walk(at(f"{SESSION}T00:00").date())]
    (folder / "ITUB4.SA.csv").write_text("\n".join(["date,close", *rows]), encoding="utf-8")
    return f"csv:{folder}"


def real_endpoint(url: str) -> Settings:
    """Settings of a bot that asks the endpoint of an account; `url` takes AWS's place."""
    return {
        "SAGEMAKER_ENDPOINT": LOCAL_ENDPOINT,
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": url,
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLEEXAMPLE00",
        "AWS_SECRET_ACCESS_KEY": "an-invented-key",
    }


def real_telegram(url: str) -> Settings:
    """Settings of a bot with a token; `url` takes Telegram's place."""
    return {"TELEGRAM_TOKEN": LOCAL_TOKEN, "TELEGRAM_API_URL": url}


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot."""

    process: subprocess.Popen[bytes]
    file: Path

    def log(self) -> str:
        """Everything that it has written so far."""
        return self.file.read_text(encoding="utf-8")

    def has_logged(self, event: str) -> None:
        """Wait until it has written `event`; a bot that has ended will not."""
        eventually(lambda: event in self.log() or self.process.poll() is not None)

        assert event in self.log(), self.log()

    def ended(self) -> int:
        """Wait for its end; gives the exit code."""
        return self.process.wait(PATIENCE)

    def terminated(self) -> int:
        """Stop it as a supervisor does; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def interrupted(self) -> None:
        """Press Ctrl-C, which signals a whole group of processes."""
        os.killpg(self.process.pid, signal.SIGINT)

    def killed(self) -> None:
        """Stop it as the kernel does when memory runs out."""
        self.process.kill()
        self.ended()


@contextmanager
def started(settings: Settings, *arguments: str, program: str = "") -> Iterator[Bot]:
    """A bot that runs until the block ends; `program` is run in its place if given."""
    file = Path(settings["DATA_DIR"]) / "log"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *(["-c", program] if program else ["-m", "bot"]), *arguments],
            env=environment(settings),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    try:
        yield Bot(process, file)
    finally:
        process.terminate()  # and its stand-ins with it, so that their ports are free again
        process.wait(PATIENCE)


def ran(settings: Settings, *arguments: str) -> tuple[int, str]:
    """Exit code and output of a command, or of a bot that does not start."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment(settings),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout


def environment(settings: Settings) -> dict[str, str]:
    """This process's own, and the settings."""
    return {**os.environ, **settings}  # noqa: TID251, a child's environment is ours to set


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def eventually(look: Callable[[], T | None], otherwise: Callable[[], object] = str) -> T:
    """Look again until there is something to see; `otherwise` tells what there was instead."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if found := look():
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise AssertionError(f"nothing happened: {otherwise()}")


@dataclass(frozen=True, slots=True)
class Chat:
    """A local chat in a process of its own, spoken to as people do."""

    url: str

    def asked(self, method: str, path: str, body: object = None) -> Any:
        """One request of people's side."""
        answer = httpx.request(method, f"{self.url}{path}", json=body, timeout=PATIENCE)
        answer.raise_for_status()
        return answer.json()

    def fault(self, method: str, **how: object) -> None:
        """Order a failure of the next calls of a method."""
        self.asked("POST", "/faults", {"method": method, **how})

    def writes(self, text: str, chat: int = 1) -> int:
        """Somebody writes; gives the message's number."""
        message = {"text": text, "from": {"id": abs(chat)}}
        posted = eventually(lambda: self.asked("POST", f"/chats/{chat}/messages", message))
        return int(posted["message_id"])

    def read(self, chat: int = 1, after: int = 0) -> list[str]:
        """What the bot has written into a chat, oldest first."""
        found = self.asked("GET", f"/chats/{chat}/messages?after={after}")
        return [str(one.get("caption") or one["text"]) for one in found if one["from"] == "bot"]

    def says(self, text: str, chat: int = 1) -> str:
        """What the bot answers to `text`."""
        number = self.writes(text, chat)
        return eventually(lambda: self.read(chat, number))[0]

    def counts(self) -> dict[int, int]:
        """How many messages each chat has."""
        return {chat["id"]: chat["last_message_id"] for chat in self.asked("GET", "/chats")}
