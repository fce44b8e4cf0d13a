"""The daily push over a day: once, in time, whatever happens to process and clock."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.operations import Trouble
from bot.errors import ClosesUnavailable, StorageUnavailable, UnknownTicker
from tests.push_day import ITAU, NINE, PETRO, TEN, VALE, PushDay
from tests.share_bars import at


@pytest.fixture
async def day() -> PushDay:
    """One subscriber at nine and one at ten."""
    day = PushDay()
    await day.subscribe(1, [ITAU, PETRO])
    await day.subscribe(2, [VALE], TEN)
    return day


WHOLE = [
    (1, "ITUB4.SA 2026-07-29 alone"),
    (1, "PETR4.SA 2026-07-29 alone"),
    (2, "VALE3.SA 2026-07-29 alone"),
]


async def test_each_slot_is_pushed_once_however_often_somebody_looks(day: PushDay) -> None:
    """The tick looks each minute."""
    slots = day.slots()
    for minute in ("08:59", "09:00", "09:01", "10:00", "10:01", "16:54"):
        day.watch.set(f"2026-07-29T{minute}")
        await slots.catch_up()

    assert (day.queued(), len(day.model.asked)) == (WHOLE, 2)


async def test_a_bot_that_was_down_at_nine_sends_when_it_is_back(day: PushDay) -> None:
    """Once, and both slots if both have passed."""
    day.watch.set("2026-07-29T10:40")
    await day.slots().catch_up()
    await day.slots().catch_up()  # restarted once more

    assert day.queued() == WHOLE


async def test_a_bot_that_was_down_until_the_closing_call_sends_nothing(day: PushDay) -> None:
    """Nobody wants a forecast of a close that is known."""
    day.watch.set("2026-07-29T16:55")
    await day.slots().catch_up()

    assert day.queued() == []


async def test_who_asks_while_a_slot_is_under_way_waits_for_it(day: PushDay) -> None:
    """The slot's own job and the tick come in the same second."""
    slots = day.slots()
    await asyncio.gather(slots.run(NINE), slots.catch_up(), slots.run(NINE))

    assert (day.queued(), len(day.model.asked)) == (WHOLE[:2], 1)


async def test_a_share_that_failed_is_tried_again_five_minutes_later(day: PushDay) -> None:
    """The others went out at nine; operators hear of it once."""
    slots, away = day.slots(), ClosesUnavailable(PETRO, "HTTP 429")
    day.prices.failures[PETRO] = away
    seen = []
    for minute in ("09:00", "09:04", "09:05", "09:09", "09:10"):
        day.watch.set(f"2026-07-29T{minute}")
        if minute == "09:10":
            day.prices.failures.clear()
        await slots.catch_up()
        seen.append((len(day.queued()), day.prices.asked.count(PETRO)))

    assert seen == [(1, 1), (1, 1), (1, 2), (1, 2), (2, 3)]
    assert (day.noted, day.prices.asked.count(ITAU)) == ([(Trouble.PUSH, away)], 1)


async def test_a_share_that_the_source_does_not_know_is_not_tried_again(day: PushDay) -> None:
    """Look-ups of unknown names are limited, and people need them."""
    slots = day.slots()
    day.prices.failures[PETRO] = UnknownTicker(PETRO)
    for minute in ("09:00", "09:05", "09:10"):
        day.watch.set(f"2026-07-29T{minute}")
        await slots.catch_up()

    assert (day.prices.asked.count(PETRO), len(day.noted)) == (1, 1)


async def test_a_slot_that_the_database_refused_is_pushed_the_next_minute(day: PushDay) -> None:
    """It is not taken for done."""
    slots = day.slots()
    day.records.outbox.failure = StorageUnavailable("locked")
    with pytest.raises(StorageUnavailable):
        await slots.catch_up()
    day.records.outbox.failure = None
    day.watch.set("2026-07-29T09:01")
    await slots.catch_up()

    assert day.queued() == WHOLE[:2]


async def test_a_job_that_fires_early_does_nothing(day: PushDay) -> None:
    """The machine's clock may be ahead of the bot's."""
    day.watch.set("2026-07-29T08:59")
    await day.slots().run(NINE)

    assert day.queued() == []


async def test_after_the_lease_was_elsewhere_everything_is_looked_at_again(day: PushDay) -> None:
    """The other process may have died before it filled a slot that this one had done in part."""
    slots = day.slots()
    await slots.catch_up()
    await day.subscribe(3, [ITAU])
    await slots.catch_up()
    before = len(day.queued())
    slots.forget()
    await slots.catch_up()

    assert (before, day.queued()) == (2, [*WHOLE[:2], (3, "ITUB4.SA 2026-07-29 alone")])


async def test_slots_that_come_are_known_with_their_moment(day: PushDay) -> None:
    """Each gets a job at its hour; those too late in the session get none."""
    await day.subscribe(4, [ITAU], at("2026-07-29T21:00").time())
    day.watch.set("2026-07-29T09:30")

    assert await day.slots().coming() == {
        NINE: at("2026-07-30T09:00"),
        TEN: at("2026-07-29T10:00"),
    }


@given(st.lists(st.integers(-90, 90), max_size=12))
async def test_no_setting_of_the_clock_sends_twice_or_loses_a_slot(jumps: list[int]) -> None:
    """An hour forth, an hour back: each slot of the session is in the outbox once in the end."""
    day = PushDay()
    await day.subscribe(1, [ITAU, PETRO])
    await day.subscribe(2, [VALE], TEN)
    slots, minute = day.slots(), 8 * 60
    for jump in [*jumps, 0]:
        minute = min(max(minute + jump, 7 * 60), 16 * 60)
        day.watch.set(f"2026-07-29T{minute // 60:02}:{minute % 60:02}")
        await slots.catch_up()
    day.watch.set("2026-07-29T16:30")
    await slots.catch_up()

    assert (sorted(day.queued()), len(day.model.asked)) == (WHOLE, 2)
