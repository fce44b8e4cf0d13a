"""The day's duties on python-telegram-bot's JobQueue, which is APScheduler underneath.

    one job per time slot, at its hour ──┐
    a tick every ten seconds ────────────┼─▶ Slots, Upkeep: due, and not done yet? do it
    the lease was taken ─────────────────┘

Jobs are only reasons to look: what is due is decided by `bot.domain.agenda` from the bot's own
clock, so a job that comes late, twice or not at all costs a minute at most.  JobQueue keeps no
jobs over a restart; the tick makes those of the slots anew from the subscriptions, whichever
process took them.  Without the lease every job looks away.  What a job lets through goes to the
application's error handler.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, TypeAlias

from telegram.ext import Application, ContextTypes, JobQueue

from bot.flow.health.incidents import Incidents
from bot.flow.pushes.slots import Slots
from bot.flow.pushes.upkeep import Upkeep
from bot.ports.forecasting import Clock

log = logging.getLogger(__name__)

Context: TypeAlias = ContextTypes.DEFAULT_TYPE
Built: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

DUTIES_EVERY = timedelta(minutes=1)
TICK = timedelta(seconds=10)
"""Whoever subscribes so long before an hour is written to at that hour."""

TELL_EVERY = timedelta(seconds=15)
"""How soon operators hear of what went wrong."""

PATIENT = {"misfire_grace_time": 3600, "coalesce": True, "max_instances": 1}
"""A job that comes late still runs, once; APScheduler would drop it after a second."""

JUMP = timedelta(minutes=1)
"""A clock that differs by more from the seconds that passed has been set."""

SLOT = "slot "
"""Names of the slots' jobs begin so."""


@dataclass(slots=True)
class Schedule:
    """Runs duties while this process leads.

    Attributes:
        leads: whether this process may act now.
        clock: the bot's clock, which decides what is due.
        monotonic: seconds that never go back.
    """

    slots: Slots
    upkeep: Upkeep
    incidents: Incidents
    leads: Callable[[], bool]
    clock: Clock
    monotonic: Callable[[], float]
    _queue: "JobQueue[Any] | None" = None
    _seen: tuple[datetime, float] | None = field(default=None)

    def register(self, built: Built) -> None:
        """Put the repeating jobs into the application's queue; they run once it has started."""
        self._queue = _queue_of(built)
        self._repeat(self._queue)

    def take_over(self) -> None:
        """The lease was taken: look at the whole day now, whatever this process did before."""
        self.slots.forget()
        self.upkeep.forget()
        if self._queue is not None:
            self._queue.run_once(self._tick, 0, name="take over", job_kwargs=PATIENT)

    def beat(self) -> None:
        """Look whether somebody set the machine's clock back: APScheduler would sleep as long.

        Called every few seconds from outside of it.
        """
        now, passed = self.clock(), self.monotonic()
        before, self._seen = self._seen, (now, passed)
        if before is None or self._queue is None:
            return
        jump = (now - before[0]) - timedelta(seconds=passed - before[1])
        if abs(jump) > JUMP:
            log.warning("the clock was set", extra={"seconds": jump.total_seconds()})
            for job in self._queue.jobs():
                job.schedule_removal()
            self._repeat(self._queue)

    def _repeat(self, queue: "JobQueue[Any]") -> None:
        duties: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("record", self.upkeep.record_morning),
            ("settle", self.upkeep.settle_final),
            ("warm up", self.upkeep.warm),
            ("tidy up", self.upkeep.tidy_up),
        )
        for name, duty in duties:
            queue.run_repeating(self._if_leading(duty), DUTIES_EVERY, name=name, job_kwargs=PATIENT)
        queue.run_repeating(self._tick, TICK, first=1, name="tick", job_kwargs=PATIENT)
        queue.run_repeating(self._tell, TELL_EVERY, name="tell", job_kwargs=PATIENT)

    async def _tick(self, context: Context) -> None:
        """Make the jobs of the slots, then push what is due and not done."""
        if self.leads() and context.job_queue:
            self._arm(context.job_queue, await self.slots.coming())
            await self.slots.catch_up()

    async def _slot(self, context: Context) -> None:
        if self.leads() and context.job and isinstance(context.job.data, time):
            await self.slots.run(context.job.data)

    async def _tell(self, context: Context) -> None:  # noqa: ARG002, the vendor's signature
        await self.incidents.tell()

    def _if_leading(self, duty: Callable[[], Awaitable[None]]) -> Callable[[Context], Any]:
        async def job(_context: Context) -> None:
            if self.leads():
                await duty()

        return job

    def _arm(self, queue: "JobQueue[Any]", coming: dict[time, datetime]) -> None:
        """One job per slot, at the next moment that it comes; those nobody wants any more go."""
        wanted = {f"{SLOT}{run.isoformat()}": (at, run) for at, run in coming.items()}
        armed = {job.name: job for job in queue.jobs(rf"^{SLOT}")}
        for name, job in armed.items():
            if name not in wanted:
                job.schedule_removal()
        for name, (at, run) in wanted.items():
            if name not in armed:
                wait = run - self.clock()  # the machine's clock may be another than the bot's
                queue.run_once(self._slot, wait, data=at, name=name, job_kwargs=PATIENT)


def _queue_of(built: Built) -> "JobQueue[Any]":
    if built.job_queue is None:
        raise RuntimeError("the application was built without a job queue")
    return built.job_queue
