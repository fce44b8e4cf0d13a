"""How good the forecast is at the moment of the open: `python -m tests.bench.opening DIR FROM`.

The open is the first running price of a session, and the only one that daily files know.  For
every session after FROM the published model's morning forecast is narrowed with the day's open, as
the bot does it, and compared with the close that followed.
"""

import csv
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean

import numpy as np

from bot.domain.closes import RunningPrice
from bot.domain.forecast import Forecast, narrowed
from model.artifact import Artifact, load
from model.closes import read_share
from model.windows import Windows, make_windows
from tests.bench.rows import Row
from tests.share_bars import B3

PUBLISHED = Path(__file__).parents[2] / "model" / "published"
"""Trained until 2023-06-30."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One session: prices, and the forecast as the open narrowed it."""

    last: float
    opened: float
    close: float
    forecast: Forecast


def rows(closes: Path, after: date, artifact: Path = PUBLISHED) -> list[Row]:
    """Errors relative to the previous close, and how often the narrowed bands held.

    Ratios are means of the B3 shares' ratios weighted by sessions, as in `model evaluate`.
    """
    model = load(artifact)
    shares = [list(_sessions(path, after, model)) for path in sorted(closes.glob("*.SA.csv"))]
    found = [share for share in shares if share]
    every = [session for share in found for session in share]
    return [
        Row("open: sessions", len(every), ""),
        Row("open: MAE of the open / of the previous close", _ratio(found, _open_error), ""),
        Row("open: MAE of the narrowed forecast / of the same", _ratio(found, _error), ""),
        Row("open: closes inside the narrowed 80 % band", 100 * fmean(map(_in80, every)), "%"),
        Row("open: closes inside the narrowed 95 % band", 100 * fmean(map(_in95, every)), "%"),
    ]


def _sessions(path: Path, after: date, model: Artifact) -> Iterator[Opened]:
    share, opens = read_share(path), _opens(path)
    windows = make_windows(share)
    windows = windows.where(windows.first_days > np.datetime64(after))
    if not len(windows):
        return
    quantiles = _first_step(model, windows)
    for at in range(len(windows)):
        day = windows.first_days[at].item()
        last, close = float(windows.closes[at, -1]), float(windows.targets[at, 0])
        opened = opens.get(day)
        if opened and B3.is_session(day):
            hours = (B3.opening(day), B3.close(day))
            low95, _, low80, _, median, _, high80, _, high95 = map(float, quantiles[at])
            morning = Forecast(day, median, low80, high80, low95, high95)
            running = RunningPrice(opened, hours[0])
            yield Opened(last, opened, close, narrowed(morning, last, running, hours))


def _first_step(model: Artifact, windows: Windows) -> list[list[float]]:
    given = (windows.closes, windows.highs, windows.lows)
    return model.quantiles(*given)[:, 0].tolist()  # type: ignore[no-any-return]


def _opens(path: Path) -> dict[date, float]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return {date.fromisoformat(row["date"]): float(row["open"] or 0) for row in rows}


def _ratio(shares: list[list[Opened]], error: Callable[[Opened], float]) -> float:
    weights = [len(share) for share in shares]
    ratios = [fmean(map(error, share)) / fmean(map(_naive_error, share)) for share in shares]
    return fmean(ratios, weights)


def _naive_error(session: Opened) -> float:
    return abs(session.close - session.last)


def _open_error(session: Opened) -> float:
    return abs(session.close - session.opened)


def _error(session: Opened) -> float:
    return abs(session.close - session.forecast.expected)


def _in80(session: Opened) -> bool:
    return session.forecast.low80 <= session.close <= session.forecast.high80


def _in95(session: Opened) -> bool:
    return session.forecast.low95 <= session.close <= session.forecast.high95


if __name__ == "__main__":
    for row in rows(Path(sys.argv[1]), date.fromisoformat(sys.argv[2])):
        sys.stdout.write(f"{row}\n")
