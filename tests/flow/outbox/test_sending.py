"""The sender: what goes out, in which order, and how it begins and ends."""

import asyncio

import pytest

from bot.domain.outbox import (
    Kind,
)
from bot.domain.places import Place
from tests.sending_office import ITUB4, Hours, office


async def test_what_is_queued_goes_out_once_alarms_before_everything() -> None:
    """A broadcast of minutes must not keep an alarm from the operators."""
    at = office()
    await at.queue(1, 2)
    await at.queue(3, kind=Kind.ALARM)

    await at.works()

    assert at.post.chats == [3, 1, 2]
    assert set(at.states.values()) == {"sent"}


async def test_an_alarm_overtakes_a_broadcast_that_is_under_way() -> None:
    """It goes next, however many subscribers are still waiting."""
    at = office()
    await at.queue(*range(1, 100))
    for _ in range(5):
        await at.hours.sleep(await at.sender.step())

    before = len(at.post.chats)
    await at.queue(500, kind=Kind.ALARM)
    await at.works()

    assert at.post.chats.index(500) == before


async def test_a_group_at_its_limit_holds_up_nobody_else() -> None:
    """A hundred alarms for one group take five minutes; subscribers do not wait for them."""
    at = office()
    for number in range(100):
        await at.queue(-7, kind=Kind.ALARM, subject=str(number))
    await at.queue(*range(1, 51))

    await at.works(9.5)

    assert set(range(1, 51)) < set(at.post.chats)
    assert at.post.chats.count(-7) == 10


async def test_a_cancelled_subscription_is_heard_of_in_the_middle_of_a_broadcast() -> None:
    """Nobody gets what he has just cancelled."""
    at = office()
    await at.subscribed(*range(1, 60))
    await at.sender.step()

    await at.records.subscriptions.cancel(Place(59), ITUB4)
    await at.works()

    assert 59 not in at.post.chats


async def test_a_sender_at_rest_wakes_up_when_something_is_queued() -> None:
    """An alarm is worth a second, and polling would cost one or two."""
    asleep, stop = asyncio.Event(), asyncio.Event()

    class Tired(Hours):
        async def sleep(self, seconds: float) -> None:
            self.slept.append(seconds)
            asleep.set()
            await asyncio.sleep(3_600)  # cancelled when somebody is woken

    async def stops() -> None:
        stop.set()

    at = office(hours=Tired())
    at.post.on_the_way = stops
    running = asyncio.create_task(at.sender.run(stop))
    await asleep.wait()
    await at.queue(1)
    await running

    assert at.post.chats == [1]


@pytest.mark.parametrize("in_flight", [1, 3])
async def test_what_is_on_its_way_when_the_bot_stops_is_finished_and_recorded(
    in_flight: int,
) -> None:
    """A deployment in the middle of a broadcast repeats nothing."""
    at, stop = office(in_flight=in_flight), asyncio.Event()
    await at.queue(*range(1, 50))

    async def stops() -> None:
        await asyncio.sleep(0)
        stop.set()

    at.post.on_the_way = stops
    await at.sender.run(stop)

    sent = [chat for chat, state in at.states.items() if state == "sent"]
    assert sorted(at.post.chats) == sent
    assert "sending" not in at.states.values()
    assert len(sent) == in_flight


async def test_as_many_are_on_their_way_as_is_set_and_no_two_to_one_chat() -> None:
    """More in flight is faster over a slow line; two to one chat could change places."""
    at, stop, away = office(in_flight=4), asyncio.Event(), list[int]()
    most = [0]
    for subject in ("a", "b"):
        await at.queue(*range(1, 11), subject=subject)

    async def away_for_a_while() -> None:
        chat = at.post.chats[-1]
        assert chat not in away
        away.append(chat)
        most[0] = max(most[0], len(away))
        for _ in range(50):
            await asyncio.sleep(0)
        away.remove(chat)
        if len(at.post.tried) == 20:
            stop.set()

    at.post.on_the_way = away_for_a_while
    await at.sender.run(stop)

    assert most == [4]
    assert sorted(at.post.chats) == sorted([*range(1, 11)] * 2)
