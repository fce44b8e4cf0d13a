"""What every source of closes promises, whichever it is: the port's words, put to the test."""

import asyncio
import csv
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.closes import WINDOW, checked_window
from bot.domain.tickers import Ticker
from bot.edges.csv_closes import CsvCloses
from bot.edges.kept_closes import KeptCloses
from bot.edges.simulated import OrSimulated, SimulatedCloses
from bot.edges.yahoo import YahooCloses
from bot.errors import UnknownTicker
from bot.ports.forecasting import ClosesSource
from tests.share_bars import B3, ITUB4, at, walk
from tests.yahoo_server import Share, YahooServer

SOURCES = ["yahoo", "csv", "simulated", "yahoo or simulated", "kept yahoo"]
TUESDAY = date(2026, 7, 28)
BARS = walk(TUESDAY, 260)
MOMENTS = ["2026-07-28T08:00", "2026-07-28T15:00", "2026-07-28T20:00", "2026-06-06T12:00"]


@pytest.fixture(params=SOURCES)
async def source(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ClosesSource]:
    """Each source that the bot can be started with, knowing ITUB4."""
    _write(tmp_path / "csv" / "ITUB4.SA.csv")
    async with AsyncExitStack() as stack:
        server = stack.enter_context(YahooServer({ITUB4: Share(BARS)}))
        yahoo = stack.enter_context(
            closing(YahooCloses(tmp_path / "yfinance", base_url=server.url))
        )
        simulated = SimulatedCloses(1, B3)
        sources: dict[str, ClosesSource] = {
            "yahoo": yahoo,
            "csv": CsvCloses(tmp_path / "csv"),
            "simulated": simulated,
            "yahoo or simulated": OrSimulated(yahoo, simulated),
            "kept yahoo": KeptCloses(yahoo, tmp_path / "closes", B3),
        }
        yield sources[request.param]


def _write(path: Path) -> None:
    path.parent.mkdir()
    with path.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(["date", "close", "high", "low"])
        rows.writerows([bar.session, bar.close, bar.high, bar.low] for bar in BARS)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_half_a_year_before_now_is_there(source: ClosesSource, moment: str) -> None:
    """The window, what is typical of the share before it, and a chart."""
    now = at(moment)
    found = await source.daily(ITUB4, now)
    days = [bar.session for bar in found.bars if bar.session <= B3.newest_final(now)]

    assert (found.ticker, found.kept) == (ITUB4, False)
    assert days == [*B3.before(B3.newest_final(now) + timedelta(days=1), len(days))]
    assert len(days) >= 2 * WINDOW


@pytest.mark.parametrize("moment", MOMENTS)
async def test_what_it_gives_passes_the_checks(source: ClosesSource, moment: str) -> None:
    """Sixty closes up to the newest final one, and nothing missing."""
    now = at(moment)
    window = checked_window(await source.daily(ITUB4, now), B3, now)

    assert len(window.bars) == WINDOW
    assert window.newest.session == B3.newest_final(now)
    assert (window.missing, window.dropped, window.kept_at) == ((), (), None)


async def test_it_says_when_it_was_asked(source: ClosesSource) -> None:
    """By the clock that it was given: no source has one of its own."""
    now = at("2026-07-28T20:00")

    assert (await source.daily(ITUB4, now)).fetched_at == now


async def test_a_share_that_does_not_exist_is_unknown(source: ClosesSource) -> None:
    """Never an empty answer that looks like a share."""
    with pytest.raises(UnknownTicker):
        await source.daily(Ticker("XXXX3.SA"), at("2026-07-28T20:00"))


async def test_the_same_question_has_the_same_answer(source: ClosesSource) -> None:
    """Two people who ask at the same moment read the same."""
    now = at("2026-07-28T15:00")
    first, second = await asyncio.gather(source.daily(ITUB4, now), source.daily(ITUB4, now))

    assert repr(first) == repr(second)
