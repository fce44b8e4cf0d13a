"""`replay` as it is watched in a terminal."""

from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot.domain.bars import DailyBars
from bot.domain.tickers import Ticker
from bot.edges.replay_terminal import played, shares_in
from bot.errors import ModelUnavailable, StorageUnavailable, UnknownTicker
from bot.flow.record.replay import Replay, SettableClock
from tests.fakes_endpoint import FakeEndpoint
from tests.fakes_track_record import FakeTrackRecord
from tests.share_bars import B3, ITUB4, at, daily, walk

WEEK = (date(2026, 7, 20), date(2026, 7, 24))


class Files:
    """Fulfils `bot.ports.forecasting.ClosesSource` with one share."""

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """Its whole history."""
        if ticker != ITUB4:
            raise UnknownTicker(ticker)
        return daily(walk(date(2026, 7, 31)), now)


def told(
    endpoint: FakeEndpoint, record: FakeTrackRecord, shares: tuple[str, ...] = (ITUB4,)
) -> tuple[int, str]:
    """The exit code and the last line of a replay of one week."""
    output = StringIO()
    play = Replay(Files(), endpoint, record, B3, SettableClock(at("2026-07-31T20:00")))
    code = played(play, [Ticker(each) for each in shares], WEEK, Console(file=output, width=100))
    return code, output.getvalue().splitlines()[-1].strip()


def test_a_replay_ends_by_saying_what_it_settled() -> None:
    """And with exit code 0."""
    assert told(FakeEndpoint(), FakeTrackRecord()) == (0, "5 forecasts settled on the scoreboard")


def test_shares_without_a_forecast_are_counted() -> None:
    """Whoever wonders why a share is missing finds the reason in the log."""
    assert told(FakeEndpoint(), FakeTrackRecord(), (ITUB4, "PETR4.SA")) == (
        0,
        "5 forecasts settled on the scoreboard, 5 without a forecast",
    )


@pytest.mark.parametrize(
    ("endpoint", "record", "reason"),
    [
        (
            FakeEndpoint(failure=ModelUnavailable("local", 503)),
            FakeTrackRecord(),
            "endpoint 'local' answered 503",
        ),
        (
            FakeEndpoint(),
            FakeTrackRecord(failure=StorageUnavailable("locked")),
            "database: locked",
        ),
    ],
)
def test_a_replay_that_had_to_stop_says_why_and_how_to_go_on(
    endpoint: FakeEndpoint, record: FakeTrackRecord, reason: str
) -> None:
    """With exit code 1, so that a script notices."""
    assert told(endpoint, record) == (1, f"stopped: {reason}; the same command goes on from here")


def test_the_shares_of_a_folder_are_its_files_of_b3_shares(tmp_path: Path) -> None:
    """Indices, foreign shares and notes may lie beside them."""
    for name in ("PETR4.SA.csv", "ITUB4.SA.csv", "AAPL.csv", "^BVSP.csv", "X.SA.csv", "README.md"):
        (tmp_path / name).touch()

    assert shares_in(tmp_path) == ["ITUB4.SA", "PETR4.SA"]
