"""One process acts at a time: when the lease is lost it stops, when it is free another begins."""

import asyncio
from dataclasses import dataclass, field
from typing import Self

import pytest

from bot.domain.operations import Trouble
from bot.errors import StorageUnavailable
from bot.flow.replicas.leading import BEAT_SECONDS, Leading
from tests.fakes_records import FakeLease


class Lock:
    """What the leases of several processes share."""

    def __init__(self) -> None:
        self.holder: object | None = None


@dataclass
class SharedLease:
    """Fulfils `bot.ports.records.Lease` over a lock that another process may have."""

    lock: Lock

    async def hold(self) -> bool:
        """Take it if it is free."""
        self.lock.holder = self.lock.holder or self
        return self.lock.holder is self

    async def release(self) -> None:
        """Give it back, if it is ours."""
        if self.lock.holder is self:
            self.lock.holder = None


class SilentLease:
    """A database that never answers."""

    async def hold(self) -> bool:
        """Never comes back."""
        await asyncio.Event().wait()
        raise AssertionError

    async def release(self) -> None:
        """Never comes back."""
        await asyncio.Event().wait()


@dataclass
class Worker:
    """What acts, and what it noted."""

    begun: int = 0
    ended: int = 0
    failure: Exception | None = None
    noted: list[tuple[Trouble, BaseException]] = field(default_factory=list)
    taken: int = 0
    beats: int = 0

    async def act(self, stop: asyncio.Event) -> None:
        """Act until told to stop."""
        self.begun += 1
        if self.failure:
            raise self.failure
        await stop.wait()
        self.ended += 1

    def note(self, trouble: Trouble, error: BaseException) -> str:
        """Fulfils `bot.flow.health.incidents.Note`."""
        self.noted.append((trouble, error))
        return "c0de01"

    def leading(self, lease: FakeLease | SharedLease | SilentLease) -> Leading:
        """A process with this worker; its patience is short."""
        found = Leading(lease, self.act, self.note, asyncio.sleep, patience=0.01)
        found.when_taken.append(self.took)
        found.each_beat.append(self.beat)
        return found

    def took(self) -> None:
        """The lease was taken."""
        self.taken += 1

    def beat(self) -> None:
        """Somebody looked."""
        self.beats += 1

    async def settle(self) -> Self:
        """Let everything that was begun or told to stop get there."""
        for _ in range(5):
            await asyncio.sleep(0)
        return self


@pytest.fixture
def worker() -> Worker:
    """Nothing has been done."""
    return Worker()


async def test_who_holds_the_lease_acts_until_it_is_lost(worker: Worker) -> None:
    """Two senders would send everything twice."""
    lease = FakeLease()
    leading = worker.leading(lease)
    seen = []
    for elsewhere in (True, False, False, True, True, False):
        lease.elsewhere = elsewhere
        await leading.beat()
        await worker.settle()
        seen.append((leading.leads(), worker.begun, worker.ended, worker.taken))

    assert seen == [
        (False, 0, 0, 0),
        (True, 1, 0, 1),
        (True, 1, 0, 1),
        (False, 1, 1, 1),
        (False, 1, 1, 1),
        (True, 2, 1, 2),
    ]
    assert worker.beats == len(seen)


async def test_a_lease_that_nobody_can_tell_is_not_held(worker: Worker) -> None:
    """The other side of a broken network may lead by now."""
    lease = FakeLease()
    leading = worker.leading(lease)
    await leading.beat()
    lease.failure = StorageUnavailable("connection lost")
    await leading.beat()
    await worker.settle()

    assert (leading.leads(), worker.ended) == (False, 1)


async def test_a_database_that_never_answers_is_taken_for_away(worker: Worker) -> None:
    """Waiting for ever would mean leading for ever."""
    leading = worker.leading(SilentLease())
    await leading.beat()

    assert (leading.leads(), worker.begun) == (False, 0)


async def test_what_acts_and_fails_is_reported_and_begun_again(worker: Worker) -> None:
    """A sender that died in silence would leave everybody without messages."""
    leading = worker.leading(FakeLease())
    worker.failure = ValueError("a defect")
    await leading.beat()
    await worker.settle()
    worker.failure = None
    await leading.beat()
    await worker.settle()

    assert (worker.begun, [kind for kind, _ in worker.noted]) == (2, [Trouble.JOB])


async def test_what_has_not_finished_is_not_begun_twice(worker: Worker) -> None:
    """The lease may be lost and taken again within one message."""
    busy, begun = asyncio.Event(), 0

    async def act(stop: asyncio.Event) -> None:
        nonlocal begun
        begun += 1
        await stop.wait()
        await busy.wait()

    lease = FakeLease()
    leading = Leading(lease, act, worker.note, asyncio.sleep)
    seen = []
    for elsewhere in (False, True, False):
        lease.elsewhere = elsewhere
        await leading.beat()
        await worker.settle()
        seen.append(begun)
    busy.set()
    await worker.settle()
    await leading.beat()
    await worker.settle()

    assert (seen, begun) == ([1, 1, 1], 2)


async def test_a_process_that_stops_finishes_and_gives_the_lease_back(worker: Worker) -> None:
    """The next one must not wait until the database notices."""
    lease = FakeLease()
    leading = worker.leading(lease)
    running = asyncio.create_task(leading.run())
    await worker.settle()
    held = leading.leads()
    running.cancel()
    await asyncio.wait({running})

    assert (held, worker.begun, worker.ended, lease.held, leading.leads()) == (
        True,
        1,
        1,
        False,
        False,
    )


async def test_a_lease_that_cannot_be_given_back_does_not_keep_the_process(
    worker: Worker,
) -> None:
    """The database frees it when the connection is gone."""
    lease = FakeLease()
    leading = worker.leading(lease)
    await leading.beat()
    leading.lease = SilentLease()
    running = asyncio.create_task(leading.run())
    await worker.settle()
    running.cancel()
    done, _ = await asyncio.wait({running}, timeout=5)

    assert (len(done), leading.leads()) == (1, False)


async def test_a_process_that_never_led_gives_nothing_back(worker: Worker) -> None:
    """Releasing what another holds would let a third one in."""
    lease = FakeLease(elsewhere=True)
    leading = worker.leading(lease)
    running = asyncio.create_task(leading.run())
    await worker.settle()
    lease.held = True  # by the other one
    running.cancel()
    await asyncio.wait({running})

    assert (lease.held, worker.begun) == (True, 0)


async def test_another_process_takes_over_within_a_beat() -> None:
    """Half a minute is what may pass; the lease is looked at every five seconds."""
    lock, waits = Lock(), []
    first, second = Worker(), Worker()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    one = Leading(SharedLease(lock), first.act, first.note, sleep)
    other = Leading(SharedLease(lock), second.act, second.note, sleep)
    running = asyncio.create_task(one.run())
    await first.settle()
    await other.beat()
    before = (one.leads(), other.leads())
    running.cancel()
    await asyncio.wait({running})
    await other.beat()
    await second.settle()

    assert (before, one.leads(), other.leads(), second.begun) == ((True, False), False, True, 1)
    assert set(waits) == {BEAT_SECONDS}
    other._stop.set()
    await second.settle()
