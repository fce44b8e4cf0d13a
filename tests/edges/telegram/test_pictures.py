"""Charts are drawn once, uploaded once and re-used by file_id after that."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.closes import Bar, Origin, Window
from bot.domain.forecast import Forecast, Model, Outlook
from bot.domain.sessions import Phase
from bot.domain.tickers import Ticker
from bot.edges.telegram.pictures import REMEMBERED, Chart, Pictures, Shelf
from bot.errors import StorageUnavailable
from bot.wording.buttons import Horizon
from tests.fakes_records import FakeFileIds

NOW = datetime(2026, 7, 28, 9, tzinfo=UTC)
MONDAY = date(2026, 7, 27)
BAR = Bar(MONDAY, 42.0, 42.5, 41.5, 42.0, 1e6)
WINDOW = Window(Ticker("ITUB4.SA"), (BAR,) * 60, Origin.FILE)
FORECAST = Forecast(MONDAY + timedelta(days=1), 42.1, 41.0, 43.0, 40.0, 44.0)
MODEL = Model("m", "1", "0" * 64)
OUTLOOK = Outlook(
    WINDOW.ticker, Phase.OPEN, WINDOW, FORECAST, FORECAST, None, (FORECAST,) * 5, MODEL
)
CHART = Chart(OUTLOOK, Horizon.TODAY)


class Pen:
    """Draws by writing down what was asked."""

    def __init__(self) -> None:
        self.drawn: list[Chart] = []

    def draw(self, outlook: Outlook, horizon: Horizon) -> bytes:
        """Give bytes that name the drawing."""
        self.drawn.append(Chart(outlook, horizon))
        return f"PNG {len(self.drawn)}".encode()


async def test_all_who_ask_at_once_share_one_drawing() -> None:
    """Drawing is the slowest part of an answer."""
    pen = Pen()
    pictures = Pictures(pen.draw)

    assert await asyncio.gather(*(pictures.of(CHART) for _ in range(5))) == [b"PNG 1"] * 5


async def test_an_uploaded_chart_is_sent_by_its_file_id() -> None:
    """Telegram has the picture already."""
    pen = Pen()
    pictures = Pictures(pen.draw)
    await pictures.uploaded(CHART, "AgAC")

    assert await pictures.of(CHART) == "AgAC"
    assert pen.drawn == []


async def test_whatever_changes_in_the_chart_makes_another_one() -> None:
    """Yesterday's picture must never stand beside today's figures."""
    pen = Pen()
    pictures = Pictures(pen.draw)
    await pictures.uploaded(CHART, "AgAC")
    closed = Chart(replace(OUTLOOK, phase=Phase.CLOSED, closed=42.0), Horizon.TODAY)
    coming = Chart(OUTLOOK, Horizon.COMING)

    assert [await pictures.of(chart) for chart in (closed, coming)] == [b"PNG 1", b"PNG 2"]


async def test_a_refused_file_id_is_forgotten() -> None:
    """Telegram may drop a file; the chart is drawn and uploaded again."""
    pictures = Pictures(Pen().draw)
    await pictures.uploaded(CHART, "AgAC")
    await pictures.refused(CHART)

    assert await pictures.of(CHART) == b"PNG 1"


async def test_memory_is_bounded_and_the_oldest_chart_goes_first() -> None:
    """A bot that runs for months must not grow."""
    pictures = Pictures(Pen().draw)
    for price in range(REMEMBERED + 1):
        await pictures.uploaded(
            Chart(replace(OUTLOOK, closed=float(price)), Horizon.TODAY), str(price)
        )
    oldest, next_one = (
        Chart(replace(OUTLOOK, closed=price), Horizon.TODAY) for price in (0.0, 1.0)
    )

    assert [await pictures.of(oldest), await pictures.of(next_one)] == [b"PNG 1", "1"]


async def test_a_chart_uploaded_before_a_restart_is_not_drawn_again() -> None:
    """The first who asks after a deployment is answered as fast as the thousandth."""
    shelf, pen = Shelf(FakeFileIds(), lambda: NOW, "bot 1"), Pen()
    await Pictures(pen.draw, shelf).uploaded(CHART, "AgAC")

    assert await Pictures(pen.draw, shelf).of(CHART) == "AgAC"
    assert pen.drawn == []


async def test_another_bot_or_version_draws_its_own() -> None:
    """A file_id belongs to one bot, and a new version may draw something else."""
    file_ids, pen = FakeFileIds(), Pen()
    await Pictures(pen.draw, Shelf(file_ids, lambda: NOW, "bot 1")).uploaded(CHART, "AgAC")

    assert await Pictures(pen.draw, Shelf(file_ids, lambda: NOW, "bot 2")).of(CHART) == b"PNG 1"


async def test_a_kept_file_id_that_telegram_refuses_is_forgotten_for_good() -> None:
    """Otherwise every start would begin with a refusal."""
    shelf, pen = Shelf(FakeFileIds(), lambda: NOW, "bot 1"), Pen()
    await Pictures(pen.draw, shelf).uploaded(CHART, "AgAC")
    again = Pictures(pen.draw, shelf)
    await again.of(CHART)
    await again.refused(CHART)

    assert await Pictures(pen.draw, shelf).of(CHART) == b"PNG 1"


async def test_without_the_database_charts_are_drawn() -> None:
    """/hoje needs no database."""
    away, pen = FakeFileIds(StorageUnavailable("locked")), Pen()
    pictures = Pictures(pen.draw, Shelf(away, lambda: NOW, "bot 1"))

    assert await pictures.of(CHART) == b"PNG 1"
    await pictures.uploaded(CHART, "AgAC")
    assert await pictures.of(CHART) == "AgAC"
