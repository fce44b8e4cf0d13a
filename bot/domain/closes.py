"""From the bars that a source gave to the window that the model may see.

    DailyBars ──visible()──▶ no bar newer than the clock ──checked_window()──▶ Window of 60

Sources are not trusted: bars arrive with gaps, holidays, nulls, running prices and splits in
them, and leave as sixty valid closes of consecutive B3 sessions, with notes on what was wrong.
Prices are in the share's own currency, bars oldest first, days are B3 sessions.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from bot.domain.tickers import Ticker

WINDOW = 60
"""Closes that the model's window takes, in sessions."""


class Origin(Enum):
    """Where bars come from, as it has to be said to people."""

    YAHOO = "yahoo"
    FILE = "file"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Bar:
    """One session's prices; NaN where the source had nothing."""

    session: date
    open: float
    high: float
    low: float
    close: float
    volume: float


@dataclass(frozen=True, slots=True)
class RunningPrice:
    """A price of a session that is still open.

    Attributes:
        price: in the share's currency.
        at: moment of the trade, aware.
    """

    price: float
    at: datetime


@dataclass(frozen=True, slots=True)
class DailyBars:
    """What a source said of one share, unchecked.

    Attributes:
        ticker: the share.
        bars: oldest first, one per day as the source claims; split-adjusted, not
            dividend-adjusted; the last one may be of a session that is still open.
        origin: where they come from.
        fetched_at: when the source was asked, aware.
        running: the newest price of an open session, when the source knows one.
        kept: the source is away, and these are the last good bars it gave before.
    """

    ticker: Ticker
    bars: tuple[Bar, ...]
    origin: Origin
    fetched_at: datetime
    running: RunningPrice | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A corporate action found inside the window; older prices were multiplied by `factor`."""

    session: date
    factor: float


@dataclass(frozen=True, slots=True)
class Window:
    """Sixty valid closes, oldest first, and what had to be done to get them.

    Attributes:
        ticker: the share.
        bars: exactly `WINDOW` bars, finite and positive closes, ascending B3 sessions, on the
            price basis of the newest one.
        origin: where they come from.
        running: the newest price of the session after the window, when it is open and known.
        kept_at: when the bars were fetched, if the source is away now; else None.
        missing: sessions among the last five that should be there and are not.
        adjustments: corporate actions that were recognised and taken out.
    """

    ticker: Ticker
    bars: tuple[Bar, ...]
    origin: Origin
    running: RunningPrice | None = None
    kept_at: datetime | None = None
    missing: tuple[date, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def newest(self) -> Bar:
        """The bar that the forecast starts from."""
        return self.bars[-1]
