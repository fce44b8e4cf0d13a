"""The sender: what follows when a message does not arrive, or nobody knows."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.domain.outbox import (
    Closed,
    Kind,
    Moved,
    NotSent,
    Refused,
    Unknown,
)
from tests.sending_office import BEGINS, office

DOWN = NotSent("ConnectError")


async def test_nothing_is_pushed_to_anybody_before_a_flood_limit_is_over() -> None:
    """Telegram lengthens the limit for those who come back early."""
    at = office(NotSent("429", timedelta(seconds=7)))
    await at.queue(1, 2)

    await at.works()

    (first, *later) = at.post.tried
    assert first == (0.0, 1)
    assert [chat for _, chat in later] == [2, 1]
    assert min(moment for moment, _ in later) == pytest.approx(7.01)


async def test_a_network_that_is_down_is_asked_less_and_less_often() -> None:
    """Hammering a dead line fills the log and wakes it no sooner; a minute is soon enough."""
    at = office(*[DOWN] * 9)
    await at.queue(1, kind=Kind.ALARM)

    await at.works()

    moments = [moment for moment, _ in at.post.tried]
    waits = [later - earlier - 0.01 for earlier, later in pairwise(moments)]
    assert waits == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60, 60])
    assert at.states == {1: "sent"}


async def test_an_alarm_is_tried_for_days_if_it_must_be() -> None:
    """Nobody is told that the bot cannot tell anybody."""
    at = office(*[DOWN] * 1_500)
    await at.queue(1, kind=Kind.ALARM)

    await at.works(48 * 3_600, steps=10_000)

    assert at.states == {1: "sent"}
    assert at.hours.passed > 24 * 3_600


async def test_a_forecast_is_not_sent_after_its_time() -> None:
    """After the close it says nothing any more."""
    at = office()
    at.post.by_chat = {1: DOWN}
    await at.queue(1, expires=BEGINS + timedelta(minutes=10))

    await at.works()

    assert at.states == {1: "expired"}
    assert max(moment for moment, _ in at.post.tried) < 600


async def test_what_may_have_arrived_is_sent_again_later_and_holds_up_nobody() -> None:
    """A message twice is better than none, but not five times in a row."""
    at = office(Unknown("ReadTimeout"))
    await at.queue(1, 2, 3)

    await at.works()

    assert at.post.chats == [1, 2, 3, 1]
    assert at.post.tried[-1][0] == pytest.approx(2.01, abs=0.1)


async def test_an_item_that_always_fails_does_not_hold_up_the_others() -> None:
    """One message that Telegram answers with 500 must not keep ten thousand from their readers."""
    at = office()
    at.post.by_chat = {1: NotSent("Internal Server Error (500)")}
    await at.queue(1, kind=Kind.ALARM)
    await at.queue(*range(2, 200))

    await at.works(20)

    assert sorted(set(at.post.chats)) == list(range(1, 200))
    assert at.post.chats.count(1) <= 6


async def test_a_group_that_became_a_supergroup_gets_its_message_there() -> None:
    """An operators' group grows into a supergroup without anybody thinking of the bot."""
    at = office(Moved(-1001))
    await at.queue(-5, kind=Kind.ALARM)
    await at.queue(1)

    await at.works()

    assert at.post.chats == [-5, -1001, 1]
    assert at.states == {-1001: "sent", 1: "sent"}


async def test_a_closed_chat_is_not_written_to_again() -> None:
    """Who blocked the bot costs one call and not one for each message."""
    at = office(Closed("bot was blocked by the user"))
    await at.queue(1, subject="a")
    await at.queue(1, subject="b")

    await at.works()

    assert at.post.chats == [1]
    assert {item.state for item in at.records.tables.items.values()} == {"closed"}


async def test_a_refused_message_ends_there() -> None:
    """It would be refused again tomorrow."""
    at = office(Refused("message text is empty"))
    await at.queue(1, 2)

    await at.works()

    assert at.post.chats == [1, 2]
    assert at.states == {1: "refused", 2: "sent"}


@pytest.mark.parametrize("turned", [timedelta(hours=-1), timedelta(hours=1)])
async def test_a_clock_turned_by_an_hour_neither_stops_nor_repeats_anything(
    turned: timedelta,
) -> None:
    """A host that wakes up in the wrong time zone is set right while the bot runs."""
    at = office(Unknown("ReadTimeout"), DOWN, NotSent("429", timedelta(seconds=3)))
    await at.queue(*range(1, 30))
    for _ in range(4):
        await at.hours.sleep(await at.sender.step())

    at.hours.turned = turned
    await at.works(60)

    assert sorted(at.post.chats) == sorted([*range(1, 30), *at.post.chats[:3]])
    assert set(at.states.values()) == {"sent"}


async def test_a_flood_limit_lasts_however_the_clock_is_turned() -> None:
    """Seconds are Telegram's, hours are the host's."""
    at = office(NotSent("429", timedelta(seconds=30)))
    await at.queue(1)
    await at.sender.step()

    at.hours.turned = timedelta(hours=1)
    await at.works()

    assert at.post.tried == [(0.0, 1), (pytest.approx(30.01), 1)]
