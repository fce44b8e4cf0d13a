"""A replay of prices as they were traded, with a split in them."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.tickers import Ticker
from bot.edges.csv_closes import CsvCloses
from bot.flow.record.replay import Replay, SettableClock
from tests.fakes_endpoint import FakeEndpoint
from tests.fakes_track_record import FakeTrackRecord
from tests.share_bars import B3, ITUB4, at

CLOSES = Path(__file__).parents[4] / "shared" / "closes"
TRADED = CLOSES / "defects" / "ITUB4.SA.unadjusted-split.csv"

pytestmark = pytest.mark.skipif(not TRADED.exists(), reason=f"no {TRADED}, optional test data")


async def replayed(folder: Path, first: date, last: date) -> FakeTrackRecord:
    """The record after a replay of one share's file."""
    (folder / "ITUB4.SA.csv").symlink_to(TRADED.resolve())
    record = FakeTrackRecord()
    clock = SettableClock(at("2026-07-31T20:00"))
    replay = Replay(CsvCloses(folder), FakeEndpoint(), record, B3, clock)
    await replay.play([Ticker(ITUB4)], first, last, lambda _: None)
    return record


async def test_a_true_split_is_no_error_of_a_third(tmp_path: Path) -> None:
    """ITUB4 traded 3:2 from 2018-11-21 on; the forecast of that morning was of old shares."""
    record = await replayed(tmp_path, date(2018, 11, 14), date(2018, 11, 28))
    found = await record.outcomes(ITUB4, 99)
    largest = max(one.relative_error for one in await record.tallies(ITUB4, 99))

    assert {one.forecast.session: round(one.factor, 6) for one in found if one.factor != 1.0} == {
        date(2018, 11, 21): round(2 / 3, 6)
    }
    assert largest < 0.05


async def test_every_session_of_a_year_is_settled_with_its_own_close(tmp_path: Path) -> None:
    """None is lost, none is doubled, none is moved by a day."""
    record = await replayed(tmp_path, date(2019, 1, 2), date(2019, 12, 30))
    lines = TRADED.read_text(encoding="utf-8").splitlines()[1:]
    column = TRADED.read_text(encoding="utf-8").splitlines()[0].split(",").index("close")
    traded = {date.fromisoformat(line[:10]): float(line.split(",")[column]) for line in lines}
    found = {one.forecast.session: one.close for one in await record.outcomes(ITUB4, 999)}

    days = B3.between(date(2019, 1, 2), date(2019, 12, 30))
    assert found == {day: traded[day] for day in days if day in traded}
