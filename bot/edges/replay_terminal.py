"""A replay as it is watched in a terminal: which shares, a progress bar, one sentence at the end.

folder of CSV files ──shares_in()──▶ played() ──▶ exit code: 0, or 1 when it had to stop
"""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.domain.tickers import Ticker, parse_ticker
from bot.errors import ModelUnavailable, StorageUnavailable, UnknownTicker
from bot.flow.record import replay

STOPPED = 1


def shares_in(directory: Path) -> list[Ticker]:
    """The shares of B3 that a folder has a file of, in alphabetical order; no other file counts."""
    found = []
    for path in sorted(directory.glob("*.SA.csv")):
        try:
            found.append(parse_ticker(path.stem))
        except UnknownTicker:
            continue
    return found


def played(
    play: replay.Replay, shares: Sequence[Ticker], period: tuple[date, date], console: Console
) -> int:
    """Play the sessions of `period`, both ends included, while a bar tells how far it is."""
    try:
        new, failed = _watched(play, shares, period, console)
    except (ModelUnavailable, StorageUnavailable) as error:
        console.print(f"stopped: {error}; the same command goes on from here", soft_wrap=True)
        return STOPPED
    without = f", {failed} without a forecast" if failed else ""
    console.print(f"{new} forecasts settled on the scoreboard{without}", soft_wrap=True)
    return 0


def _watched(
    play: replay.Replay, shares: Sequence[Ticker], period: tuple[date, date], console: Console
) -> tuple[int, int]:
    """New outcomes, and forecasts that could not be made."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    failed = 0
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("replay", total=None)

        def watch(now: replay.Progress) -> None:
            nonlocal failed
            failed += now.failed
            bar.update(task, description=str(now.session), completed=now.done, total=now.total)

        new = asyncio.run(play.play(shares, *period, watch))
    return new, failed
