"""What operators read when a broadcast has ended."""

from bot.domain.outbox import (
    Broadcast,
    Closed,
    Kind,
)
from bot.errors import StorageUnavailable
from tests.fakes_records import FakeOutbox
from tests.sending_office import office, sender

LOCKED = StorageUnavailable("locked")


async def test_operators_read_once_how_a_broadcast_went() -> None:
    """Nobody watches a broadcast; its end has to announce itself, and once is enough."""
    at = office()
    await at.subscribed(1, 2, 3)

    await at.works()
    await at.works(300)
    again = sender(at.records, at.post, at.pace, at.hours)
    await again.step()

    assert at.post.texts == ["bom dia"] * 3 + ["09:00: 3 sent, 0 expired"]


async def test_a_broadcast_that_ends_with_a_closed_chat_is_reported_at_once_too() -> None:
    """Whether the last subscriber reads it or not, the operators do."""
    at = office()
    at.post.by_chat = {3: Closed("bot was blocked by the user")}
    await at.subscribed(1, 2, 3)

    await at.works(1)
    await at.works(1)

    assert at.post.texts == ["bom dia"] * 3 + ["09:00: 2 sent, 0 expired"]


async def test_a_report_that_cannot_be_made_keeps_no_alarm_waiting() -> None:
    """A defect in what is nice to know must not cost what has to be known."""

    class Broken(FakeOutbox):
        async def finished(self) -> list[Broadcast]:
            raise LOCKED

    at = office(outbox=Broken)
    await at.queue(1, kind=Kind.ALARM)
    await at.works()

    assert at.states == {1: "sent"}


async def test_a_report_lost_between_two_writes_is_queued_again_and_read_once() -> None:
    """A kill between queueing the report and noting it must not cost it, nor double it."""
    at = office()
    await at.subscribed(1)
    await at.works()
    at.records.tables.reported.clear()

    again = sender(at.records, at.post, at.pace, at.hours)
    for _ in range(5):
        await at.hours.sleep(await again.step())

    assert at.post.texts == ["bom dia", "09:00: 1 sent, 0 expired"]
