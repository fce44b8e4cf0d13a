"""Fuzz targets about prices: files, Yahoo's answers, kept closes; read, checked, and forecast."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

from curl_cffi import requests
from hypothesis import strategies as st

from bot.domain.bars import DailyBars, Origin
from bot.domain.closes import checked_window
from bot.edges.csv_closes import CsvCloses
from bot.edges.kept_closes.shelf import Shelf
from bot.edges.yahoo import YahooCloses
from bot.errors import ClosesUnavailable, ForecastError, UnknownTicker
from tests.fuzz.spoiling import ODD, spoilt, torn, written
from tests.fuzz.target import Attempt, Target
from tests.share_bars import B3, ITUB4, at, walk
from tests.yahoo_server import Share

NEWEST = date(2026, 7, 28)
NOW = at("2026-07-28T20:00")
BARS = walk(NEWEST, 70)

_HEAD = "date,open,high,low,close,volume"
_ROWS = [f"{b.session},{b.open},{b.high},{b.low},{b.close},{b.volume}" for b in BARS]
_CELLS = st.one_of(
    st.sampled_from([str(odd) for odd in ODD]).map(lambda cell: cell[:30]),
    st.sampled_from(["2026-07-27", "2026-W30-1", "20260728", '"', '"a', "1_0", "٣٠", "-0.0"]),
    st.floats().map(str),
    st.dates().map(str),
    st.text(max_size=6),
)


@st.composite
def _files(draw: st.DrawFn) -> bytes:
    """A file with some odd lines, an odd head, odd bytes."""
    lines = list(_ROWS)
    for _ in range(draw(st.integers(0, 3))):
        cells = draw(st.lists(_CELLS, max_size=7))
        lines[draw(st.integers(0, len(lines) - 1))] = ",".join(cells)
    head = draw(st.sampled_from([_HEAD, _HEAD, _HEAD, "\ufeff" + _HEAD, "close,date", "date"]))
    raw = "\n".join((head, *lines)).encode("utf-8", "surrogatepass")
    return draw(torn(raw)) if draw(st.integers(0, 3)) == 0 else raw


def _checked(bars: DailyBars) -> None:
    with suppress(ForecastError):
        checked_window(bars, B3, NOW)


@contextmanager
def _filing() -> Iterator[Attempt]:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:

        def read(raw: bytes) -> None:
            (Path(folder) / f"{ITUB4}.csv").write_bytes(raw)
            with suppress(ClosesUnavailable):
                _checked(runner.run(CsvCloses(Path(folder)).daily(ITUB4, NOW)))

        yield read


_CHART = Share(BARS, price=30.0, price_at=at("2026-07-28T17:05")).chart("ITUB4.SA", 0, 2e9)
_ANSWERS = st.tuples(
    written(spoilt(st.just(_CHART))),
    st.sampled_from([200, 200, 200, 200, 200, 400, 401, 404, 422, 429, 500, 503]),
)


class _Yahoo(requests.Session[requests.Response]):
    """Answers every question with what is being tried."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = (b"", 200)

    def request(self, method: Any, url: str, *_args: Any, **_kwargs: Any) -> requests.Response:
        del method
        answer = requests.Response()
        answer.url = url
        answer.content, answer.status_code = self.answer
        answer.ok = answer.status_code < 400
        return answer


@contextmanager
def _asking() -> Iterator[Attempt]:
    session = _Yahoo()

    def ask(answer: tuple[bytes, int]) -> None:
        session.answer = answer
        with suppress(ClosesUnavailable, UnknownTicker):
            _checked(closes._fetch(ITUB4, NOW))

    with tempfile.TemporaryDirectory() as folder:
        closes = YahooCloses(Path(folder))
        closes._session = session  # type: ignore[assignment]
        yield ask
        closes.close()


_KEPT = {
    "ticker": ITUB4,
    "origin": "yahoo",
    "fetched_at": NOW.isoformat(),
    "bars": [[str(b.session), b.open, b.high, b.low, b.close, b.volume] for b in BARS],
    "splits": [["2026-07-01", 2.0]],
}


@contextmanager
def _keeping() -> Iterator[Attempt]:
    with tempfile.TemporaryDirectory() as folder:

        def read(raw: bytes) -> None:
            (Path(folder) / f"{ITUB4}.json").write_bytes(raw)
            if bars := Shelf(Path(folder), Origin.YAHOO).read(ITUB4):
                _checked(bars)

        yield read


TARGETS = (
    Target("closes in a CSV file", _files(), _filing, 60_000),
    Target("closes from Yahoo", _ANSWERS, _asking, 30_000),
    Target("kept closes", written(spoilt(st.just(_KEPT))), _keeping, 40_000),
)
