"""Invented bars for machines that cannot reach Yahoo, marked as such in everything people see.

    seed, share ──▶ log-price pulled softly to the share's level, volatility that comes in waves

The same seed, share and session give the same bar whatever the clock says, so that a forecast can
be judged by the close that follows.  `OrSimulated` stands in front of a real source and invents
only while that source is away.
"""

import logging
import math
import random
from collections import deque
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.domain.bars import Bar, DailyBars, Origin, RunningPrice
from bot.domain.sessions import Sessions
from bot.domain.tickers import Ticker
from bot.errors import ClosesUnavailable, UnknownTicker
from bot.ports.forecasting import ClosesSource

log = logging.getLogger(__name__)

HISTORY = 260
"""Newest bars that are handed on: a year, as from Yahoo."""

RETRY_AFTER = timedelta(minutes=5)
"""How long a real source that failed is left alone."""

# Order of size of each share's price in BRL and of its daily volatility; not quotations.
_SHARES: dict[str, tuple[float, float]] = {
    "ABEV3": (14.0, 0.014),
    "ALOS3": (24.0, 0.016),
    "B3SA3": (13.0, 0.020),
    "BBAS3": (24.0, 0.017),
    "BBDC3": (14.0, 0.017),
    "BBDC4": (16.0, 0.018),
    "BBSE3": (36.0, 0.012),
    "BPAC11": (42.0, 0.020),
    "CMIG4": (11.0, 0.016),
    "CSAN3": (7.0, 0.028),
    "EGIE3": (42.0, 0.012),
    "EMBR3": (75.0, 0.024),
    "EQTL3": (36.0, 0.014),
    "GGBR4": (18.0, 0.020),
    "HAPV3": (35.0, 0.032),
    "ITSA4": (11.0, 0.013),
    "ITUB3": (33.0, 0.013),
    "ITUB4": (37.0, 0.014),
    "LREN3": (16.0, 0.024),
    "MGLU3": (9.0, 0.040),
    "PETR3": (35.0, 0.018),
    "PETR4": (32.0, 0.017),
    "PRIO3": (40.0, 0.022),
    "RADL3": (17.0, 0.019),
    "RAIL3": (17.0, 0.019),
    "RENT3": (40.0, 0.023),
    "SBSP3": (115.0, 0.016),
    "SUZB3": (52.0, 0.016),
    "TIMS3": (21.0, 0.014),
    "VALE3": (58.0, 0.018),
    "VIVT3": (32.0, 0.012),
    "WEGE3": (40.0, 0.018),
}

_PULL = 0.004  # of the way back to the share's level, a day: half of it in eight months
_WAVE = 0.96  # of today's log-volatility that is left tomorrow
_WAVE_NOISE = 0.12
_NIGHT = 0.5  # of the day's standard deviation happens before the open
_BRIDGE_TERMS = 8


class SimulatedCloses:
    """About thirty well-known shares of B3 with invented prices."""

    def __init__(self, seed: int, sessions: Sessions) -> None:
        self._seed = seed
        self._sessions = sessions
        self._walked: dict[str, tuple[Bar, ...]] = {}

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """A year of invented bars that are final at `now`, and the price of an open session.

        Raises:
            UnknownTicker: it is none of the shares that are simulated.
        """
        code = ticker.removesuffix(".SA")
        if code not in _SHARES:
            raise UnknownTicker(ticker)
        today, final = self._sessions.today(now), self._sessions.newest_final(now)
        bars = self._newest(code, until=today)
        past = tuple(bar for bar in bars if bar.session <= final)[-HISTORY:]
        running = None if today <= final else self._running(code, bars[-1], now)
        return DailyBars(ticker, past, Origin.SIMULATED, now, running)

    def _newest(self, code: str, until: date) -> tuple[Bar, ...]:
        """The end of the path, remembered while the day is the same: walking takes 40 ms."""
        walked = self._walked.get(code)
        if walked is None or walked[-1].session != until:
            walked = tuple(deque(self._walk(code, until), maxlen=HISTORY + 1))
            self._walked[code] = walked
        return walked

    def _walk(self, code: str, until: date) -> Iterator[Bar]:
        """Every bar from the calendar's first session on: one share has one path."""
        price, usual = _SHARES[code]
        dice = random.Random(f"{self._seed} {code}")  # noqa: S311  # no secret, a price path
        level = place = math.log(price)
        wave = 0.0
        for session in self._sessions.between(self._sessions.days[0], until):
            wave = _WAVE * wave + dice.gauss(0, _WAVE_NOISE)
            spread = usual * math.exp(wave - 0.1)
            opened = place + _PULL * (level - place) + dice.gauss(0, _NIGHT * spread)
            place = opened + dice.gauss(0, spread * math.sqrt(1 - _NIGHT**2))
            yield _bar(session, (opened, place), spread, dice)

    def _running(self, code: str, bar: Bar, now: datetime) -> RunningPrice | None:
        """A path from the open to the close, by the minute: a Brownian bridge of a few waves."""
        opening, close = self._sessions.opening(bar.session), self._sessions.close(bar.session)
        at = min(now, close).replace(second=0, microsecond=0)
        if at < opening:
            return None
        part = (at - opening) / (close - opening)
        dice = random.Random(f"{self._seed} {code} {bar.session}")  # noqa: S311  # as above
        waves = (
            dice.gauss(0, 1) * math.sin(math.pi * term * part) / term
            for term in range(1, _BRIDGE_TERMS + 1)
        )
        straight = bar.open * (bar.close / bar.open) ** part
        wandered = straight * (bar.high / bar.low) ** (0.15 * sum(waves))
        return RunningPrice(round(min(max(wandered, bar.low), bar.high), 2), at)


class OrSimulated:
    """A real source, and invented bars while it is away; only ever used with the local chat."""

    def __init__(self, real: ClosesSource, simulated: ClosesSource) -> None:
        self._real = real
        self._simulated = simulated
        self._failed_at: datetime | None = None

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """What the real source gives; after a failure of it, invented bars for some minutes.

        Raises:
            UnknownTicker: the real source says so.
            TooManyLookups: the same.
            ClosesUnavailable: it is away, and this share is none of those simulated.
        """
        if self._failed_at is not None and self._failed_at <= now < self._failed_at + RETRY_AFTER:
            return await self._invented(ticker, now, ClosesUnavailable(ticker, "failed just now"))
        try:
            bars = await self._real.daily(ticker, now)
        except ClosesUnavailable as error:
            log.warning("closes simulated", extra={"ticker": ticker, "reason": error.reason})
            self._failed_at = now
            return await self._invented(ticker, now, error)
        self._failed_at = None
        return bars

    async def _invented(
        self, ticker: Ticker, now: datetime, failure: ClosesUnavailable
    ) -> DailyBars:
        try:
            return await self._simulated.daily(ticker, now)
        except UnknownTicker:
            raise failure from None


def _bar(session: date, day: tuple[float, float], spread: float, dice: random.Random) -> Bar:
    """The bar of a day that went from log-price `day[0]` to `day[1]`, in whole cents."""
    above, below = (abs(dice.gauss(0, 0.5 * spread)) for _ in range(2))
    opened, low, high, close = (
        round(math.exp(place), 2) for place in (day[0], min(day) - below, max(day) + above, day[1])
    )
    return Bar(session, opened, high, low, close, float(round(dice.lognormvariate(16.5, 0.4))))
