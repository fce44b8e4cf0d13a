"""The last good bars of each share, one JSON file each, for restarts and outages.

A file is replaced as a whole or not at all; one that cannot be read counts as absent.  Only bars
of one origin are written and read: invented ones never, and no file of another source is taken
for an answer of this one.
"""

import json
import logging
import math
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.domain.bars import Bar, DailyBars, Origin, Split
from bot.domain.closes import WINDOW
from bot.domain.sessions import SAO_PAULO
from bot.domain.tickers import Ticker

log = logging.getLogger(__name__)

_UNREADABLE = (OSError, ValueError, LookupError, TypeError, ArithmeticError, RecursionError)
"""What a file ends in that is cut, torn, or hostile: nested without end, numbers beyond a float."""


class Shelf:
    """A folder of kept bars."""

    def __init__(self, directory: Path, keeps: Origin) -> None:
        self._directory = directory
        self._keeps = keeps
        self._complained = False

    def read(self, ticker: Ticker) -> DailyBars | None:
        """The bars kept of `ticker`, without a running price; None if there are none."""
        path = self._path(ticker)
        try:
            bars = _decoded(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except _UNREADABLE as error:
            log.warning("kept closes unreadable", extra={"path": str(path), "error": repr(error)})
            return None
        return bars if bars.ticker == ticker and bars.origin is self._keeps else None

    def write(self, bars: DailyBars) -> None:
        """Keep `bars`, unless they are of another origin, too few, or older than those kept."""
        if bars.origin is not self._keeps or sum(bar.has_close for bar in bars.bars) < WINDOW:
            return
        before = self.read(bars.ticker)
        if before is not None and before.bars[-1].session > bars.bars[-1].session:
            return  # a replay under an earlier clock
        try:
            self._replace(self._path(bars.ticker), json.dumps(_encoded(bars), allow_nan=False))
        except (OSError, ValueError) as error:
            if not self._complained:
                log.warning("closes cannot be kept", extra={"error": repr(error)})
            self._complained = True

    def _path(self, ticker: Ticker) -> Path:
        return self._directory / f"{ticker}.json"

    def _replace(self, path: Path, text: str) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=self._directory, prefix=f".{path.stem}.", delete=False
        ) as draft:
            draft.write(text)
        Path(draft.name).replace(path)


def _encoded(bars: DailyBars) -> dict[str, Any]:
    return {
        "ticker": bars.ticker,
        "origin": bars.origin.value,
        "fetched_at": bars.fetched_at.isoformat(),
        "bars": [[str(bar.session), *map(_null, _numbers(bar))] for bar in bars.bars],
        "splits": [[str(split.session), split.ratio] for split in bars.splits],
    }


def _decoded(kept: dict[str, Any]) -> DailyBars:
    """Read what `_encoded` wrote; ValueError, LookupError or TypeError if it is anything else."""
    bars = [Bar(date.fromisoformat(day), *map(_nan, rest)) for day, *rest in kept["bars"]]
    splits = [Split(date.fromisoformat(day), float(ratio)) for day, ratio in kept["splits"]]
    fetched_at = datetime.fromisoformat(kept["fetched_at"])
    if not bars or fetched_at.tzinfo is None:
        raise ValueError("no bars, or a time without its zone")
    origin = Origin(kept["origin"])
    at = fetched_at.astimezone(SAO_PAULO)
    return DailyBars(kept["ticker"], tuple(bars), origin, at, splits=tuple(splits))


def _numbers(bar: Bar) -> tuple[float, ...]:
    return bar.open, bar.high, bar.low, bar.close, bar.volume


def _null(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _nan(number: float | None) -> float:
    return math.nan if number is None else float(number)
