"""Does the bot leak, choke or fall: `python -m tests.bench.soak [--updates N]`.

    crowd in the strict local chat ─▶ the whole bot ─▶ Yahoo and endpoint of this machine
        with failing calls              │                  with failing answers
                                     SQLite, locked now and then

For every hundred updates one of each kind of failure happens somewhere.  The clock goes on by
twelve days now and then, so that forecasts are made and settled, and messages pushed, expired and
forgotten.  What is measured of the bot's process and of its tables is compared with how they were
once a tenth of the updates had warmed everything up.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from bot.edges.database.opening import FILE
from bot.edges.local_processes import LOCAL_TOKEN, StandIns
from bot.settings import SHIPPED_ARTIFACT
from tests.bench.rows import Row
from tests.bench.soak_chat import PEOPLE, SHARES, STEP
from tests.bench.soak_sizes import Size, counted
from tests.share_bars import walk
from tests.yahoo_server import BROKEN, GARBAGE, TOO_MANY, Answer, Share, YahooServer

UPDATES = 20_000
"""For `make bench`; a whole soak takes 200,000."""

BEGINS = "2026-01-05T08:50:00-03:00"
LAST_DAY = date(2026, 12, 30)
TURNED_EVERY = 65.0
"""Seconds until the clock goes on by twelve days: all duties, which look once a minute, are done in
between, and in a whole soak more than the 90 days pass for which the outbox is kept."""

LOCKED, LONG_LOCKED = 0.05, 6.0
"""Seconds for which somebody else has the database; the longer one is longer than the bot waits."""
LONG_LOCKS = 4
WARM = 0.1
GROWTH = 1.1
MORE = 2
"""Files, sockets and threads more at the end."""
LEAST_WARM = 10_000
"""Updates before which a bot is not warm: libraries load, each chart is drawn for once, and pools
of connections are as large as the most that was ever asked at once."""
FAILING_FETCHES = 0.1
SETTLE_SECONDS = 3.0
TOLD_EVERY = 100
"""Steps between two lines of progress."""


class Moody(YahooServer):
    """Yahoo, which refuses now and then."""

    dice = random.Random(3)
    failed = 0

    def answer(self, target: str) -> Answer:
        """The answer, or one that is none."""
        if "/chart/" in target and self.dice.random() < FAILING_FETCHES:
            self.failed += 1
            return self.dice.choice([TOO_MANY, BROKEN, GARBAGE])
        return super().answer(target)


@dataclass(slots=True)
class Soak:
    """A soak under way."""

    bot: subprocess.Popen[str]
    chat: subprocess.Popen[str]
    runtime: str
    file: Path
    updates: int
    turned_at: float = field(default_factory=time.monotonic)

    def run(self) -> tuple[list[Size], dict[str, int]]:
        """Disturb the bot until the crowd is done; sizes as it went, and what the crowd tells."""
        sizes: list[Size] = []
        for line in self.chat.stdout or ():
            told = json.loads(line)
            if "done" in told:
                time.sleep(SETTLE_SECONDS)
                sizes.append(Size.of(self.bot.pid, self.updates))
                return sizes, told["done"]
            sizes.append(Size.of(self.bot.pid, told["typed"]))
            if told["typed"] // STEP % TOLD_EVERY == 0:
                sys.stderr.write(f"{sizes[-1]}\n")
            self._disturb(told["typed"] // STEP)
        raise RuntimeError("the chat ended before the soak did")

    def _disturb(self, step: int) -> None:
        steps = self.updates // STEP
        if time.monotonic() - self.turned_at > TURNED_EVERY:
            self.turned_at = time.monotonic()
            for process in (self.chat, self.bot):
                process.send_signal(signal.SIGUSR1)
        _post(self.runtime, {"status": 503, "times": 2})  # boto3 asks twice
        long = step % max(1, steps // LONG_LOCKS) == steps // LONG_LOCKS // 2
        _lock(self.file, LONG_LOCKED if long else LOCKED)


def _post(runtime: str, fault: Mapping[str, object]) -> None:
    with closing(HTTPConnection(urlsplit(runtime).netloc, timeout=30)) as connection:
        connection.request("POST", "/faults", json.dumps(fault))
        connection.getresponse().read()


def _lock(file: Path, seconds: float) -> None:
    with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("ROLLBACK")


def rows(updates: int = UPDATES) -> list[Row]:
    """Soak, and tell."""
    with tempfile.TemporaryDirectory() as folder, _running(Path(folder), updates) as soak:
        began = time.perf_counter()
        sizes, crowd = soak.run()
        taken = time.perf_counter() - began
        soak.bot.terminate()
        said, _ = soak.bot.communicate(timeout=60)
        told = json.loads(said.splitlines()[-1])
        sys.stderr.write(f"{sizes[-1]}\n{crowd}\n{told}\n")
        told |= {**crowd, "code": abs(soak.bot.returncode)}
        return _rows(updates, taken, sizes, told, counted(soak.file))


def _rows(
    updates: int, taken: float, sizes: list[Size], told: dict[str, Any], tables: dict[str, int]
) -> list[Row]:
    warm = [size for size in sizes if updates * WARM <= size.updates < updates * 2 * WARM]
    last = [size for size in sizes if size.updates >= updates * (1 - WARM)]
    memory = sum(size.memory for size in last) / len(last)
    before = sum(size.memory for size in warm) / len(warm)
    name, is_warm = f"soak of {updates:,} updates", updates * WARM >= LEAST_WARM
    growth, more = (GROWTH, MORE) if is_warm else (None, None)
    return [
        Row(f"{name}: updates a second", updates / taken, "/s"),
        Row(f"{name}: resident memory once warm", before, "MB"),
        Row(f"{name}: resident memory at the end", memory, "MB"),
        Row(f"{name}: growth of resident memory", memory / before, "×", growth),
        Row(f"{name}: growth of open files", _grown(warm, last, "files"), "", more),
        Row(f"{name}: growth of open sockets", _grown(warm, last, "sockets"), "", more),
        Row(f"{name}: growth of threads", _grown(warm, last, "threads"), "", more),
        Row(f"{name}: exceptions that nobody foresaw", sum(told["tracebacks"].values()), "", 0),
        Row(f"{name}: exit code", told["code"], "", 0),
        Row(f"{name}: people answered", told["answered"], ""),
        Row(f"{name}: people who left before their answer", told.get("left", 0), ""),
        Row(f"{name}: people never answered", told.get("never answered", 0), ""),
        Row(f"{name}: calls refused a connection", told["refused"], ""),
        *(Row(f"{name}: rows of {table}", count, "") for table, count in tables.items()),
    ]


def _grown(warm: list[Size], last: list[Size], what: str) -> float:
    """By how many more stay open at the end, however little goes on, than usual once warm.

    Connections come and go with what people ask at once, and a pool may be filled late; a leak
    raises what is left when least goes on.
    """
    before, after = ([float(getattr(size, what)) for size in sizes] for sizes in (warm, last))
    return min(after) - median(before)


@contextmanager
def _running(folder: Path, updates: int) -> Iterator[Soak]:
    """Every process of a soak."""
    shares: dict[str, Share | Answer] = {
        f"{share}.SA": Share(walk(LAST_DAY, 700, seed=sum(share.encode()))) for share in SHARES
    }
    with ExitStack() as stack:
        yahoo = stack.enter_context(Moody(shares))
        runtime = StandIns.start(SHIPPED_ARTIFACT, None, stack).urls()[1] or ""
        chat = _started(stack, "soak_chat", BEGINS, str(updates))
        address = json.loads(chat.stdout.readline())["listening"] if chat.stdout else ""
        settings = {
            "TELEGRAM_TOKEN": LOCAL_TOKEN,
            "TELEGRAM_API_URL": address,
            "YAHOO_URL": yahoo.url,
            "DATA_DIR": str(folder),
            "HTTP_PORT": "0",
            "ADMIN_IDS": "1",
            "ALARM_CHAT_IDS": str(PEOPLE + 1),
            "LOG_LEVEL": "WARNING",
        }
        log = stack.enter_context((folder / "log").open("w", encoding="utf-8"))
        bot = _started(stack, "soak_process", BEGINS, runtime, stderr=log, more=settings)
        yield Soak(bot, chat, runtime, folder / FILE, updates)


def _started(
    stack: ExitStack,
    module: str,
    *arguments: str,
    stderr: Any = None,
    more: Mapping[str, str] | None = None,
) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.bench.{module}", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env={**os.environ, **(more or {})},  # noqa: TID251 -- a child's environment is ours to set
    )
    stack.enter_context(process)
    stack.callback(process.kill)
    return process


def main(arguments: list[str]) -> None:
    """Soak and print."""
    parser = argparse.ArgumentParser("python -m tests.bench.soak")
    parser.add_argument("--updates", type=int, default=UPDATES)
    for row in rows(parser.parse_args(arguments).updates):
        sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
