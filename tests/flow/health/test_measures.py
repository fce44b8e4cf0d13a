"""What the bot says of itself to whoever watches it."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.bars import Origin
from bot.domain.closes import Window
from bot.domain.forecast import Steps
from bot.domain.measures import Measure, Name
from bot.domain.operations import GoodCloses
from bot.domain.outbox import Content, Kind, Occasion
from bot.domain.places import Place
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Outcome, Recorded
from bot.errors import StorageUnavailable
from bot.flow.health.counted import CountedEndpoint, CountedRecord
from bot.flow.health.measures import Counts, Measures
from bot.ports.alarms import AwsUnavailable
from tests.fakes_aws import FakeSink
from tests.fakes_endpoint import FAKE_MODEL, FakeEndpoint
from tests.fakes_records import FakeRecords
from tests.share_bars import B3, at, walk

NOW = at("2026-07-29T09:00")
ITUB4 = Ticker("ITUB4.SA")
CONSTANT = {Name.OUTBOX_AGE: (0.0,), Name.HEARTBEAT: (1.0,)}


@dataclass
class Desk:
    """Measures over records in memory."""

    now: datetime = NOW
    counts: Counts = field(default_factory=Counts)
    sink: FakeSink = field(default_factory=FakeSink)
    records: FakeRecords = field(default_factory=FakeRecords)
    good: list[GoodCloses] = field(default_factory=list)
    measures: Measures = field(init=False)

    def __post_init__(self) -> None:
        self.measures = Measures(
            self.counts,
            self.sink,
            self.records.outbox,
            self.records.track_record,
            lambda: self.good,
            B3,
            lambda: self.now,
        )

    async def sent(self) -> dict[Name, tuple[float, ...]]:
        """What is sent now."""
        await self.measures.send()
        return {each.name: each.values for each in self.sink.sent[-1]}


@pytest.fixture
def desk() -> Desk:
    """Nothing has happened yet."""
    return Desk()


def outcome(close: float, revision: int = 0, made: Made = Made.LIVE) -> Outcome:
    """A forecast of 100 after a close of 101, and what came."""
    said = Recorded(
        ITUB4, date(2026, 7, 28), at("2026-07-28T09:00"), 100.0, 97.0, 103.0, 95.0, 105.0, 101.0,
        date(2026, 7, 27), FAKE_MODEL, made,
    )  # fmt: skip
    return Outcome(said, close, 1.0, NOW, revision)


async def test_a_bot_that_does_nothing_says_that_it_lives(desk: Desk) -> None:
    """The alarm on a missing heartbeat is the only one that a dead bot sets off."""
    assert await desk.sent() == {**CONSTANT, Name.FORECASTS_SERVED: (0.0,)}


async def test_forecasts_are_counted_and_timed(desk: Desk) -> None:
    """Each minute anew."""
    moments = iter([1.0, 1.25, 5.0, 5.5])
    counted = CountedEndpoint(FakeEndpoint(), desk.counts, lambda: next(moments))
    window = Window(ITUB4, walk(date(2026, 7, 28))[-60:], Origin.FILE)
    steps: list[Steps] = [*await counted.steps([window]), *await counted.steps([window, window])]
    first, second = await desk.sent(), await desk.sent()

    assert len(steps) == 3
    assert first == {**CONSTANT, Name.FORECASTS_SERVED: (3.0,), Name.LATENCY: (0.25, 0.5)}
    assert second == {**CONSTANT, Name.FORECASTS_SERVED: (0.0,)}


async def test_settled_forecasts_are_measured_once(desk: Desk) -> None:
    """Not again after a split, and not those that were never told to anybody."""
    record = CountedRecord(desk.records.track_record, desk.counts)
    live = outcome(102.0)
    await record.record([live.forecast])
    new = [await record.settle([live]), await record.settle([live])]
    desk.counts.settled([outcome(104.0), outcome(50.0, 1), outcome(50.0, 0, Made.REPLAY)])
    sent = await desk.sent()

    assert new == [1, 0]
    assert sent[Name.BAND_HITS] == (100.0, 0.0)
    assert sent[Name.FORECAST_ERROR] == pytest.approx((200 / 102,))
    assert sent[Name.NAIVE_ERROR] == pytest.approx((100 / 102,))
    assert Name.NAIVE_ERROR not in await desk.sent()


async def test_errors_that_could_not_be_read_are_sent_a_minute_later(desk: Desk) -> None:
    """They come once a session."""
    live = outcome(102.0)
    await desk.records.track_record.record([live.forecast])
    await CountedRecord(desk.records.track_record, desk.counts).settle([live])
    desk.records.track_record.failure = StorageUnavailable("locked")
    first = await desk.sent()
    desk.records.track_record.failure = None

    assert Name.FORECAST_ERROR not in first
    assert (await desk.sent())[Name.FORECAST_ERROR] == pytest.approx((200 / 102,))


async def test_a_counted_record_answers_as_the_one_underneath(desk: Desk) -> None:
    """Nobody notices that it counts."""
    kept = desk.records.track_record
    record = CountedRecord(kept, desk.counts)
    said = outcome(102.0).forecast
    await record.record([said])
    day = said.session

    assert await record.recorded(ITUB4, day) == await kept.recorded(ITUB4, day) == said
    assert await record.unsettled(day) == await kept.unsettled(day) == [said]
    assert await record.outcomes(ITUB4, 5) == await kept.outcomes(ITUB4, 5) == []
    assert await record.tallies(None, 5) == await kept.tallies(None, 5) == []


async def test_an_outbox_that_does_not_empty_grows_old(desk: Desk) -> None:
    """Subscribers wait for what is in it."""
    occasion = Occasion(Kind.NOTICE, "x", NOW.date())
    await desk.records.outbox.put([Place(1)], occasion, Content("x"), now=NOW)
    desk.now += timedelta(minutes=7)

    assert (await desk.sent())[Name.OUTBOX_AGE] == (420.0,)


async def test_without_the_database_its_age_is_missing(desk: Desk) -> None:
    """Nobody knows it; everything else is sent."""
    desk.records.outbox.failure = StorageUnavailable("locked")

    assert set(await desk.sent()) == {Name.FORECASTS_SERVED, Name.HEARTBEAT}


@pytest.mark.parametrize(
    ("newest", "now", "days"),
    [("2026-07-28", "2026-07-29T09:00", 0), ("2026-07-24", "2026-07-26T09:00", 0),
     ("2026-07-27", "2026-07-29T09:00", 1), ("2026-07-24", "2026-07-29T09:00", 4)],
)  # fmt: skip
async def test_closes_are_old_when_newer_ones_are_final(
    desk: Desk, newest: str, now: str, days: int
) -> None:
    """A weekend makes nothing old; the freshest share speaks for the source."""
    desk.now = at(now)
    old = GoodCloses(Ticker("OIBR3.SA"), date(2026, 5, 4), NOW)
    desk.good = [old, replace(old, ticker=ITUB4, newest=date.fromisoformat(newest))]

    assert (await desk.sent())[Name.CLOSES_AGE] == (days * 86_400.0,)


async def test_what_could_not_be_sent_is_sent_later_but_the_heartbeat(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """The session's error comes once a day; a heartbeat of the past would be a lie."""
    desk.counts.settled([outcome(102.0)])
    desk.sink.failure = AwsUnavailable("EndpointConnectionError")
    for _ in range(9):
        await desk.measures.send()
    desk.sink.failure = None
    sent: list[Measure] = []
    await desk.measures.send()
    sent = desk.sink.sent[-1]
    warnings = [record for record in caplog.records if record.message == "measures not sent"]

    assert [each.name for each in sent].count(Name.BAND_HITS) == 1
    assert [each.name for each in sent].count(Name.FORECASTS_SERVED) == 10
    assert [each.name for each in sent].count(Name.HEARTBEAT) == 1
    assert len(warnings) == 4


async def test_it_sends_once_more_when_it_is_stopped(desk: Desk) -> None:
    """What the last minute counted is not lost with the process."""
    stop = asyncio.Event()
    running = asyncio.create_task(desk.measures.run(stop))
    await asyncio.sleep(0)
    desk.counts.served(2, 0.5)
    stop.set()
    await asyncio.wait_for(running, 5)

    assert [each.values for each in desk.sink.sent[-1] if each.name is Name.FORECASTS_SERVED] == [
        (2.0,)
    ]
