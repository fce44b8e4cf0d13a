"""How long the scoreboard takes: a replay of a year of real files, and figures from many rows.

The replay is the one that `python -m bot replay` plays: files, the shipped model behind the local
Runtime route, SQLite.  The figures are read from SQLite tables of 10³ to 10⁶ outcomes.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.domain.board import Board
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Outcome, Recorded
from bot.edges.csv_closes import CsvCloses
from bot.edges.database.opening import open_database
from bot.edges.database.track_record import KeptTrackRecord
from bot.edges.endpoint import SageMakerEndpoint, runtime_client
from bot.edges.local_processes import LOCAL_ENDPOINT, StandIns
from bot.edges.replay_terminal import shares_in
from bot.flow.record.replay import Replay, SettableClock
from bot.flow.record.scoreboard import Scoreboard
from bot.ports.records import TrackRecord
from tests.bench.rows import Row
from tests.share_bars import B3, at
from tests.track_records import forecast_of, outcome

SHIPPED = Path(__file__).parents[2] / "model" / "shipped"
LAST = date(2023, 10, 31)
"""All files, those of other exchanges included, reach beyond this day."""
SESSIONS = 250
NOW = at("2026-07-28T20:00")
SIZES = (1_000, 10_000, 100_000, 1_000_000)
ASKED = 20
SHARES = 400
"""B3 lists about as many."""


def replay_rows(closes: Path, artifact: Path = SHIPPED) -> list[Row]:
    """Play the last 250 sessions of every file in `closes`, those of other exchanges included."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        files = _as_b3_shares(closes, Path(folder) / "closes")
        _, runtime = StandIns.start(artifact, None, running).urls()
        endpoint = SageMakerEndpoint(runtime_client("sa-east-1", runtime), LOCAL_ENDPOINT)
        database = running.enter_context(closing(open_database(None, Path(folder))))
        record = KeptTrackRecord(database, B3.close)
        shares = shares_in(files)
        replay = Replay(CsvCloses(files), endpoint, record, B3, SettableClock(NOW))
        first = B3.before(LAST, SESSIONS - 1)[0]
        began = time.perf_counter()
        outcomes = asyncio.run(replay.play(shares, first, LAST, lambda _: None))
        played = time.perf_counter() - began
        again = asyncio.run(replay.play(shares, first, LAST, lambda _: None))
        resumed = time.perf_counter() - began - played
    named = f"replay: {len(shares)} files, {SESSIONS} sessions"
    return [
        Row(f"{named}, {outcomes:,} outcomes", played, "s", 60),
        Row(f"{named}, again ({again} outcomes)", resumed, "s"),
    ]


def figure_rows(sizes: Sequence[int] = SIZES) -> list[Row]:
    """`/placar` of one share and of all, without memory, and an evening's settling."""
    found = []
    for size in sizes:
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(open_database(None, Path(folder))) as database,
        ):
            record = KeptTrackRecord(database, B3.close)
            found += asyncio.run(_measured(record, size))
    return found


async def _measured(record: TrackRecord, size: int) -> list[Row]:
    shares = await _filled(record, size)
    one = [await _milliseconds(record, shares[0]) for _ in range(ASKED)]
    every = [await _milliseconds(record, None) for _ in range(ASKED)]
    began = time.perf_counter()
    await record.unsettled(LAST)
    unsettled = (time.perf_counter() - began) * 1e3
    told = f"scoreboard: {size:,} outcomes"
    return [
        Row(f"{told}, one share, median", statistics.median(one), "ms"),
        Row(f"{told}, all shares, median", statistics.median(every), "ms"),
        Row(f"{told}, what is unsettled", unsettled, "ms"),
    ]


async def _milliseconds(record: TrackRecord, ticker: Ticker | None) -> float:
    scoreboard = Scoreboard(record, B3, SettableClock(NOW))
    began = time.perf_counter()
    board: Board = await scoreboard.board(ticker)
    figures = board.windows
    taken = (time.perf_counter() - began) * 1e3
    if not figures:
        raise RuntimeError(f"no figures of {ticker}")
    return taken


async def _filled(record: TrackRecord, size: int) -> list[Ticker]:
    """As many outcomes as asked for, of at most 400 shares; gives the shares."""
    letters = "ABCDEFGHIJKLMNOPQRST"
    shares = [Ticker(f"{first}{second}AA3.SA") for first in letters for second in letters]
    shares = shares[: max(1, min(SHARES, size // SESSIONS))]
    days = B3.before(LAST, -(-size // len(shares)))
    for day in days:
        forecasts = list(_forecasts(shares, day))
        await record.record(forecasts)
        await record.settle(list(_outcomes(forecasts)))
    return shares


def _forecasts(shares: Sequence[Ticker], day: date) -> Iterator[Recorded]:
    whole = forecast_of(day, made=Made.REPLAY)
    return (replace(whole, ticker=share) for share in shares)


def _outcomes(forecasts: Sequence[Recorded]) -> Iterator[Outcome]:
    return (outcome(42 + index % 7 / 4, one) for index, one in enumerate(forecasts))


def _as_b3_shares(closes: Path, folder: Path) -> Path:
    """Links to all files under names of B3, so that those of other exchanges are played too."""
    folder.mkdir()
    foreign = (f"{4 * letter}34.SA" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for path in sorted(closes.glob("*.csv")):
        name = path.stem if path.stem.endswith(".SA") else next(foreign)
        (folder / f"{name}.csv").symlink_to(path.resolve())
    return folder


def rows(closes: Path) -> list[Row]:
    """Every figure of the scoreboard; without files no replay."""
    return [*(replay_rows(closes) if closes.is_dir() else []), *figure_rows()]


if __name__ == "__main__":
    for row in rows(Path(__file__).parents[3] / "shared" / "closes"):
        print(row)  # noqa: T201, the terminal is where a bench speaks
