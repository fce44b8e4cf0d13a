"""Our REST routes beside the reference design: `python -m tests.bench.reference`.

Both answer over the same stand-ins, with 80 ms of network to Yahoo and 10 ms to the Runtime route,
and are asked in turn, so that whatever the machine does meanwhile happens to both.  A "first
request of the session" is one about a share that neither has been asked about; for the reference
that is also what a new day is, since the days that it asks for are new.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.bench.connections import connected, one_by_one, per_second
from tests.bench.ours import PATIENCE, World, running_bot, world
from tests.bench.rows import Row, middle
from tests.yahoo_server import YahooServer

ROUTES = ("hoje", "proximos")
WARM = 40
FIRST = 12
CLIENTS = 16
ROUNDS = 3
CROWD_OURS = 4_000
CROWD_REFERENCE = 112
BEFORE_THE_OPEN = "2026-07-28T09:00"
"""When the morning's forecasts are made."""

LEAST_MEDIAN = {"hoje": 15, "proximos": 40}
LEAST_PER_SECOND = {"hoje": 25, "proximos": 30}
LEAST_FIRST = {"hoje": 1, "proximos": 1.5}
Pair = tuple[list[float], list[float]]


def rows() -> list[Row]:
    """Everything, in about a minute: so long the bot of the morning takes to begin its duties."""
    with (
        tempfile.TemporaryDirectory() as folder,
        world(1 + 2 * FIRST) as seen,
        YahooServer(seen.yahoo.answers) as mornings,
        _reference(seen, Path(folder)) as theirs,
    ):
        mornings.latency = seen.yahoo.latency
        early, tickers = replace(seen, yahoo=mornings), ",".join(seen.tickers)
        with (
            running_bot(
                early, Path(folder) / "early", BEFORE_THE_OPEN, TICKERS=tickers
            ) as prepared,
            running_bot(seen, Path(folder) / "unprepared") as ours,
        ):
            return [
                *asyncio.run(_compared(seen, ours.url, theirs)),
                *asyncio.run(_prefetched(early, prepared.url)),
            ]


async def _compared(seen: World, ours: str, theirs: str) -> list[Row]:
    first, *others = seen.tickers
    warmed = [_path(route, first) for route in ROUTES]
    found = []
    for whose, url in (("ours", ours), ("reference", theirs)):
        (taken, *_) = await one_by_one(url, warmed)
        found.append(Row(f"reference: very first request of the process: {whose}", taken, "ms"))
    for number, route in enumerate(ROUTES):
        fresh = [_path(route, share) for share in others[number * FIRST : (number + 1) * FIRST]]
        found += _ratio(
            f"first /{route} of the session, nothing prefetched",
            await _in_turn(ours, theirs, fresh),
            LEAST_FIRST[route],
        )
        warm = await _in_turn(ours, theirs, [_path(route, first)] * WARM)
        found += _ratio(f"warm /{route}", warm, LEAST_MEDIAN[route])
        found += await _crowds(ours, theirs, route, _path(route, first))
    return found


async def _in_turn(ours: str, theirs: str, paths: list[str]) -> Pair:
    """Milliseconds of ours and of theirs, each path asked of both."""
    found: Pair = ([], [])
    async with connected(ours) as (us,), connected(theirs) as (them,):
        for path in paths:
            found[0].append(await us.milliseconds(path))
            found[1].append(await them.milliseconds(path))
    return found


async def _crowds(ours: str, theirs: str, route: str, path: str) -> list[Row]:
    us, them = [], []
    for _ in range(ROUNDS):
        us.append(await per_second(ours, path, CLIENTS, CROWD_OURS))
        them.append(await per_second(theirs, path, CLIENTS, CROWD_REFERENCE))
    name = f"reference: /{route}, {CLIENTS} clients"
    ratios = [mine / its for mine, its in zip(us, them, strict=True)]
    return [
        middle(f"{name}: ours, times as many a second", ratios, "×", least=LEAST_PER_SECOND[route]),
        middle(f"{name}: ours", us, "/s"),
        middle(f"{name}: reference", them, "/s"),
    ]


def _ratio(name: str, pair: Pair, least: float) -> list[Row]:
    ratios = [its / mine for mine, its in zip(*pair, strict=True)]
    return [
        middle(f"reference: {name}: ours, times faster", ratios, "×", least=least),
        middle(f"reference: {name}: ours, median", pair[0], "ms"),
        middle(f"reference: {name}: reference, median", pair[1], "ms"),
    ]


async def _prefetched(seen: World, ours: str) -> list[Row]:
    """First requests after the morning's forecasts were made: nothing is fetched for them."""
    deadline = time.monotonic() + PATIENCE
    while not {f"{ticker}.SA" for ticker in seen.tickers} <= set(seen.yahoo.charts):
        if time.monotonic() > deadline:
            raise RuntimeError("the morning's forecasts were not made")
        await asyncio.sleep(0.1)
    await asyncio.sleep(2)  # the last answers are read, forecast and kept
    fetched, found = len(seen.yahoo.charts), []
    for number, route in enumerate(ROUTES):
        shares = seen.tickers[1 + number * FIRST :][:FIRST]
        taken = await one_by_one(ours, [_path(route, share) for share in shares])
        name = f"reference: first /{route} of the session, prefetched: ours, median"
        found.append(middle(name, taken, "ms"))
    return [
        *found,
        Row("reference: questions to Yahoo for these", len(seen.yahoo.charts) - fetched, "", 0),
    ]


@contextmanager
def _reference(seen: World, folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.bench.reference_api", seen.yahoo.url, seen.runtime]
    with subprocess.Popen(
        [*command, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith("listening on "):
            raise RuntimeError("the reference did not start")
        yield line.removeprefix("listening on ").strip()
        if process.stdin:
            process.stdin.close()


def _path(route: str, share: str) -> str:
    return f"/fechamento/{route}?papel={share}.SA"


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
