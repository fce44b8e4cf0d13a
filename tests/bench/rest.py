"""How fast the REST routes answer: `python -m tests.bench.rest`.

The API runs in a process of its own, with the shipped model behind the Runtime route and made-up
closes; the load comes from this one, over connections that stay open.  At a fixed rate, latencies
run from the moment at which a request was due, so that a late answer also counts for those who had
to wait behind it.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from bot.domain.tickers import Ticker
from bot.edges.api.application import create_app
from bot.edges.api.door import Access
from bot.edges.api.parts import Parts
from bot.edges.api.server import served
from bot.edges.csv_closes import CsvCloses
from bot.edges.endpoint import SageMakerEndpoint, runtime_client
from bot.edges.kept_forecasts import KeptForecasts
from bot.edges.local_processes import LOCAL_ENDPOINT, StandIns
from bot.flow.forecasts.forecaster import Forecaster
from bot.flow.record.scoreboard import Scoreboard
from tests.bench.rows import Row
from tests.fakes_track_record import FakeTrackRecord
from tests.share_bars import B3, ITUB4, at, walk

SHIPPED = Path(__file__).parents[2] / "model" / "shipped"
AT = at("2026-07-28T11:00")
CONNECTIONS = 16
REQUESTS = 20_000
A_SECOND = 500
PACED = 5_000

TODAY = "/fechamento/hoje?papel=ITUB4"
PAGE = "/?papel=ITUB4"


def rows() -> list[Row]:
    """Start the API, load it, end it."""
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder)) as port:
        return uvloop.run(_measured(port))


async def _measured(port: int) -> list[Row]:
    async with _connections(port) as connections:
        cold = await _milliseconds(connections[0], _request(TODAY))
        await _seconds(connections, _request(TODAY), 1_000)
        found = [Row("rest: first /fechamento/hoje", cold, "ms")]
        for path, requests, bar in ((TODAY, REQUESTS, REQUESTS / 1_000), (PAGE, 5_000, None)):
            taken = await _seconds(connections, _request(path), requests)
            name = f"rest: {requests:,} × {path.partition('?')[0]} ({requests / taken:,.0f}/s)"
            found.append(Row(name, taken, "s", bar))
        waits = await _paced(connections, _request(TODAY))
    cuts = statistics.quantiles(waits, n=100)
    name = f"rest: /fechamento/hoje at {A_SECOND}/s"
    return [*found, Row(f"{name}, median", cuts[49], "ms"), Row(f"{name}, p99", cuts[98], "ms", 20)]


class _Connection:
    """A connection that stays open; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, request: bytes) -> None:
        """Send a request and read its answer whole.

        Raises:
            RuntimeError: it is not 200.
        """
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        await self._reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


def _request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n".encode()


@asynccontextmanager
async def _connections(port: int) -> AsyncIterator[list[_Connection]]:
    opened = [
        _Connection(*await asyncio.open_connection("127.0.0.1", port)) for _ in range(CONNECTIONS)
    ]
    yield opened
    for connection in opened:
        connection.close()


async def _milliseconds(connection: _Connection, request: bytes) -> float:
    began = time.perf_counter()
    await connection.ask(request)
    return (time.perf_counter() - began) * 1e3


async def _seconds(connections: list[_Connection], request: bytes, requests: int) -> float:
    """Time for `requests` in all, each connection asking again as soon as it is answered."""

    async def asking(connection: _Connection) -> None:
        for _ in range(requests // CONNECTIONS):
            await connection.ask(request)

    began = time.perf_counter()
    await asyncio.gather(*map(asking, connections))
    return time.perf_counter() - began


async def _paced(connections: list[_Connection], request: bytes) -> list[float]:
    """Milliseconds from the moment that each request was due until its answer."""
    began, waits = time.perf_counter() + 0.1, list[float]()

    async def asking(first: int, connection: _Connection) -> None:
        for number in range(first, PACED, CONNECTIONS):
            due = began + number / A_SECOND
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            await connection.ask(request)
            waits.append((time.perf_counter() - due) * 1e3)

    await asyncio.gather(*(asking(first, one) for first, one in enumerate(connections)))
    return waits


@contextmanager
def _serving(folder: Path) -> Iterator[int]:
    closes = [f"{bar.session},{bar.close}" for bar in walk(AT.date())]
    (folder / f"{ITUB4}.csv").write_text("\n".join(["date,close", *closes]), encoding="utf-8")
    command = [sys.executable, "-m", "tests.bench.rest", "serve", str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        line = process.stdout.readline() if process.stdout else ""
        port = urlsplit(line.strip()).port
        if port is None:
            raise RuntimeError("the API did not start")
        yield port


def _serve(folder: Path) -> None:
    """Until standard input closes."""
    with ExitStack() as running:
        _, runtime = StandIns.start(SHIPPED, None, running).urls()
        endpoint = SageMakerEndpoint(runtime_client("sa-east-1", runtime), LOCAL_ENDPOINT)
        uvloop.run(_served(_parts(folder, endpoint)))


async def _served(parts: Parts) -> None:
    async with served(create_app(parts), "127.0.0.1", 0) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


def _parts(folder: Path, endpoint: SageMakerEndpoint) -> Parts:
    began = time.monotonic()

    def clock() -> datetime:
        return AT + timedelta(seconds=time.monotonic() - began)

    forecaster = Forecaster(CsvCloses(folder), KeptForecasts(endpoint), B3, clock)
    return Parts(
        outlook=forecaster.outlook,
        ticker=forecaster.ticker,
        scoreboard=Scoreboard(FakeTrackRecord(B3.close), B3, clock).board,
        checks={},
        report=repr,
        sessions=B3,
        clock=clock,
        default_ticker=Ticker("ITUB4.SA"),
        version="0",
        access=Access(rate=None),
    )


def _main(arguments: list[str]) -> None:
    if arguments[:1] == ["serve"]:
        _serve(Path(arguments[1]))
        return
    for row in rows():
        sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    _main(sys.argv[1:])
