"""The sender and its database: what is sent is written down before and after."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from bot.domain.outbox import (
    Outgoing,
    Result,
)
from bot.errors import StorageUnavailable
from tests.fakes_records import FakeOutbox
from tests.sending_office import nothing, office

LOCKED = StorageUnavailable("locked")


async def test_a_result_is_written_together_with_the_next_claim() -> None:
    """Two transactions for each message would halve the speed and widen the gap for a kill."""
    calls = list[tuple[int, int]]()

    class Counting(FakeOutbox):
        async def advance(
            self, results: Sequence[Result], claimed: Sequence[Outgoing], now: datetime
        ) -> frozenset[int]:
            calls.append((len(results), len(claimed)))
            return await super().advance(results, claimed, now)

    at = office(outbox=Counting)
    await at.queue(1, 2, 3)
    await at.works()

    assert calls == [(0, 1), (1, 1), (1, 1), (1, 0)]


async def test_nothing_is_sent_that_cannot_be_claimed() -> None:
    """What is not written down before would be sent again after every restart."""
    at = office()
    await at.queue(1)
    at.records.outbox.failure = LOCKED

    pauses = [await at.sender.step() for _ in range(5)]
    tried_meanwhile = list(at.post.tried)
    at.records.outbox.failure = None
    await at.works()

    assert (pauses, tried_meanwhile) == ([1, 2, 4, 5, 5], [])
    assert at.post.chats == [1]


async def test_what_was_sent_when_the_database_went_away_is_not_sent_again() -> None:
    """A full disk in the middle of a broadcast must not give everybody the message twice."""
    at = office()
    await at.queue(1, 2)

    async def fills_up() -> None:
        at.records.outbox.failure = StorageUnavailable("disk full")

    at.post.on_the_way = fills_up
    await at.works(60)
    sent_meanwhile = list(at.post.chats)
    at.records.outbox.failure = None
    at.post.on_the_way = nothing
    await at.works()

    assert sent_meanwhile == [1]
    assert at.post.chats == [1, 2]
    assert at.states == {1: "sent", 2: "sent"}


async def test_a_claim_whose_answer_was_lost_is_taken_back() -> None:
    """PostgreSQL may commit and the line break before it says so: the item must not hang."""
    lost = [True]

    class Forgetful(FakeOutbox):
        async def advance(
            self, results: Sequence[Result], claimed: Sequence[Outgoing], now: datetime
        ) -> frozenset[int]:
            sendable = await super().advance(results, claimed, now)
            if claimed and lost:
                lost.clear()
                raise LOCKED
            return sendable

    at = office(outbox=Forgetful)
    await at.queue(1)
    await at.works()

    assert at.post.chats == [1]
    assert at.states == {1: "sent"}


async def test_what_was_erased_before_it_was_claimed_is_not_sent() -> None:
    """/apagar promises that nothing more comes, also of what was read a moment before."""
    erased = list[int]()

    class Erasing(FakeOutbox):
        async def advance(
            self, results: Sequence[Result], claimed: Sequence[Outgoing], now: datetime
        ) -> frozenset[int]:
            for item in claimed:
                if item.place.chat_id == 1:
                    del self.tables.items[item.id]
                    erased.append(item.id)
            return await super().advance(results, claimed, now)

    at = office(outbox=Erasing)
    await at.queue(1, 2)
    await at.works()

    assert (len(erased), at.post.chats) == (1, [2])


async def test_what_a_killed_process_left_is_sent_first_of_all() -> None:
    """It may not have arrived."""
    at = office()
    await at.queue(1)
    (item,) = await at.records.outbox.due(at.hours.clock(), 1)
    await at.records.outbox.advance([], [item], at.hours.clock())

    await at.works()

    assert at.post.chats == [1]


async def test_results_that_cannot_be_written_at_the_end_are_told_to_the_operator(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """They are sent again after the restart, and somebody may ask why."""
    at, stop = office(), asyncio.Event()
    await at.queue(1)

    async def stops_with_a_full_disk() -> None:
        stop.set()
        at.records.outbox.failure = StorageUnavailable("disk full")

    at.post.on_the_way = stops_with_a_full_disk
    await at.sender.run(stop)

    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        "results not recorded"
    ]


async def test_a_sender_that_runs_again_remembers_what_it_could_not_record() -> None:
    """The database goes away and takes the lease along; coming back must repeat nothing."""
    at, stop = office(), asyncio.Event()
    await at.queue(1)

    async def everything_goes_away() -> None:
        stop.set()
        at.records.outbox.failure = StorageUnavailable("connection lost")

    at.post.on_the_way = everything_goes_away
    await at.sender.run(stop)
    at.records.outbox.failure = None

    async def stops_again() -> None:
        stop.set()

    at.post.on_the_way = stops_again
    stop.clear()
    await at.queue(2)
    await at.sender.run(stop)

    assert at.post.chats == [1, 2]
    assert at.states == {1: "sent", 2: "sent"}
