"""Daily bars from files: one `<TICKER>.csv` per share, such as `ITUB4.SA.csv`.

Columns `date,open,high,low,close,volume` in any order; only date and close are required, empty
cells are unknown.  A file is read again when its size or time of change differ.  Files hold
closes, never a running price.
"""

import asyncio
import csv
import math
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from bot.domain.bars import Bar, DailyBars, Origin
from bot.domain.sessions import SAO_PAULO
from bot.domain.tickers import Ticker, parse_ticker
from bot.errors import ClosesUnavailable, UnknownTicker

HISTORY = 260
"""Newest bars that are handed on: a year, as from Yahoo."""

_REQUIRED = ("date", "close")
_OPTIONAL = ("open", "high", "low", "volume")
_Stamp = tuple[int, int]


class BadFile(ValueError):
    """A line that is no bar; the message names it."""


class CsvCloses:
    """Reads one folder."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._read: dict[Ticker, tuple[_Stamp, tuple[Bar, ...]]] = {}

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """The bars of the share's file up to the day of `now`, a year of them.

        Raises:
            UnknownTicker: there is no file of that share.
            ClosesUnavailable: the file cannot be read; the reason names the line.
        """
        share = parse_ticker(ticker)  # nothing else may become part of a path
        try:
            bars = await asyncio.to_thread(self._bars, share)
        except FileNotFoundError as error:
            raise UnknownTicker(ticker) from error
        except (OSError, UnicodeError, csv.Error, BadFile) as error:
            raise ClosesUnavailable(ticker, f"{share}.csv: {error}") from error
        today = now.astimezone(SAO_PAULO).date()
        past = tuple(bar for bar in bars if bar.session <= today)
        return DailyBars(share, past[-HISTORY:], Origin.FILE, now)

    def _bars(self, share: Ticker) -> tuple[Bar, ...]:
        path = self._directory / f"{share}.csv"
        found = path.stat()
        stamp = (found.st_mtime_ns, found.st_size)
        if share not in self._read or self._read[share][0] != stamp:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                bars = sorted(_parsed(lines), key=lambda bar: bar.session)
            self._read[share] = (stamp, tuple(bars))
        return self._read[share][1]


def _parsed(lines: Iterable[str]) -> Iterator[Bar]:
    rows = csv.reader(lines)
    columns = [name.strip().lower() for name in next(rows, [])]
    for name in _REQUIRED:
        if name not in columns:
            raise BadFile(f"line 1: no column {name!r}")
    for cells in rows:
        if cells:
            try:
                yield _bar(dict(zip(columns, cells, strict=False)))
            except (KeyError, ValueError) as error:
                raise BadFile(f"line {rows.line_num}: {error}") from error


def _bar(row: dict[str, str]) -> Bar:
    number = {name: _number(row.get(name, "")) for name in _OPTIONAL}
    return Bar(
        session=date.fromisoformat(row["date"].strip()), close=_number(row["close"]), **number
    )


def _number(cell: str) -> float:
    return float(cell) if cell.strip() else math.nan
