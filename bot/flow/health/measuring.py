"""Ports that remember how they answered, for the operators' status; they change no answer.

Latencies come from a counter of seconds that never goes back.  Memory is bounded.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median

from bot.domain.closes import DailyBars, Window
from bot.domain.forecast import Model, Steps
from bot.domain.operations import Calls, GoodCloses
from bot.domain.sessions import Sessions
from bot.domain.tickers import Ticker
from bot.errors import ForecastError
from bot.ports.forecasting import Clock, ClosesSource, Endpoint

CALLS_KEPT = 50
"""Newest calls that the figures are about."""

SHARES_KEPT = 1_000
"""More than the shares that B3 lists."""


@dataclass(slots=True)
class MeasuredEndpoint:
    """Fulfils `bot.ports.forecasting.Endpoint` on top of another one, and times it.

    Attributes:
        counter: seconds, as `time.perf_counter` gives them.
        model: who answered last; None before the first answer.
    """

    endpoint: Endpoint
    counter: Callable[[], float]
    model: Model | None = None
    _seconds: deque[float | None] = field(default_factory=lambda: deque(maxlen=CALLS_KEPT))

    async def steps(self, windows: Sequence[Window]) -> list[Steps]:
        """As the endpoint underneath.

        Raises:
            ModelUnavailable: as it raised it.
            ModelRefused: as it raised it.
        """
        began = self.counter()
        try:
            steps = await self.endpoint.steps(windows)
        except ForecastError:
            self._seconds.append(None)
            raise
        self._seconds.append(self.counter() - began)
        if steps:
            self.model = steps[0].model
        return steps

    def works(self) -> bool:
        """Whether the newest call was answered; nobody knows before the first."""
        return bool(self._seconds) and self._seconds[-1] is not None

    def calls(self) -> Calls:
        """Figures of the newest calls."""
        answered = [seconds for seconds in self._seconds if seconds is not None]
        if not answered:
            return Calls(0, 0.0, 0.0, len(self._seconds))
        failures = len(self._seconds) - len(answered)
        return Calls(len(answered), answered[-1], median(answered), failures)


@dataclass(frozen=True, slots=True)
class _Noted:
    """What was found good, in which bars, when closes up to which session could be seen."""

    bars: DailyBars
    until: date
    good: GoodCloses


@dataclass(slots=True)
class MeasuredCloses:
    """Fulfils `bot.ports.forecasting.ClosesSource` on top of another one; notes what was good."""

    source: ClosesSource
    sessions: Sessions
    _good: OrderedDict[Ticker, _Noted] = field(default_factory=OrderedDict)

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """As the source underneath.

        Raises:
            UnknownTicker: as it raised it.
            TooManyLookups: as it raised it.
            ClosesUnavailable: as it raised it.
        """
        bars = await self.source.daily(ticker, now)
        until = self.sessions.newest_final(min(now, bars.fetched_at))
        noted = self._good.get(ticker)
        # A year of rows is not looked through again for each of a thousand questions.
        if noted is None or noted.bars is not bars or noted.until != until:
            self._note(ticker, bars, until)
        if ticker in self._good:
            self._good.move_to_end(ticker)
        if len(self._good) > SHARES_KEPT:
            self._good.popitem(last=False)
        return bars

    def _note(self, ticker: Ticker, bars: DailyBars, until: date) -> None:
        final = (bar.session for bar in bars.bars if bar.has_close and bar.session <= until)
        newest = max(final, default=None)
        if newest is not None:
            self._good[ticker] = _Noted(bars, until, GoodCloses(ticker, newest, bars.fetched_at))

    def good(self) -> tuple[GoodCloses, ...]:
        """The last good closes of each share asked for, the one fetched longest ago first."""
        good = [noted.good for noted in self._good.values()]
        return tuple(sorted(good, key=lambda one: (one.fetched_at, one.ticker)))


@dataclass(slots=True)
class Heard:
    """Remembers when Telegram last handed over an update."""

    clock: Clock
    last: datetime | None = None

    def update(self) -> None:
        """An update has arrived."""
        self.last = self.clock()
