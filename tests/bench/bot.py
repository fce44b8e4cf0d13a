"""How fast the bot answers a newcomer: `python -m bot` with its stand-ins, through the chat's HTTP.

Starts the bot as `make run` does, on made-up closes of many shares at a fixed time, and chats with
it.  An answer's time runs from the moment that a person's message is posted until the bot's can be
read.
"""

import csv
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.rows import Row
from tests.share_bars import at, walk

SHARES = tuple(
    f"{letters}3" for letters in ("ABEV", "BBAS", "CMIG", "EQTL", "GGBR", "ITUB", "LREN")
)
AT = "2026-07-28T11:00"
REUSED = 200
SECONDS_BETWEEN = 0.06
"""Keeps below the 30 messages a second that the local chat allows, as Telegram does."""


def rows() -> list[Row]:
    """Start the bot, talk to it, end it."""
    with tempfile.TemporaryDirectory() as folder, _bot(Path(folder)) as bot:
        first = bot.answered("/hoje itub3", 1)
        started = time.perf_counter() - bot.began
        drawn = [bot.answered(f"/hoje {share}", 2 + n) for n, share in enumerate(SHARES[:5])]
        drawn += [bot.answered(f"/proximos {share}", 10 + n) for n, share in enumerate(SHARES)]
        reused = [bot.answered("/hoje itub3", 100 + n) for n in range(REUSED)]
        memory = bot.resident_megabytes()
    return [
        Row("bot: process start until the first /hoje is read", started, "s", 4),
        Row("bot: of which waiting for that answer", first / 1e3, "s"),
        *_latencies("picture re-used", reused, 40),
        *_latencies("picture drawn", drawn, 400),
        *(Row(f"memory: {name}", size, "MB") for name, size in memory.items()),
        Row("memory: bot, endpoint and chat together", sum(memory.values()), "MB", 350),
    ]


def _latencies(name: str, taken: list[float], bar: float) -> list[Row]:
    told = f"bot: {name}, {len(taken)} answers"
    return [
        Row(f"{told}, median", statistics.median(taken), "ms", bar),
        Row(f"{told}, p95", statistics.quantiles(taken, n=20)[-1], "ms"),
    ]


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot, and the chat in front of it."""

    process: subprocess.Popen[bytes]
    began: float
    port: int

    def answered(self, text: str, chat: int) -> float:
        """Milliseconds from posting `text` until the bot's answer can be read."""
        time.sleep(SECONDS_BETWEEN)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        began = time.perf_counter()
        sent = _asked(
            connection, "POST", f"/chats/{chat}/messages", {"text": text, "from": {"id": 1}}
        )
        answer: list[dict[str, Any]] = []
        while not any(message["from"] == "bot" for message in answer):
            after = f"/chats/{chat}/messages?after={sent['message_id']}&wait=10"
            answer = _asked(connection, "GET", after)
        taken = time.perf_counter() - began
        connection.close()
        if not answer[-1].get("photo"):
            raise RuntimeError(f"{text}: {answer}")
        return taken * 1e3

    def resident_megabytes(self) -> dict[str, float]:
        """Resident memory of the bot and of each process that it started, by module."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, StopIteration):
                status = dict(
                    line.split(":", 1) for line in (folder / "status").read_text().splitlines()
                )
                if self.process.pid in {int(folder.name), int(status["PPid"])}:
                    words = (folder / "cmdline").read_text().split("\0")
                    module = words[words.index("-m") + 1]
                    found[f"python -m {module}"] = int(status["VmRSS"].split()[0]) / 1024
        return found


@contextmanager
def _bot(folder: Path) -> Iterator[Bot]:
    for share in SHARES:
        _write_closes(folder / f"{share}.SA.csv")
    port = _free_port()
    settings = {"CLOSES": f"csv:{folder}", "CHAT_PORT": str(port), "DATA_DIR": str(folder / "data")}
    environment = dict(os.environ) | settings  # noqa: TID251, a child's environment is ours to set
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "bot", "--at", AT], env=environment) as process:
        try:
            _until(lambda: socket.create_connection(("127.0.0.1", port), 1).close())
            yield Bot(process, began, port)
        finally:
            process.terminate()


def _write_closes(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["date", "open", "high", "low", "close", "volume"])
        for bar in walk(at(AT).date(), seed=sum(path.name.encode())):
            prices = (bar.open, bar.high, bar.low, bar.close, bar.volume)
            table.writerow([bar.session.isoformat(), *prices])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _until(works: Callable[[], None]) -> None:
    deadline = time.perf_counter() + 30
    while True:
        try:
            return works()
        except OSError:
            if time.perf_counter() > deadline:
                raise
            time.sleep(0.01)


def _asked(
    connection: http.client.HTTPConnection, method: str, path: str, body: object = None
) -> Any:
    headers = {"content-type": "application/json"}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    found = json.loads(answer.read())
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path}: {found}")
    return found
