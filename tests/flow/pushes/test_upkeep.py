"""The day's duties around the pushes: each once, in its time, again when it failed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.domain.forecast import Outlook
from bot.domain.outbox import Content, Kind, Occasion, Result, Sent
from bot.domain.places import Place
from bot.domain.tickers import Ticker
from bot.errors import ClosesUnavailable, ForecastError, ModelUnavailable, StorageUnavailable
from bot.flow.pushes.upkeep import Upkeep
from tests.push_day import ITAU, PETRO, VALE, PushDay
from tests.share_bars import B3, at


@dataclass
class Duties:
    """Upkeep over fakes, and what it did."""

    day: PushDay = field(default_factory=PushDay)
    failures: dict[Ticker, ForecastError] = field(default_factory=dict)
    recorded: list[list[Ticker]] = field(default_factory=list)
    settled: list[datetime] = field(default_factory=list)
    warmed: list[datetime] = field(default_factory=list)
    away: Exception | None = None

    def upkeep(self) -> Upkeep:
        """As a process that has just started."""
        records = self.day.records
        return Upkeep(
            self,
            records.subscriptions,
            records.outbox,
            B3,
            self.day.watch,
            (VALE,),
            self.settle,
            self.warm_up,
        )

    async def outlooks(self, tickers: Sequence[Ticker]) -> dict[Ticker, Outlook | ForecastError]:
        """Fulfils `bot.flow.pushes.push.Outlooks`: notes what was asked, fails as it is told."""
        self.recorded.append(list(tickers))
        return {share: one for share, one in self.failures.items() if share in tickers}

    async def settle(self) -> int:
        """Notes when, fails as it is told."""
        self.settled.append(self.day.watch())
        if self.away:
            raise self.away
        return 0

    async def warm_up(self) -> None:
        """Notes when, fails as it is told."""
        self.warmed.append(self.day.watch())
        if self.away:
            raise self.away

    def at(self, minute: str) -> None:
        """Set the clock on Wednesday."""
        self.day.watch.set(f"2026-07-29T{minute}")


@pytest.fixture
async def duties() -> Duties:
    """Two shares with subscribers, a third on the allow-list."""
    duties = Duties()
    await duties.day.subscribe(1, [ITAU, PETRO])
    return duties


async def test_the_morning_s_forecasts_of_all_shares_are_recorded_once(duties: Duties) -> None:
    """Those subscribed to and those served, whether or not anybody asks that day."""
    upkeep = duties.upkeep()
    for minute in ("08:59", "09:00", "09:01", "10:00", "17:00"):
        duties.at(minute)
        await upkeep.record_morning()

    assert duties.recorded == [[ITAU, PETRO, VALE]]


async def test_the_next_session_is_recorded_anew(duties: Duties) -> None:
    """Each session has its forecast."""
    upkeep = duties.upkeep()
    for day in ("2026-07-31T09:30", "2026-08-01T09:30", "2026-08-03T09:30"):
        duties.day.watch.set(day)
        await upkeep.record_morning()

    assert len(duties.recorded) == 2


async def test_a_share_that_could_not_be_recorded_is_tried_again(duties: Duties) -> None:
    """Every five minutes until there is no point any more."""
    upkeep = duties.upkeep()
    duties.failures[PETRO] = ClosesUnavailable(PETRO, "HTTP 429")
    for minute in ("09:00", "09:04", "09:05", "16:55"):
        duties.at(minute)
        await upkeep.record_morning()

    assert duties.recorded == [[ITAU, PETRO, VALE], [PETRO]]


async def test_settling_follows_the_final_close_and_goes_on_for_what_is_late(
    duties: Duties,
) -> None:
    """A source may have a close hours late; half an hour after five it is mostly there."""
    upkeep = duties.upkeep()
    for minute in ("17:25", "17:29", "17:30", "17:31", "17:44", "17:45"):
        duties.at(minute)
        await upkeep.settle_final()

    assert duties.settled == [at(f"2026-07-29T{at_}") for at_ in ("17:25", "17:30", "17:45")]


async def test_settling_that_failed_is_tried_the_next_minute(duties: Duties) -> None:
    """The database may only have been locked."""
    upkeep = duties.upkeep()
    duties.away = StorageUnavailable("locked")
    with pytest.raises(StorageUnavailable):
        await upkeep.settle_final()
    duties.at("09:01")
    duties.away = None
    await upkeep.settle_final()

    assert len(duties.settled) == 2


async def test_the_endpoint_is_woken_once_before_a_slot(duties: Duties) -> None:
    """One invocation is enough to wake it."""
    upkeep = duties.upkeep()
    for minute in ("08:56", "08:57", "08:58", "08:59", "09:00"):
        duties.at(minute)
        await upkeep.warm()

    assert duties.warmed == [at("2026-07-29T08:57")]


async def test_an_endpoint_that_does_not_wake_up_disturbs_nobody(duties: Duties) -> None:
    """The push itself will say so, if it is still away then."""
    upkeep = duties.upkeep()
    duties.away = ModelUnavailable("e", 503)
    duties.at("08:58")
    await upkeep.warm()

    assert len(duties.warmed) == 1


async def test_ended_items_are_deleted_after_ninety_days_once_a_day(duties: Duties) -> None:
    """Nothing is kept longer than it is of use; the file does not grow for ever."""
    outbox, upkeep = duties.day.records.outbox, duties.upkeep()
    for number, moment in enumerate(("2026-04-29T08:00", "2026-05-01T09:00")):
        occasion = Occasion(Kind.NOTICE, str(number), at(moment).date())
        await outbox.put([Place(1)], occasion, Content("x"), now=at(moment))
        (item,) = await outbox.due(at(moment), 1)
        await outbox.advance([], [item], at(moment))
        await outbox.advance([Result(item, Sent(1))], [], at(moment))
    await upkeep.tidy_up()
    left = [item.outgoing.occasion.subject for item in duties.day.records.tables.items.values()]
    outbox.failure = StorageUnavailable("asked twice a day")
    await upkeep.tidy_up()

    assert left == ["1"]


async def test_after_the_lease_was_elsewhere_all_duties_are_looked_at_again(
    duties: Duties,
) -> None:
    """Another process may have died over them; doing them twice changes nothing."""
    upkeep = duties.upkeep()
    for _ in range(2):
        await upkeep.record_morning()
        await upkeep.settle_final()
    before = len(duties.recorded), len(duties.settled)
    upkeep.forget()
    await upkeep.record_morning()
    await upkeep.settle_final()

    assert (before, len(duties.recorded), len(duties.settled)) == ((1, 1), 2, 2)
