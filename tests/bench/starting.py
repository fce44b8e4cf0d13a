"""The bot alone, as in a container: `python -m tests.bench.starting`.

Telegram, Yahoo and the endpoint are other processes' business here, so that nothing of the
stand-ins is counted; closes come through yfinance, which the laptop's bot loads only when it is
asked.  Pandas also loads pyarrow where it finds it, which development brings along and a bot's own
installation does not: here it is hidden.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bot.edges.local_processes import LOCAL_TOKEN
from tests.bench.connections import one_by_one
from tests.bench.crowded_chat import cpu_seconds, crowded_chat
from tests.bench.ours import running_bot, world
from tests.bench.rows import Row, middle

STARTS = 3
HIDDEN = "raise ImportError('not installed beside a bot')\n"
_MEMORY = "VmRSS"


def rows() -> list[Row]:
    """Start it a few times; what it holds before and after it was asked for closes."""
    started, used, before, after = [], [], [], []
    with (
        world(1, runtime=0) as seen,
        crowded_chat() as chat,
        tempfile.TemporaryDirectory() as hiding,
    ):
        (Path(hiding) / "pyarrow.py").write_text(HIDDEN, encoding="utf-8")
        telegram = {
            "TELEGRAM_TOKEN": LOCAL_TOKEN,
            "TELEGRAM_API_URL": chat.url,
            "PYTHONPATH": hiding,
        }
        for _ in range(STARTS):
            with ExitStack() as running:
                folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
                began = time.perf_counter()
                bot = running.enter_context(running_bot(seen, folder, **telegram))
                started.append(time.perf_counter() - began)
                used.append(cpu_seconds(bot.pid))
                before.append(_megabytes(bot.pid))
                asyncio.run(one_by_one(bot.url, ["/fechamento/hoje?papel=ITUB4"]))
                after.append(_megabytes(bot.pid))
    return [
        middle("start: process start until REST answers", started, "s"),
        middle("start: processor time until then", used, "s"),
        middle("start: resident memory then", before, "MB"),
        middle("start: resident memory after the first forecast from Yahoo", after, "MB"),
    ]


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(_MEMORY)) / 1024


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
