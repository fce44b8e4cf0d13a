"""`python -m bot` in front of the same stand-ins as whatever it is compared with.

Closes come from the local Yahoo and forecasts through the Runtime route, both with a network that
takes its time; the bot itself is the one that people start, REST, database, records and all.
"""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.edges.local_processes import LOCAL_ENDPOINT, StandIns
from tests.share_bars import at, walk
from tests.yahoo_server import Share, YahooServer

SHIPPED = Path(__file__).parents[2] / "model" / "shipped"
YAHOO_SECONDS = 0.080
RUNTIME_SECONDS = 0.010
TIMES = 1_000_000
"""For how many invocations the network of the Runtime route stays slow: for all of them."""
STARTED = "2026-07-28T11:00"
"""São Paulo time; a session is open, which is when most people ask."""
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class World:
    """What both designs see of the outside.

    Attributes:
        yahoo: closes.
        runtime: address of the SageMaker Runtime route.
        tickers: shares that Yahoo knows.
    """

    yahoo: YahooServer
    runtime: str
    tickers: tuple[str, ...]


@contextmanager
def world(
    shares: int, yahoo: float = YAHOO_SECONDS, runtime: float = RUNTIME_SECONDS
) -> Iterator[World]:
    """The stand-ins, with seconds of simulated network before each of their answers."""
    tickers = made_up(shares)
    answers = {
        f"{ticker}.SA": Share(
            walk(at(STARTED).date(), 280, seed=seed), price=30.0, price_at=at(STARTED)
        )
        for seed, ticker in enumerate(tickers)
    }
    with ExitStack() as running, YahooServer(answers) as server:
        server.latency = yahoo
        url = StandIns.start(SHIPPED, None, running).urls()[1] or ""
        if runtime:
            slow = {"delay": runtime, "times": TIMES}
            httpx.post(f"{url}/faults", json=slow, trust_env=False).raise_for_status()
        yield World(server, url, tickers)


def made_up(count: int) -> tuple[str, ...]:
    """Names of shares; always the same ones."""
    letters, dice = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", random.Random(7)
    found: dict[str, None] = {"ITUB4": None}
    while len(found) < count:
        found["".join(dice.choices(letters, k=4)) + "3"] = None
    return tuple(found)


@dataclass(frozen=True, slots=True)
class RunningBot:
    """A bot that answers.

    Attributes:
        url: of its REST routes.
        pid: of its process.
    """

    url: str
    pid: int


@contextmanager
def running_bot(
    seen: World, folder: Path, start: str = STARTED, **settings: str
) -> Iterator[RunningBot]:
    """The bot at a time of the past, from the moment that its REST routes answer."""
    port = free_port()
    given = {
        "YAHOO_URL": seen.yahoo.url,
        "SAGEMAKER_ENDPOINT": LOCAL_ENDPOINT,
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": seen.runtime,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "CHAT_PORT": "0",
        "HTTP_PORT": str(port),
        "HTTP_PER_MINUTE": "1000000000",
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "ERROR",
        **settings,
    }
    environment = dict(os.environ) | given  # noqa: TID251, a child's environment is ours to set
    command = [sys.executable, "-m", "bot", "--at", start]
    with subprocess.Popen(command, env=environment, cwd=SHIPPED.parents[1]) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _until_it_answers(url)
            yield RunningBot(url, process.pid)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _until_it_answers(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            httpx.get(f"{url}/docs", trust_env=False).raise_for_status()
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
