"""A slot filled for 10² … 10⁶ subscribers: `python -m tests.bench.scale_subscribers`.

All of them want the same hour, as most people keep the usual one; twenty shares between them, in a
SQLite file as careful with the disk as it is in use.
"""

import asyncio
import sys
import tempfile
import time as clock
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from bot.edges.database.opening import Database, open_database
from tests.bench.curves import Curve
from tests.bench.slots import AT, CHATS, CONTENTS, NOW, NUMBERS, SHARES
from tests.records import records_of

SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
WISHES = (
    "SELECT n, 0, 'AB' || (10 + n % :shares) || '3.SA', :minute, false, "
    "'2026-01-02 12:00:00+00:00' FROM numbers"
)
_PEAK = "VmHWM"


def curves(sizes: Sequence[int] = SIZES) -> list[Curve]:
    """Seconds, and megabytes at the peak above what the process had before."""
    found = [_filled(size) for size in sizes]
    return [
        Curve("time to fill one slot", "s", "subscribers", tuple((n, s) for n, s, _ in found)),
        Curve("memory to fill one slot", "MB", "subscribers", tuple((n, m) for n, _, m in found)),
    ]


def _filled(size: int) -> tuple[int, float, float]:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_database(None, Path(folder))) as database,
    ):
        seconds, megabytes = asyncio.run(_measured(database, size))
    return size, seconds, megabytes


async def _measured(database: Database, size: int) -> tuple[float, float]:
    await database.write(lambda connection: _crowd(connection, size))
    outbox, expires = records_of(database).outbox, NOW + timedelta(hours=7)
    before = _forget_peak()
    began = clock.perf_counter()
    new = await outbox.fill(AT, NOW.date(), CONTENTS, now=NOW, expires=expires)
    taken = clock.perf_counter() - began
    if new != size:
        raise RuntimeError(f"{new} items for {size} subscribers")
    return taken, max(_megabytes(_PEAK) - before, 0.1)


def _crowd(connection: Connection, size: int) -> None:
    minute = AT.hour * 60 + AT.minute
    given = {"last": size - 1, "shares": SHARES, "minute": minute}
    connection.execute(text(f"INSERT INTO chats {NUMBERS} {CHATS}"), given)
    connection.execute(text(f"INSERT INTO subscriptions {NUMBERS} {WISHES}"), given)


def _forget_peak() -> float:
    """Let the peak of memory begin anew; gives what is resident now, in megabytes."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # proc(5): resets VmHWM
    return _megabytes("VmRSS")


def _megabytes(field: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


if __name__ == "__main__":
    for curve in curves():
        for row in curve.rows():
            sys.stdout.write(f"{row}\n")
