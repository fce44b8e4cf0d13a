"""One slot of one session: who gets what queued."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.closes import Origin
from bot.domain.outbox import Kind, Occasion
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Outcome, Recorded
from bot.errors import ClosesUnavailable, ModelUnavailable, StorageUnavailable
from bot.flow.pushes.push import SHARES_AT_ONCE, in_batches
from tests.fakes_endpoint import FAKE_MODEL
from tests.push_day import ITAU, NINE, PETRO, TEN, VALE, PushDay
from tests.share_bars import at

TUESDAY = Recorded(
    ITAU,
    date(2026, 7, 28),
    at("2026-07-28T09:00"),
    expected=30.0,
    low80=29.0,
    high80=31.0,
    low95=28.0,
    high95=32.0,
    last_close=30.1,
    last_session=date(2026, 7, 27),
    model=FAKE_MODEL,
    made=Made.LIVE,
)


@pytest.fixture
def day() -> PushDay:
    """Wednesday at nine."""
    return PushDay()


async def test_everybody_gets_the_shares_of_the_slot(day: PushDay) -> None:
    """And nobody those of another."""
    await day.subscribe(1, [ITAU, VALE])
    await day.subscribe(2, [ITAU])
    await day.subscribe(3, [ITAU, PETRO], TEN)

    assert await day.push().slot(NINE, day.watch()) == {}
    assert sorted(day.queued()) == [
        (1, "ITUB4.SA 2026-07-29 alone"),
        (1, "VALE3.SA 2026-07-29 alone"),
        (2, "ITUB4.SA 2026-07-29 alone"),
    ]
    assert (len(day.model.asked), day.nudges) == (1, [day.watch()])


async def test_what_is_queued_expires_at_the_closing_call(day: PushDay) -> None:
    """A message that Telegram could not take all day is not sent in the evening."""
    await day.subscribe(1, [ITAU])
    await day.push().slot(NINE, day.watch())
    (item,) = day.records.tables.items.values()

    assert (item.outgoing.occasion, item.expires) == (
        Occasion(Kind.DAILY, ITAU, date(2026, 7, 29)),
        at("2026-07-29T16:55"),
    )


async def test_filling_twice_changes_nothing_and_wakes_nobody(day: PushDay) -> None:
    """Two processes, or one that was restarted, may both think that it is their turn."""
    await day.subscribe(1, [ITAU])
    await day.push().slot(NINE, day.watch())
    before = day.queued()
    await day.push().slot(NINE, day.watch())

    assert (day.queued(), len(day.nudges)) == (before, 1)


@pytest.mark.parametrize(
    "now", ["2026-07-29T08:59", "2026-07-29T16:55", "2026-08-01T09:00", "2026-09-07T09:00"]
)
async def test_nothing_is_queued_when_the_slot_is_not_due(day: PushDay, now: str) -> None:
    """Before its hour, after the closing call, on a Saturday and on a holiday."""
    await day.subscribe(1, [ITAU])
    day.watch.set(now)

    assert await day.push().slot(NINE, day.watch()) == {}
    assert (day.queued(), day.prices.asked) == ([], [])


async def test_a_share_that_fails_takes_no_other_along(day: PushDay) -> None:
    """It is given back with its reason, to be tried again."""
    await day.subscribe(1, [ITAU, PETRO, VALE])
    away = day.prices.failures[PETRO] = ClosesUnavailable(PETRO, "HTTP 429")

    assert await day.push().slot(NINE, day.watch()) == {PETRO: away}
    assert day.queued() == [
        (1, "ITUB4.SA 2026-07-29 alone"),
        (1, "VALE3.SA 2026-07-29 alone"),
    ]


async def test_only_the_shares_asked_for_are_tried_again(day: PushDay) -> None:
    """A second try must not fetch everything anew."""
    await day.subscribe(1, [ITAU, PETRO])
    await day.push().slot(NINE, day.watch(), [PETRO])

    assert (day.queued(), day.prices.asked) == ([(1, "PETR4.SA 2026-07-29 alone")], [PETRO])


async def test_without_a_model_every_share_is_given_back(day: PushDay) -> None:
    """And nothing is queued that would have to be taken back."""
    await day.subscribe(1, [ITAU, VALE])
    day.model.failure = ModelUnavailable("e", 503)

    assert set(await day.push().slot(NINE, day.watch())) == {ITAU, VALE}
    assert day.queued() == []


async def test_how_the_session_before_went_is_told_when_it_is_known(day: PushDay) -> None:
    """Forecasts are judged where they are read."""
    await day.subscribe(1, [ITAU, VALE])
    await settled(day, TUESDAY)
    await day.push().slot(NINE, day.watch())

    assert day.queued() == [
        (1, "ITUB4.SA 2026-07-29 after"),
        (1, "VALE3.SA 2026-07-29 alone"),
    ]


@pytest.mark.parametrize(
    "forecast",
    [
        replace(TUESDAY, session=date(2026, 7, 27), made_at=at("2026-07-27T09:00")),
        replace(TUESDAY, made=Made.REPLAY),
    ],
    ids=["two sessions ago", "never told to anybody"],
)
async def test_only_what_was_said_of_the_session_before_is_told(
    day: PushDay, forecast: Recorded
) -> None:
    """`Previ` is true only of what was forecast then, and old news is no news."""
    await day.subscribe(1, [ITAU])
    await settled(day, forecast)
    await day.push().slot(NINE, day.watch())

    assert day.queued() == [(1, "ITUB4.SA 2026-07-29 alone")]


async def test_invented_prices_are_not_compared_with_real_ones(day: PushDay) -> None:
    """The record knows real closes only."""
    await day.subscribe(1, [ITAU])
    await settled(day, TUESDAY)
    day.prices.origin = Origin.SIMULATED
    await day.push().slot(NINE, day.watch())

    assert day.queued() == [(1, "ITUB4.SA 2026-07-29 alone")]


async def test_a_fetch_that_lasts_past_midnight_queues_nothing(day: PushDay) -> None:
    """The forecast would be of another session than the message says."""
    await day.subscribe(1, [ITAU])
    started = day.watch()
    day.watch.set("2026-07-30T00:05")
    await day.push().slot(NINE, started)

    assert day.queued() == []


async def test_a_database_that_is_away_is_said(day: PushDay) -> None:
    """Whoever called tries again; nothing is pushed that is not stored."""
    await day.subscribe(1, [ITAU])
    day.records.outbox.failure = StorageUnavailable("locked")

    with pytest.raises(StorageUnavailable):
        await day.push().slot(NINE, day.watch())


def test_shares_go_in_batches_that_one_invocation_takes() -> None:
    """All of them, in their order."""
    shares = [Ticker(f"AA{n:02}3.SA") for n in range(2 * SHARES_AT_ONCE + 1)]
    batches = list(in_batches(shares))

    assert [len(batch) for batch in batches] == [SHARES_AT_ONCE, SHARES_AT_ONCE, 1]
    assert [share for batch in batches for share in batch] == shares


async def settled(day: PushDay, forecast: Recorded) -> None:
    """Put a forecast and its outcome on the record."""
    await day.records.track_record.record([forecast])
    outcome = Outcome(forecast, 30.2, 1.0, at("2026-07-28T17:30"))
    await day.records.track_record.settle([outcome])
