"""Every evening closes are put beside forecasts; what cannot be settled waits."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pytest

from bot.domain.bars import Bar, DailyBars, Origin
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Recorded
from bot.errors import ClosesUnavailable, ForecastError, StorageUnavailable
from bot.flow.record.replay import SettableClock
from bot.flow.record.settling import SETTLED_AT_ONCE, Settler
from tests.fakes_track_record import FakeTrackRecord
from tests.share_bars import B3, ITUB4, at, unadjusted, walk
from tests.track_records import forecast_of

PETR4 = Ticker("PETR4.SA")
DAY = date(2026, 7, 29)
EVENING = at("2026-07-29T17:30")
BARS = walk(date(2026, 8, 20))


@dataclass
class Source:
    """Fulfils `bot.ports.forecasting.ClosesSource` with the same bars for every share."""

    bars: tuple[Bar, ...] = BARS
    origin: Origin = Origin.YAHOO
    failures: dict[Ticker, ForecastError] = field(default_factory=dict)
    asked: list[Ticker] = field(default_factory=list)
    at_once: int = 0
    most: int = 0

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """All there is, the future included: the clock has to hide it."""
        self.asked.append(ticker)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if ticker in self.failures:
            raise self.failures[ticker]
        return DailyBars(ticker, self.bars, self.origin, now)


def close_of(day: date) -> float:
    """The close that the source has of a day."""
    return next(bar.close for bar in BARS if bar.session == day)


def forecast(day: date = DAY, ticker: Ticker = ITUB4, made: Made = Made.LIVE) -> Recorded:
    """A forecast that starts from the close that the source has."""
    found = forecast_of(day, ticker, made)
    return replace(found, last_close=close_of(found.last_session))


async def recorded(*forecasts: Recorded) -> FakeTrackRecord:
    """A record that holds some forecasts."""
    record = FakeTrackRecord()
    await record.record(forecasts)
    return record


def settler(record: FakeTrackRecord, source: Source, moment: datetime = EVENING) -> Settler:
    """One that believes it is `moment`."""
    return Settler(source, record, B3, SettableClock(moment))


def closes(record: FakeTrackRecord) -> dict[tuple[Ticker, date], float]:
    """What was settled, by share and session."""
    return {(ticker, day): one.close for (ticker, day, _), one in record.settled.items()}


async def test_after_the_close_every_forecast_gets_its_own_close() -> None:
    """Not that of another share or day."""
    monday = date(2026, 7, 27)
    record = await recorded(forecast(), forecast(monday), forecast(ticker=PETR4))
    new = await settler(record, Source()).settle()

    assert (new, closes(record)) == (
        3,
        {
            (ITUB4, monday): close_of(monday),
            (ITUB4, DAY): close_of(DAY),
            (PETR4, DAY): close_of(DAY),
        },
    )


async def test_before_the_close_is_final_nothing_is_asked_of_anybody() -> None:
    """The source has a price of today; it is no close."""
    record, source = await recorded(forecast()), Source()
    new = await settler(record, source, at("2026-07-29T17:29")).settle()

    assert (new, source.asked, record.settled) == (0, [], {})


async def test_settling_twice_changes_nothing() -> None:
    """The job may run again after a restart."""
    record, source = await recorded(forecast()), Source()
    found = [await settler(record, source).settle() for _ in range(2)]

    assert (found, source.asked) == ([1, 0], [ITUB4])


async def test_each_share_is_asked_for_once_and_a_few_at_a_time() -> None:
    """The source is a guest's table."""
    shares = [Ticker(f"ABC{letter}3.SA") for letter in "DEFGHIJKLMNOPQRSTUVW"]
    days = (DAY, date(2026, 7, 28))
    record = await recorded(*(forecast(day, share) for share in shares for day in days))
    source = Source()
    new = await settler(record, source).settle()

    assert (new, sorted(source.asked), source.most) == (40, shares, SETTLED_AT_ONCE)


async def test_a_source_that_fails_leaves_the_share_for_the_next_time() -> None:
    """And takes no other share along."""
    record = await recorded(forecast(), forecast(ticker=PETR4))
    source = Source(failures={ITUB4: ClosesUnavailable(ITUB4, "HTTP 429")})
    job = settler(record, source)
    first = await job.settle(), list(closes(record))
    source.failures.clear()
    second = await job.settle(), list(closes(record))

    assert (first, second) == ((1, [(PETR4, DAY)]), (1, [(PETR4, DAY), (ITUB4, DAY)]))


@pytest.mark.parametrize(
    "source",
    [
        Source(origin=Origin.SIMULATED),
        Source(bars=tuple(bar for bar in BARS if bar.session != DAY)),
    ],
    ids=["invented", "suspended"],
)
async def test_without_a_true_close_of_the_day_a_forecast_stays_unsettled(source: Source) -> None:
    """No close is better than another day's, or nobody's."""
    record = await recorded(forecast())

    assert (await settler(record, source).settle(), record.settled) == (0, {})


async def test_a_forecast_without_a_close_is_given_up_after_ten_sessions() -> None:
    """A share that left the exchange would be asked about every evening, for ever."""
    record = await recorded(forecast())
    source = Source(bars=tuple(bar for bar in BARS if bar.session != DAY))
    clock = SettableClock(EVENING)
    job = Settler(source, record, B3, clock)
    asked = []
    for day in B3.between(DAY, date(2026, 8, 14)):
        clock.now = B3.final(day)
        await job.settle()
        asked.append(len(source.asked))

    assert asked == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 11]


async def test_after_a_month_off_old_forecasts_are_still_settled() -> None:
    """A laptop that was closed; giving up is for closes that are not there."""
    record = await recorded(forecast(date(2026, 5, 4)))

    assert await settler(record, Source()).settle() == 1


async def test_a_source_that_is_away_is_no_reason_to_give_up() -> None:
    """Only an answer without the close is."""
    record = await recorded(forecast(date(2026, 7, 1)))
    source = Source(failures={ITUB4: ClosesUnavailable(ITUB4, "HTTP 429")})
    job = settler(record, source)
    await job.settle()
    source.failures.clear()

    assert await job.settle() == 1


async def test_a_bonus_told_late_settles_the_last_outcomes_again() -> None:
    """On the day after, with the share's next close; the first figure stays on record."""
    thursday = date(2026, 7, 30)
    early = replace(forecast(), last_close=close_of(date(2026, 7, 28)) * 1.1)
    record = await recorded(early, forecast(thursday))
    source = Source(unadjusted(BARS, DAY, 1.1))
    clock = SettableClock(EVENING)
    job = Settler(source, record, B3, clock)
    await job.settle()
    source.bars, clock.now = BARS, B3.final(thursday)
    new = await job.settle()

    assert new == 2
    assert {
        (day, revision): round(one.factor, 9) for (_, day, revision), one in record.settled.items()
    } == {(DAY, 0): 1.0, (DAY, 1): round(1 / 1.1, 9), (thursday, 0): 1.0}


async def test_only_what_is_wanted_is_settled() -> None:
    """A replay leaves live forecasts to their own source of closes."""
    record = await recorded(forecast(), forecast(ticker=PETR4, made=Made.REPLAY))
    job = Settler(
        Source(),
        record,
        B3,
        SettableClock(EVENING),
        wanted=lambda one: one.made is Made.REPLAY,
    )
    await job.settle()

    assert list(closes(record)) == [(PETR4, DAY)]


async def test_a_database_that_is_away_is_told_to_whoever_runs_the_job() -> None:
    """The job runner tries again and tells the operator."""
    record = await recorded(forecast())
    record.failure = StorageUnavailable("locked")

    with pytest.raises(StorageUnavailable):
        await settler(record, Source()).settle()
