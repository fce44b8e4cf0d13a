"""The day's duties on the real JobQueue; jobs are run by hand, but for one that waits a moment."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from telegram.ext import Application, ApplicationBuilder, Defaults, Job

from bot.domain.operations import Incident, Trouble
from bot.domain.outbox import Content
from bot.domain.places import Place
from bot.domain.sessions import SAO_PAULO
from bot.edges.telegram.schedule import Schedule
from bot.edges.telegram.unexpected import Unexpected
from bot.errors import StorageUnavailable
from bot.flow.health.incidents import Incidents
from bot.flow.health.notices import Notices
from bot.flow.pushes.upkeep import Upkeep
from tests.push_day import ITAU, NINE, TEN, VALE, PushDay
from tests.share_bars import B3, at

TOKEN = "1:the-local-chat-needs-no-secret-token-at-all"
Built = Application[Any, Any, Any, Any, Any, Any]


@dataclass
class Seconds:
    """Seconds that pass only when told."""

    passed: float = 0.0

    def __call__(self) -> float:
        """Seconds so far."""
        return self.passed


@dataclass
class Desk:
    """A schedule over fakes, in a real application that talks to nobody."""

    built: Built
    day: PushDay
    seconds: Seconds = field(default_factory=Seconds)
    leads: bool = True
    settled: int = 0
    schedule: Schedule = field(init=False)

    def __post_init__(self) -> None:
        records, watch = self.day.records, self.day.watch
        notices = Notices(records.outbox, (Place(900),), watch, lambda: None)
        incidents = Incidents(notices, watch, lambda: "c0de01", told)
        upkeep = Upkeep(
            self.day.forecaster(),
            records.subscriptions,
            records.outbox,
            B3,
            watch,
            (),
            self.settle,
            self.settle,
        )
        self.schedule = Schedule(
            self.day.slots(), upkeep, incidents, lambda: self.leads, watch, self.seconds
        )
        self.schedule.register(self.built)
        self.built.add_error_handler(Unexpected(lambda: "c0de01", incidents.report).report)

    async def settle(self) -> None:
        """Count."""
        self.settled += 1

    def job(self, name: str) -> Job[Any]:
        """The one job of that name."""
        found: Job[Any]
        (found,) = self.queue.jobs(f"^{name}$")
        return found

    def jobs(self) -> set[str]:
        """All jobs, as the scheduler numbers them."""
        return {job.job.id for job in self.queue.jobs()}

    async def runs(self, name: str) -> None:
        """Let a job run now, as the scheduler would."""
        await self.job(name).run(self.built)

    def slots(self) -> list[tuple[str, datetime]]:
        """The jobs of slots: which, and at what moment of the machine's clock."""
        return sorted(
            (str(job.data), job.next_t) for job in self.queue.jobs("^slot ") if job.next_t
        )

    @property
    def queue(self) -> Any:
        """The application's queue."""
        return self.built.job_queue


def told(incident: Incident) -> Content:
    """Short."""
    return Content(f"{incident.count} {incident.trouble.name}")


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Wednesday at nine, one subscriber at nine and one at ten; the queue's clock does not run."""
    built = ApplicationBuilder().token(TOKEN).defaults(Defaults(tzinfo=SAO_PAULO)).build()
    desk = Desk(built, PushDay())
    await desk.day.subscribe(1, [ITAU])
    await desk.day.subscribe(2, [VALE], TEN)
    assert built.job_queue is not None
    built.job_queue.scheduler.start(paused=True)
    yield desk
    await built.job_queue.stop(wait=False)


def machine_now(desk: Desk) -> datetime:
    """The machine's time, as the queue knows it."""
    found: datetime = desk.queue._tz_now()
    return found


async def test_the_queue_thinks_in_sao_paulo_and_forgives_late_jobs(desk: Desk) -> None:
    """In UTC nine o'clock is six; after one second of delay APScheduler drops a job."""
    jobs = desk.queue.jobs()

    assert str(desk.queue.scheduler.timezone) == "America/Sao_Paulo"
    assert {(j.job.misfire_grace_time, j.job.coalesce, j.job.max_instances) for j in jobs} == {
        (3600, True, 1)
    }


async def test_each_slot_has_one_job_at_its_next_moment(desk: Desk) -> None:
    """By the bot's clock, whatever the machine's says."""
    before = machine_now(desk)
    await desk.runs("tick")
    await desk.runs("tick")
    after = machine_now(desk)
    waits = {"09:00:00": timedelta(days=1), "10:00:00": timedelta(hours=1)}

    assert [name for name, _ in desk.slots()] == list(waits)
    assert all(
        before + waits[name] <= moment <= after + waits[name] for name, moment in desk.slots()
    )


async def test_jobs_follow_the_subscriptions(desk: Desk) -> None:
    """Somebody cancels, somebody takes another hour."""
    await desk.runs("tick")
    await desk.day.records.subscriptions.cancel(Place(2), None)
    await desk.day.subscribe(3, [ITAU], at("2026-07-29T11:30").time())
    await desk.runs("tick")

    assert [name for name, _ in desk.slots()] == ["09:00:00", "11:30:00"]


async def test_a_slot_s_job_pushes_it(desk: Desk) -> None:
    """And nothing of another slot."""
    desk.day.watch.set("2026-07-29T08:30")
    await desk.runs("tick")
    nine, *_ = desk.queue.jobs("^slot ")
    desk.day.watch.set("2026-07-29T09:00")
    await nine.run(desk.built)

    assert desk.day.queued() == [(1, "ITUB4.SA 2026-07-29 alone")]


async def test_the_tick_catches_up_with_what_nobody_pushed(desk: Desk) -> None:
    """A job that never fired costs a minute."""
    desk.day.watch.set("2026-07-29T10:15")
    await desk.runs("tick")

    assert [chat for chat, _ in desk.day.queued()] == [1, 2]


@pytest.mark.parametrize("name", ["tick", "record", "settle", "warm up", "tidy up"])
async def test_without_the_lease_no_duty_is_done(desk: Desk, name: str) -> None:
    """Another process does them."""
    desk.leads = False
    desk.day.records.outbox.failure = StorageUnavailable("must not be asked")
    desk.day.records.subscriptions.failure = StorageUnavailable("must not be asked")
    await desk.runs(name)
    await desk.runs("tell")

    assert (desk.settled, desk.day.model.asked, desk.slots()) == (0, [], [])
    assert desk.schedule.incidents._waiting == {}


async def test_duties_are_done_while_leading(desk: Desk) -> None:
    """Recording asks the model, settling settles."""
    await desk.runs("record")
    await desk.runs("settle")
    await desk.runs("warm up")
    await desk.runs("tidy up")

    assert (desk.settled, len(desk.day.model.asked)) == (1, 1)


async def test_a_slot_s_job_that_fires_after_the_lease_was_lost_looks_away(desk: Desk) -> None:
    """The other process has its own."""
    await desk.runs("tick")
    before = len(desk.day.queued())
    desk.day.watch.set("2026-07-29T10:00")
    desk.leads = False
    for job in desk.queue.jobs("^slot "):
        await job.run(desk.built)

    assert len(desk.day.queued()) == before


async def test_taking_the_lease_looks_at_the_whole_day_again(desk: Desk) -> None:
    """The process before may have died between two slots."""
    await desk.runs("tick")
    await desk.day.subscribe(3, [ITAU])
    await desk.runs("tick")
    before = [chat for chat, _ in desk.day.queued()]
    desk.schedule.take_over()
    await desk.runs("take over")

    assert (before, [chat for chat, _ in desk.day.queued()]) == ([1], [1, 3])


# The application of this test is not started: it talks to nobody.
@pytest.mark.filterwarnings("ignore:Tasks created via `Application.create_task`")
async def test_a_job_that_fails_is_told_to_the_operators(desk: Desk) -> None:
    """With its traceback in the log and a count in their chat."""
    desk.day.records.subscriptions.failure = StorageUnavailable("locked")
    await desk.runs("tick")
    await desk.runs("record")
    desk.day.records.subscriptions.failure = None
    await desk.runs("tell")

    assert desk.day.queued() == [(900, f"2 {Trouble.STORAGE.name}")]


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
async def test_a_clock_that_was_set_makes_all_jobs_anew(desk: Desk, jump: timedelta) -> None:
    """Set back by an hour, APScheduler would sleep for an hour."""
    await desk.runs("tick")
    before = desk.jobs()
    kept = []
    for passed, later in ((0, timedelta()), (5, timedelta(seconds=5)), (5, jump)):
        desk.seconds.passed += passed
        desk.day.watch.now += later
        desk.schedule.beat()
        kept.append(before & desk.jobs())
    moments = [job.next_t for job in desk.queue.jobs()]

    assert kept == [before, before, set()]
    assert sorted(str(job.name) for job in desk.queue.jobs()) == [
        "record",
        "settle",
        "tell",
        "tick",
        "tidy up",
        "warm up",
    ]
    assert max(moments) <= machine_now(desk) + timedelta(minutes=1)


async def test_nothing_is_scheduled_before_the_application_has_a_queue(desk: Desk) -> None:
    """The lease may be taken while the application is still being built."""
    bare = Schedule(
        desk.schedule.slots,
        desk.schedule.upkeep,
        desk.schedule.incidents,
        lambda: True,
        desk.day.watch,
        desk.seconds,
    )
    bare.take_over()
    bare.beat()
    without = ApplicationBuilder().token(TOKEN).job_queue(None).build()

    with (
        pytest.warns(UserWarning, match="No `JobQueue` set up"),
        pytest.raises(RuntimeError, match="without a job queue"),
    ):
        bare.register(without)


async def test_the_scheduler_itself_fires_a_slot_at_its_moment(desk: Desk) -> None:
    """Everything together, on APScheduler's own clock: the slot is a moment away."""
    desk.day.watch.now = at("2026-07-29T09:00") - timedelta(milliseconds=30)
    await desk.runs("tick")
    (first, *_) = desk.slots()
    desk.day.watch.set("2026-07-29T09:00")
    desk.queue.scheduler.resume()
    await asyncio.wait_for(desk.day.nudged.wait(), 30)

    assert (first[0], desk.day.queued()) == (str(NINE), [(1, "ITUB4.SA 2026-07-29 alone")])
