"""`/placar` over 10³ … 10⁶ outcomes: `python -m tests.bench.scale_scoreboard`.

One day is recorded and settled as the bot does it, and then copied to the sessions before it: so
the rows are the bot's own, and a million of them take seconds.  Figures are read from SQLite,
past the memory that the bot keeps of them.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Table, insert, literal_column, select

from bot.domain.tickers import Ticker
from bot.domain.track_record import Made
from bot.edges.database.opening import Database, open_database
from bot.edges.database.tables import forecasts, outcomes
from bot.edges.database.track_record import KeptTrackRecord
from bot.flow.record.replay import SettableClock
from bot.flow.record.scoreboard import Scoreboard
from tests.bench.curves import Curve
from tests.bench.ours import made_up
from tests.share_bars import B3, at
from tests.track_records import forecast_of, outcome

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SHARES, SESSIONS = 400, 250
ASKED = 7
NOW = at("2026-07-28T20:00")
NEWEST = date(2026, 7, 28)


def curves(sizes: Sequence[int] = SIZES) -> list[Curve]:
    """Milliseconds for one share, and for all together."""
    found = [(size, *_measured(size)) for size in sizes]
    return [
        Curve("time of /placar of one share", "ms", "outcomes", tuple((n, t) for n, t, _ in found)),
        Curve(
            "time of /placar of all shares", "ms", "outcomes", tuple((n, t) for n, _, t in found)
        ),
    ]


def _measured(size: int) -> tuple[float, float]:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_database(None, Path(folder))) as database,
    ):
        return asyncio.run(_asked(database, size))


async def _asked(database: Database, size: int) -> tuple[float, float]:
    record = KeptTrackRecord(database, B3.close)
    shares = [Ticker(f"{name}.SA") for name in made_up(max(1, min(SHARES, size // SESSIONS)))]
    newest = [replace(forecast_of(NEWEST, made=Made.LIVE), ticker=share) for share in shares]
    await record.record(newest)
    await record.settle([outcome(42 + at % 7 / 4, one) for at, one in enumerate(newest)])
    days = B3.before(NEWEST, size // len(shares) - 1)
    for table in (forecasts, outcomes):
        await database.write(partial(_copy, table, days))
    return await _milliseconds(record, shares[0]), await _milliseconds(record, None)


def _copy(table: Table, days: Sequence[date], connection: Connection) -> None:
    columns = [column.name for column in table.columns]
    for day in days:
        row = [
            literal_column(f"'{day}'") if name == "session" else table.c[name] for name in columns
        ]
        copied = select(*row).where(table.c.session == NEWEST)
        connection.execute(insert(table).from_select(columns, copied))


async def _milliseconds(record: KeptTrackRecord, ticker: Ticker | None) -> float:
    taken = []
    for _ in range(ASKED):
        began = time.perf_counter()
        board = await Scoreboard(record, B3, SettableClock(NOW)).board(ticker)
        taken.append((time.perf_counter() - began) * 1e3)
        if not board.windows:
            raise RuntimeError(f"no figures of {ticker}")
    return statistics.median(taken)


if __name__ == "__main__":
    for curve in curves():
        for row in curve.rows():
            sys.stdout.write(f"{row}\n")
