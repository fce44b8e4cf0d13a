"""History fills the scoreboard through the code that answers people, and knows nothing early."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.bars import Bar, DailyBars, Origin
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Recorded
from bot.errors import ModelUnavailable, StorageUnavailable, UnknownTicker
from bot.flow.record.replay import Progress, Replay, SettableClock
from tests.fakes_endpoint import FakeEndpoint
from tests.fakes_track_record import FakeTrackRecord
from tests.share_bars import B3, ITUB4, at, walk
from tests.track_records import forecast_of

PETR4 = Ticker("PETR4.SA")
FIRST, LAST = date(2026, 7, 20), date(2026, 7, 24)
WEEK = B3.between(FIRST, LAST)
BARS = walk(date(2026, 7, 31))
NOW = at("2026-07-31T20:00")


@dataclass
class History:
    """Fulfils `bot.ports.forecasting.ClosesSource` with whole files, the future included."""

    bars: tuple[Bar, ...] = BARS
    unknown: Ticker | None = None
    asked: list[datetime] = field(default_factory=list)

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """All there is, whatever the time."""
        self.asked.append(now)
        if ticker == self.unknown:
            raise UnknownTicker(ticker)
        return DailyBars(ticker, self.bars, Origin.FILE, now)


async def replayed(
    record: FakeTrackRecord,
    history: History | None = None,
    endpoint: FakeEndpoint | None = None,
    now: datetime = NOW,
    shares: Sequence[Ticker] = (ITUB4, PETR4),
) -> tuple[int, list[Progress]]:
    """Play the week; gives new outcomes and what a watcher saw."""
    seen: list[Progress] = []
    replay = Replay(
        history or History(), endpoint or FakeEndpoint(), record, B3, SettableClock(now)
    )
    return await replay.play(shares, FIRST, LAST, seen.append), seen


async def test_every_session_is_forecast_in_the_morning_and_settled_in_the_evening() -> None:
    """As if the bot had been asked each day at nine."""
    record = FakeTrackRecord()
    new, _ = await replayed(record)
    closes = {bar.session: bar.close for bar in BARS}

    assert new == 10
    assert [
        (one.session, one.made_at, one.last_close, one.last_session, one.made)
        for one in record.forecasts.values()
        if one.ticker == ITUB4
    ] == [
        (day, at(f"{day}T09:00"), closes[before], before, Made.REPLAY)
        for day in WEEK
        for before in B3.before(day, 1)
    ]
    assert [
        (one.forecast.session, one.close, one.settled_at) for one in await record.outcomes(ITUB4, 9)
    ] == [(day, closes[day], B3.final(day)) for day in WEEK]


@settings(max_examples=10)
@given(st.integers(0, 10_000))
async def test_a_shuffled_future_changes_no_forecast(seed: int) -> None:
    """Whatever comes after the morning, nothing of it may be known then."""
    true, shuffled = FakeTrackRecord(), FakeTrackRecord()
    dice = random.Random(seed)
    day = dice.choice(WEEK)
    past = [bar for bar in BARS if bar.session < day]
    future = [bar for bar in BARS if bar.session >= day]
    days = [bar.session for bar in future]
    dice.shuffle(future)
    other = [replace(bar, session=when) for bar, when in zip(future, days, strict=True)]
    await replayed(true)
    await replayed(shuffled, History((*past, *other)))

    def known(record: FakeTrackRecord) -> list[Recorded]:
        return [one for one in record.forecasts.values() if one.session <= day]

    assert known(shuffled) == known(true)


async def test_one_session_costs_one_invocation_of_the_model() -> None:
    """A year of all shares is a minute, not an hour."""
    endpoint = FakeEndpoint()
    await replayed(FakeTrackRecord(), endpoint=endpoint)

    assert [len(windows) for windows in endpoint.asked] == [2] * 5


async def test_a_replay_that_was_stopped_goes_on_where_it_was() -> None:
    """Sessions with an outcome are not played again."""
    record, endpoint = FakeTrackRecord(), FakeEndpoint()
    half = Replay(History(), endpoint, record, B3, SettableClock(NOW))
    await half.play([ITUB4, PETR4], FIRST, WEEK[1], lambda _: None)
    endpoint.asked.clear()
    new, seen = await replayed(record, endpoint=endpoint)

    assert (new, len(endpoint.asked)) == (6, 3)
    assert [(one.session, one.done, one.total, one.outcomes) for one in seen] == [
        (day, done, 5, 0 if done <= 2 else 2) for done, day in enumerate(WEEK, start=1)
    ]


async def test_a_replay_stopped_between_morning_and_evening_is_settled_later() -> None:
    """A forecast that was left without its close gets it the next time."""
    record = FakeTrackRecord()
    await record.record([forecast_of(WEEK[0], made=Made.REPLAY)])
    await replayed(record, shares=[ITUB4])

    assert [one.forecast.expected for one in await record.outcomes(ITUB4, 9)][:1] == [42.0]


async def test_live_forecasts_stay_what_they_were() -> None:
    """Neither overwritten nor settled with the closes of a file."""
    record = FakeTrackRecord()
    live = forecast_of(WEEK[2])
    await record.record([live])
    new, _ = await replayed(record, shares=[ITUB4])

    assert (new, record.forecasts[ITUB4, WEEK[2]].made) == (4, Made.LIVE)
    assert (ITUB4, WEEK[2], 0) not in record.settled


async def test_a_session_whose_close_is_not_final_is_not_played() -> None:
    """A replayed forecast of today would stand in the way of the live one."""
    record = FakeTrackRecord()
    new, seen = await replayed(record, now=at(f"{WEEK[3]}T12:00"))

    assert (new, [one.session for one in seen]) == (6, list(WEEK[:3]))


async def test_a_share_without_a_file_takes_no_other_along() -> None:
    """How many failed is told."""
    record = FakeTrackRecord()
    new, seen = await replayed(record, History(unknown=PETR4))

    assert (new, [one.failed for one in seen]) == (5, [1] * 5)


async def test_a_model_that_is_away_stops_the_replay() -> None:
    """A year of failures would take an hour of timeouts and leave nothing."""
    endpoint = FakeEndpoint(failure=ModelUnavailable("local", 503))

    with pytest.raises(ModelUnavailable):
        await replayed(FakeTrackRecord(), endpoint=endpoint)
    assert len(endpoint.asked) == 1


async def test_a_database_that_is_away_stops_the_replay() -> None:
    """What was played stays; the next run goes on from there."""
    record = FakeTrackRecord(failure=StorageUnavailable("locked"))

    with pytest.raises(StorageUnavailable):
        await replayed(record)


async def test_no_close_is_asked_for_before_its_time() -> None:
    """The source hears the clock of the replay: nine o'clock, then the final close."""
    history = History()
    await replayed(FakeTrackRecord(), history, shares=[ITUB4])

    assert history.asked == [
        moment for day in WEEK for moment in (at(f"{day}T09:00"), B3.final(day))
    ]


async def test_the_model_never_sees_a_close_of_the_session_it_forecasts() -> None:
    """The newest close of each window is that of the session before."""
    endpoint = FakeEndpoint()
    await replayed(FakeTrackRecord(), endpoint=endpoint, shares=[ITUB4])
    newest = [window.newest.session for asked in endpoint.asked for window in asked]

    assert newest == [B3.before(day, 1)[0] for day in WEEK]
