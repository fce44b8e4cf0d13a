"""Shares that never traded: random walks on weekdays, drawn from a seed."""

import csv
from pathlib import Path

import numpy as np

from model.closes import Share


def random_share(ticker: str, sessions: int, seed: int = 0, first: str = "2015-01-01") -> Share:
    """A share with ranges, moving by a Student t of 2 % a session."""
    rng = np.random.default_rng(seed)
    closes = 20 * np.exp(np.cumsum(rng.standard_t(4, sessions).clip(-6, 6) * 0.014))
    above, below = np.exp(np.abs(rng.normal(0, 0.01, (2, sessions))))
    days = np.busday_offset(np.datetime64(first), np.arange(sessions), roll="forward")
    return Share(ticker, days, closes, closes * above, closes / below)


def write_csv(share: Share, folder: Path) -> Path:
    """Write the share as its source would; gives the path."""
    path = folder / f"{share.ticker}.csv"
    with path.open("w", newline="", encoding="utf-8") as lines:
        table = csv.writer(lines)
        table.writerow(["date", "open", "high", "low", "close", "volume"])
        for day, *prices in zip(share.days, share.highs, share.lows, share.closes, strict=True):
            high, low, close = map(float, prices)
            table.writerow([day, close, high, low, close, 1])
    return path
