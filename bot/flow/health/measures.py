"""The bot's own measures: counted where things happen, sent once a minute, never in anybody's way.

    counted ─────▶ Counts ─┐
    outbox, closes ────────┴─▶ Measures ──every minute──▶ CloudWatch, whose alarms come back

What could not be sent is sent with the next minute's, but for the heartbeat: a late one would say
that the bot was watched while it was not.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.measures import Measure, Name
from bot.domain.operations import GoodCloses
from bot.domain.sessions import Sessions
from bot.domain.track_record import Made, Outcome, tally
from bot.errors import StorageUnavailable
from bot.ports.alarms import AwsUnavailable, MeasuresSink
from bot.ports.forecasting import Clock
from bot.ports.records import Outbox, TrackRecord

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds."""

SESSIONS = 20
"""That errors are about: an alarm looks back over seven days at most (CloudWatch API,
PutMetricAlarm), so what a month says has to be in each value."""

MOST_LATENCIES = 3_000
"""Of one minute; the rest is served without being timed."""

MOST_UNSENT = 1_000
"""Measures that wait while AWS is away: some hours of them."""


@dataclass(slots=True)
class Counts:
    """What has been counted since it was last read; belongs to one event loop."""

    _served: int = 0
    _latencies: list[float] = field(default_factory=list)
    _hits: list[float] = field(default_factory=list)

    def served(self, forecasts: int, seconds: float) -> None:
        """So many forecasts were given at once, in so many seconds."""
        self._served += forecasts
        if len(self._latencies) < MOST_LATENCIES:
            self._latencies.append(seconds)

    def settled(self, outcomes: Sequence[Outcome]) -> None:
        """The closes of these forecasts came; only those of live ones, and only once."""
        for outcome in outcomes:
            if not outcome.revision and outcome.forecast.made is Made.LIVE:
                self._hits.append(100.0 * tally(outcome).inside80)

    def read(self, now: datetime) -> list[Measure]:
        """Everything counted, which is then forgotten."""
        lists = (
            (Name.FORECASTS_SERVED, [float(self._served)]),
            (Name.LATENCY, self._latencies),
            (Name.BAND_HITS, self._hits),
        )
        found = [Measure(name, tuple(values), now) for name, values in lists if values]
        self._served = 0
        self._latencies, self._hits = [], []
        return found


@dataclass(slots=True)
class Measures:
    """Gathers and sends.

    Attributes:
        closes: the last good closes of each share asked for.
    """

    counts: Counts
    sink: MeasuresSink
    outbox: Outbox
    record: TrackRecord
    closes: Callable[[], Sequence[GoodCloses]]
    sessions: Sessions
    clock: Clock
    _unsent: deque[Measure] = field(default_factory=lambda: deque(maxlen=MOST_UNSENT), init=False)
    _failures: int = field(default=0, init=False)
    _errors_due: bool = field(default=False, init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Send every minute until `stop` is set, and once more then."""
        while not stop.is_set():
            await self.send()
            try:
                async with asyncio.timeout(EVERY):
                    await stop.wait()
            except TimeoutError:
                continue
        await self.send()

    async def send(self) -> None:
        """Send what was measured; what cannot be sent waits for the next time."""
        now = self.clock()
        counted = self.counts.read(now)
        self._errors_due |= any(each.name is Name.BAND_HITS for each in counted)
        found = [*await self._errors(now), *await self._ages(now)]
        measures = [*self._unsent, *counted, *found]
        self._unsent.clear()
        try:
            await self.sink.publish([*measures, Measure(Name.HEARTBEAT, (1.0,), now)])
        except AwsUnavailable as error:
            self._unsent.extend(measures)
            self._failures += 1
            if self._failures & (self._failures - 1) == 0:  # the 1st, 2nd, 4th, 8th … in a row
                told = {"reason": error.reason, "in_a_row": self._failures}
                log.warning("measures not sent", extra=told)
        else:
            self._failures = 0

    async def _errors(self, now: datetime) -> list[Measure]:
        """Errors of the last sessions, whenever closes have come."""
        if not self._errors_due:
            return []
        try:
            tallies = await self.record.tallies(None, SESSIONS)
        except StorageUnavailable:
            return []  # in a minute, perhaps
        self._errors_due = False
        count = sum(one.count for one in tallies)
        sums = {
            Name.FORECAST_ERROR: sum(one.relative_error for one in tallies),
            Name.NAIVE_ERROR: sum(one.naive_relative_error for one in tallies),
        }
        return [Measure(name, (100 * total / count,), now) for name, total in sums.items() if count]

    async def _ages(self, now: datetime) -> list[Measure]:
        ages = {Name.OUTBOX_AGE: await self._outbox_age(now), Name.CLOSES_AGE: self._lag(now)}
        return [Measure(name, (age,), now) for name, age in ages.items() if age is not None]

    async def _outbox_age(self, now: datetime) -> float | None:
        try:
            oldest = (await self.outbox.backlog(now)).oldest
        except StorageUnavailable:
            return None  # missing, which the alarm on it is about as well
        return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0

    def _lag(self, now: datetime) -> float | None:
        """Seconds between the newest close of any share and the newest that is final."""
        newest = max((one.newest for one in self.closes()), default=None)
        if newest is None:
            return None
        wanted = self.sessions.newest_final(now)
        if newest >= wanted:
            return 0.0
        return (self.sessions.final(wanted) - self.sessions.final(newest)).total_seconds()
