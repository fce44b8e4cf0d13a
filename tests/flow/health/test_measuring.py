"""Ports that remember how they answered, and the status made of that."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from bot.domain.closes import DailyBars, Window
from bot.domain.forecast import Steps
from bot.domain.operations import Calls, GoodCloses, Status, Storage
from bot.domain.outbox import Backlog, Content, Kind, Occasion
from bot.domain.places import Place
from bot.domain.tickers import Ticker
from bot.errors import ClosesUnavailable, ForecastError, ModelUnavailable, StorageUnavailable
from bot.flow.forecasts.warming import WarmUp
from bot.flow.health.measuring import (
    CALLS_KEPT,
    SHARES_KEPT,
    Heard,
    MeasuredCloses,
    MeasuredEndpoint,
)
from bot.flow.health.operations import Operations
from tests.fakes_endpoint import FAKE_MODEL, FakeEndpoint, window_ending_at
from tests.fakes_records import FakeRecords
from tests.push_day import ITAU, VALE, Prices, Watch
from tests.share_bars import B3, at

WINDOW = window_ending_at(30.0)
NOW = at("2026-07-29T09:00")


@dataclass
class Counter:
    """Seconds that go on by `step` with each look."""

    step: float = 0.02
    seconds: float = 100.0

    def __call__(self) -> float:
        """The seconds now."""
        self.seconds += self.step
        return self.seconds


async def answered(endpoint: MeasuredEndpoint, *windows: Window) -> list[Steps] | ForecastError:
    """What the endpoint says, a failure included."""
    try:
        return await endpoint.steps(windows)
    except ForecastError as error:
        return error


async def test_the_endpoint_s_answers_pass_unchanged_and_are_timed() -> None:
    """Operators see the last call and the median, and how many failed."""
    inner, counter = FakeEndpoint(), Counter()
    endpoint = MeasuredEndpoint(inner, counter)
    nothing_yet = endpoint.calls(), endpoint.model
    answers = [await answered(endpoint, WINDOW)]
    inner.failure = ModelUnavailable("e", 503)
    answers.append(await answered(endpoint, WINDOW))
    inner.failure = None
    for step in (0.1, 0.06):
        counter.step = step
        answers.append(await answered(endpoint, WINDOW))
    told = endpoint.calls()

    assert nothing_yet == (Calls(0, 0.0, 0.0, 0), None)
    assert answers[0] == answers[2] == answers[3] == await inner.steps([WINDOW])
    assert isinstance(answers[1], ModelUnavailable)
    assert (told.count, told.failures, endpoint.model) == (3, 1, FAKE_MODEL)
    assert (told.last, told.median) == pytest.approx((0.06, 0.06))


async def test_only_the_newest_calls_count() -> None:
    """A bad hour last week says nothing about now, and memory has an end."""
    inner = FakeEndpoint(failure=ModelUnavailable("e", None))
    endpoint = MeasuredEndpoint(inner, Counter())
    await answered(endpoint, WINDOW)
    only_failed = endpoint.calls()
    inner.failure = None
    for _ in range(CALLS_KEPT):
        await answered(endpoint, WINDOW)

    assert only_failed == Calls(0, 0.0, 0.0, 1)
    assert (endpoint.calls().count, endpoint.calls().failures) == (CALLS_KEPT, 0)


async def test_an_empty_question_has_no_model() -> None:
    """A batch in which every share failed asks about nothing."""
    endpoint = MeasuredEndpoint(FakeEndpoint(), Counter())

    assert (await endpoint.steps([]), endpoint.model) == ([], None)


async def test_the_last_good_closes_of_each_share_are_known() -> None:
    """The one fetched longest ago comes first: that is where trouble shows."""
    prices = Prices()
    closes = MeasuredCloses(prices, B3)
    later = at("2026-07-29T09:05")
    given = await closes.daily(ITAU, NOW)
    await closes.daily(VALE, later)
    prices.failures[ITAU] = ClosesUnavailable(ITAU, "HTTP 429")
    with pytest.raises(ClosesUnavailable):
        await closes.daily(ITAU, later)
    newest = date(2026, 7, 28)  # though the source has bars of later days

    assert given == await Prices().daily(ITAU, NOW)
    assert closes.good() == (GoodCloses(ITAU, newest, NOW), GoodCloses(VALE, newest, later))


@dataclass
class Kept:
    """A memory of closes: the very same rows for every question."""

    bars: DailyBars

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """Those rows, whatever is asked."""
        del ticker, now
        return self.bars


async def test_of_the_same_rows_less_is_good_under_a_clock_set_back() -> None:
    """A thousand questions look the rows through once, but never past the clock."""
    closes = MeasuredCloses(Kept(await Prices().daily(ITAU, NOW)), B3)
    moments = (NOW, at("2026-07-27T09:00"), NOW)
    newest = [await _newest(closes, moment) for moment in moments]

    assert newest == [date(2026, 7, 28), date(2026, 7, 24), date(2026, 7, 28)]


async def _newest(closes: MeasuredCloses, moment: datetime) -> date:
    await closes.daily(ITAU, moment)
    (good,) = closes.good()
    return good.newest


async def test_only_so_many_shares_are_remembered() -> None:
    """Memory has an end whatever people ask for; those asked for lately stay."""
    closes = MeasuredCloses(Prices(), B3)
    for number in range(SHARES_KEPT + 1):
        await closes.daily(Ticker(f"A{number:03}3.SA"), NOW)

    assert (len(closes.good()), closes.good()[0].ticker) == (SHARES_KEPT, "A0013.SA")


@dataclass
class Desk:
    """Operations over fakes."""

    records: FakeRecords

    def operations(self) -> Operations:
        """As they are wired, at nine, started at eight."""
        heard = Heard(Watch(NOW))
        heard.update()
        return Operations(
            version="0.1.0",
            database="SQLite",
            started=at("2026-07-29T08:00"),
            clock=lambda: NOW,
            counter=Counter(step=0.25),
            leads=lambda: True,
            outbox=self.records.outbox,
            endpoint=MeasuredEndpoint(FakeEndpoint(), Counter()),
            closes=MeasuredCloses(Prices(), B3),
            heard=heard,
        )


async def test_the_status_gathers_what_everybody_knows() -> None:
    """One message instead of five places to look at."""
    records = FakeRecords()
    queued = at("2026-07-29T08:50")
    occasion = Occasion(Kind.NOTICE, "x", NOW.date())
    await records.outbox.put([Place(1), Place(2)], occasion, Content("x"), now=queued)
    told = await Desk(records).operations().status()

    assert told == Status(
        version="0.1.0",
        now=NOW,
        started=at("2026-07-29T08:00"),
        heard=NOW,
        leads=True,
        storage=Storage("SQLite", 0.25, Backlog(2, queued), None),
        calls=Calls(0, 0.0, 0.0, 0),
        model=None,
        closes=(),
    )


async def test_the_status_is_told_even_without_the_database() -> None:
    """That is when operators ask."""
    records = FakeRecords()
    records.outbox.failure = StorageUnavailable("connection lost")
    told = await Desk(records).operations().status()

    assert told.storage == Storage("SQLite", None, None, None)


async def test_warming_up_is_one_invocation_about_one_share() -> None:
    """It reaches the endpoint itself, not a memory in front of it."""
    model = FakeEndpoint()
    warm_up = WarmUp(Prices(), model, B3, lambda: NOW, ITAU)
    await warm_up.once()
    await warm_up.once()

    assert [[window.ticker for window in windows] for windows in model.asked] == [[ITAU], [ITAU]]
