"""Daily prices of shares, as CSV files hold them.

One file per share, `<TICKER>.csv`, columns `date,open,high,low,close,volume` of which only date
and close are required.  Rows without a positive close (nulls of the source) are left out; highs
and lows that are missing or impossible become NaN, which everywhere here means "not given".

Promises: sessions ascending and unique, closes finite and positive, prices in the share's own
currency, adjusted for splits and not for dividends, as the files are.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import ClosesUnreadable

Prices = NDArray[np.float64]
Days = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Share:
    """All known sessions of one share, oldest first.

    Attributes:
        ticker: name of the file, `ITUB4.SA`.
        days: sessions, datetime64[D], shape (n,).
        closes: shape (n,).
        highs, lows: shape (n,); NaN where not given.
    """

    ticker: str
    days: Days
    closes: Prices
    highs: Prices
    lows: Prices

    def between(self, first: date, last: date) -> "Share":
        """The share as it was known on the evening of `last`, and nothing older than `first`."""
        start = int(np.searchsorted(self.days, np.datetime64(first)))
        end = int(np.searchsorted(self.days, np.datetime64(last), side="right"))
        cut = slice(start, max(start, end))
        return Share(self.ticker, self.days[cut], self.closes[cut], self.highs[cut], self.lows[cut])


def read_shares(folder: Path) -> list[Share]:
    """Every `*.csv` directly inside `folder`, by name.

    Raises:
        ClosesUnreadable: no such folder, no file in it, or a file that is not of closes.
    """
    shares = [read_share(path) for path in sorted(folder.glob("*.csv"))]
    if not shares:
        raise ClosesUnreadable(f"no CSV file of closes in {folder}")
    return shares


def read_share(path: Path) -> Share:
    """Read one file.

    Raises:
        ClosesUnreadable: a column is missing, a value is no number or date, or days go backwards.
    """
    with path.open(newline="", encoding="utf-8") as lines:
        rows = list(_rows(path, csv.DictReader(lines)))
    days = np.array([day for day, *_ in rows], dtype="datetime64[D]")
    if (np.diff(days) <= np.timedelta64(0, "D")).any():
        raise ClosesUnreadable(f"{path.name}: days are not ascending and unique")
    closes, highs, lows = np.array([prices for _, *prices in rows], float).reshape(-1, 3).T
    given = np.isfinite(highs) & np.isfinite(lows) & (lows > 0) & (highs >= lows)
    highs, lows = (np.where(given, prices, np.nan) for prices in (highs, lows))
    return Share(path.stem, days, np.ascontiguousarray(closes), highs, lows)


def _rows(path: Path, table: "csv.DictReader[str]") -> Iterator[tuple[date, float, float, float]]:
    """Day, close, high and low of each row that has a close."""
    if missing := {"date", "close"} - set(table.fieldnames or ()):
        raise ClosesUnreadable(f"{path.name}: no column {' or '.join(sorted(missing))}")
    for row in table:
        try:
            close, high, low = (_price(row.get(column)) for column in ("close", "high", "low"))
            day = date.fromisoformat(row["date"][:10])
        except (TypeError, ValueError) as error:
            raise ClosesUnreadable(f"{path.name}, line {table.line_num}: {error}") from error
        if np.isfinite(close) and close > 0:
            yield day, close, high, low


def _price(text: str | None) -> float:
    return float(text) if text and text != "null" else float("nan")
