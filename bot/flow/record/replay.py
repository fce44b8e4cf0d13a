"""History played through the same code that answers people, to fill the scoreboard before it fills.

    for each session:  clock 09:00 ──▶ Forecaster ──▶ Recorder (Made.REPLAY)
                       clock, once the close is final ──▶ Settler

Nothing newer than the clock is visible, as always; so no close can be known before it happened.
The model is another matter: days before its training ended are days that it may have learnt from.
Sessions that have an outcome are left out, so that a replay that was stopped goes on where it was,
and a forecast that was made live stays what it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.domain.sessions import SAO_PAULO, Sessions
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Recorded
from bot.errors import ForecastError, ModelUnavailable
from bot.flow.forecasts.recording import RecordedForecaster, Recorder
from bot.flow.record.settling import Settler
from bot.ports.forecasting import Clock, ClosesSource, Endpoint
from bot.ports.records import TrackRecord

MORNING = time(9)
"""When the forecasts of a session are made: the hour of the daily message, before any open."""


class SettableClock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The moment that it was set to, aware."""
        return self.now


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a replay is.

    Attributes:
        session: the one that has just been played.
        done, total: sessions.
        outcomes: new ones, of that session.
        failed: shares without a forecast in that session.
    """

    session: date
    done: int
    total: int
    outcomes: int
    failed: int


Watcher = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay needs; belongs to one event loop.

    Attributes:
        closes: the past, such as files; more than the clock allows is never seen.
        endpoint: the model; asked once a session, for all shares.
        record: where forecasts and outcomes go.
        clock: the true one; no session is played whose close it does not know.
    """

    closes: ClosesSource
    endpoint: Endpoint
    record: TrackRecord
    sessions: Sessions
    clock: Clock

    async def play(
        self, shares: Sequence[Ticker], first: date, last: date, watcher: Watcher
    ) -> int:
        """Play the sessions from `first` to `last`; gives how many outcomes are new.

        Raises:
            StorageUnavailable: the database did not answer; what was played stays.
            ModelUnavailable: the endpoint did not; the same.
        """
        days = self.sessions.between(first, min(last, self.sessions.newest_final(self.clock())))
        missing = await self._missing(shares, days)
        table = self._table(shares)
        new = 0
        for done, session in enumerate(days, start=1):
            wanted = missing[session]
            outcomes, failed = await table.play(session, wanted) if wanted else (0, 0)
            new += outcomes
            watcher(Progress(session, done, len(days), outcomes, failed))
        return new

    async def _missing(
        self, shares: Sequence[Ticker], days: Sequence[date]
    ) -> dict[date, list[Ticker]]:
        """The shares that have no outcome yet, by session."""
        far = len(self.sessions.days)
        settled = {
            (share, tally.session)
            for share in shares
            for tally in await self.record.tallies(share, far)
        }
        return {day: [share for share in shares if (share, day) not in settled] for day in days}

    def _table(self, shares: Sequence[Ticker]) -> "_Table":
        clock, ours = SettableClock(self.clock()), set(shares)
        recorder = Recorder(self.record, self.sessions, clock, Made.REPLAY)
        forecaster = RecordedForecaster(
            self.closes, self.endpoint, self.sessions, clock, recorder=recorder
        )

        def wanted(forecast: Recorded) -> bool:
            """Live forecasts wait for the closes of their own source."""
            return forecast.made is Made.REPLAY and forecast.ticker in ours

        # Files do not change while they are played, so no outcome needs a second look.
        settler = Settler(self.closes, self.record, self.sessions, clock, again=0, wanted=wanted)
        return _Table(clock, forecaster, settler)


@dataclass(frozen=True, slots=True)
class _Table:
    """Those who play, and the clock that all of them look at."""

    clock: SettableClock
    forecaster: RecordedForecaster
    settler: Settler

    async def play(self, session: date, shares: Sequence[Ticker]) -> tuple[int, int]:
        """From the morning to the final close; gives new outcomes and shares that failed."""
        self.clock.now = datetime.combine(session, MORNING, SAO_PAULO)
        found = await self.forecaster.outlooks(shares)
        failures = [one for one in found.values() if isinstance(one, ForecastError)]
        for failure in failures:
            if isinstance(failure, ModelUnavailable):
                raise failure
        await self.forecaster.recorder.written()
        self.clock.now = self.forecaster.sessions.final(session)
        return await self.settler.settle(), len(failures)
