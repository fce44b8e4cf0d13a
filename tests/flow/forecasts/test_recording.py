"""Forecasts go on the record while people are answered, and nobody notices."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.bars import DailyBars, Origin
from bot.domain.closes import Window
from bot.domain.forecast import Outlook
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Recorded
from bot.errors import StorageUnavailable, UnknownTicker
from bot.flow.forecasts import recording
from bot.flow.forecasts.recording import RecordedForecaster, Recorder
from bot.flow.record.replay import SettableClock
from tests.fakes_endpoint import FAKE_MODEL, FakeEndpoint
from tests.fakes_track_record import FakeTrackRecord
from tests.share_bars import B3, ITUB4, at, daily, walk
from tests.wording import scenes

MORNING = at("2026-07-29T09:00")
PETR4 = Ticker("PETR4.SA")


class Walks:
    """Fulfils `bot.ports.forecasting.ClosesSource` for every share but XPTO3."""

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """The same walk for all; the future is there, for the clock to hide."""
        if ticker == "XPTO3.SA":
            raise UnknownTicker(ticker)
        return replace(daily(walk(date(2026, 7, 31)), now), ticker=ticker)


@dataclass(slots=True)
class SlowRecord(FakeTrackRecord):
    """A database that answers when it is let go."""

    free: asyncio.Event = field(default_factory=asyncio.Event)
    batches: list[int] = field(default_factory=list)

    async def record(self, forecasts: Sequence[Recorded]) -> int:
        """Wait, then write."""
        self.batches.append(len(forecasts))
        await self.free.wait()
        return await FakeTrackRecord.record(self, forecasts)


def recorder(record: FakeTrackRecord, clock: SettableClock | None = None) -> Recorder:
    """One that believes it is Wednesday, nine o'clock."""
    return Recorder(record, B3, clock or SettableClock(MORNING))


def forecaster(record: FakeTrackRecord) -> RecordedForecaster:
    """A forecaster on Wednesday, nine o'clock, with its record."""
    clock = SettableClock(MORNING)
    return RecordedForecaster(Walks(), FakeEndpoint(), B3, clock, recorder=recorder(record, clock))


def outlook_of(number: int) -> Outlook:
    """The reference outlook of one share among many."""
    code = Ticker(f"{'ABCDEFGHIJ'[number // 1000]}{number % 1000:03}3.SA")
    window: Window = replace(scenes.REFERENCE.window, ticker=code)
    return replace(scenes.REFERENCE, ticker=code, window=window)


async def test_what_somebody_asks_for_is_recorded() -> None:
    """The scoreboard fills by itself."""
    record = FakeTrackRecord()
    asked = forecaster(record)
    outlook = await asked.outlook("itub4")
    await asked.recorder.written()

    last = outlook.window.newest
    assert await record.recorded(ITUB4, date(2026, 7, 29)) == Recorded(
        ticker=ITUB4,
        session=date(2026, 7, 29),
        made_at=MORNING,
        expected=outlook.morning.expected,
        low80=outlook.morning.low80,
        high80=outlook.morning.high80,
        low95=outlook.morning.low95,
        high95=outlook.morning.high95,
        last_close=last.close,
        last_session=date(2026, 7, 28),
        model=FAKE_MODEL,
        made=Made.LIVE,
    )


async def test_a_batch_is_recorded_in_one_transaction_without_those_that_failed() -> None:
    """The daily message asks about hundreds of shares at once."""
    record = SlowRecord()
    record.free.set()
    asked = forecaster(record)
    await asked.outlooks([ITUB4, PETR4, Ticker("XPTO3.SA")])
    await asked.recorder.written()

    assert (record.batches, sorted(ticker for ticker, _ in record.forecasts)) == (
        [2],
        [ITUB4, PETR4],
    )


async def test_the_answer_does_not_wait_for_the_database() -> None:
    """A slow disk must not make anybody wait for a forecast."""
    record = SlowRecord()
    asked = forecaster(record)
    outlook = await asked.outlook("ITUB4")

    assert (outlook.ticker, record.forecasts) == (ITUB4, {})
    record.free.set()
    await asked.recorder.written()


async def test_what_is_asked_while_the_database_writes_goes_into_the_next_transaction() -> None:
    """Many people ask at nine o'clock; each share costs one row, not one transaction."""
    record = SlowRecord()
    writer = recorder(record)
    writer.note([outlook_of(1)])
    await asyncio.sleep(0)
    for number in (2, 3, 4):
        writer.note([outlook_of(number)])
    record.free.set()
    await writer.written()

    assert (record.batches, len(record.forecasts)) == ([1, 3], 4)


async def test_the_same_share_is_written_once() -> None:
    """The thousandth question costs the database nothing."""
    record = SlowRecord()
    record.free.set()
    writer = recorder(record)
    for _ in range(3):
        writer.note([scenes.REFERENCE])
        await writer.written()

    assert record.batches == [1]


async def test_a_database_that_is_away_costs_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """People get their forecast; the next question puts it on the record."""
    record = FakeTrackRecord(failure=StorageUnavailable("locked"))
    asked = forecaster(record)
    await asked.outlook("ITUB4")
    await asked.recorder.written()
    record.failure = None
    away = [entry.getMessage() for entry in caplog.records]
    await asked.outlook("ITUB4")
    await asked.recorder.written()

    assert (away, list(record.forecasts)) == (
        ["forecasts not recorded"],
        [(ITUB4, date(2026, 7, 29))],
    )


async def test_a_defect_in_the_database_is_reported_and_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A background task that dies silently would leave the scoreboard empty for weeks."""
    early = FakeTrackRecord(close=lambda day: B3.close(day) - timedelta(days=1))
    writer = recorder(early)
    writer.note([scenes.REFERENCE])
    await writer.written()
    early.close = B3.close
    writer.note([outlook_of(1)])
    await writer.written()

    assert [(entry.levelno, bool(entry.exc_info)) for entry in caplog.records] == [
        (logging.ERROR, True)
    ]
    assert len(early.forecasts) == 1


async def test_what_does_not_count_is_not_recorded() -> None:
    """Invented prices, and what is told after the close."""
    record = FakeTrackRecord()
    writer = recorder(record)
    simulated = replace(scenes.REFERENCE.window, origin=Origin.SIMULATED)
    writer.note([replace(scenes.REFERENCE, window=simulated), scenes.CLOSED])
    await writer.written()

    assert record.forecasts == {}


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that runs for years must not grow; what it forgot is only written again, in vain."""
    monkeypatch.setattr(recording, "REMEMBERED", 2)
    record = SlowRecord()
    record.free.set()
    writer = recorder(record)
    for number in (1, 2, 3, 3, 1):
        writer.note([outlook_of(number)])
        await writer.written()

    assert (record.batches, len(record.forecasts)) == ([1, 1, 1, 1], 3)
