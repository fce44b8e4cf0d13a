"""What was forecast, what came, and how that compares with "same as yesterday".

    Recorded (before the close, never changed) + close ──settle──▶ Outcome ──sum──▶ Tally

Prices are in the share's own currency on the basis of their day; days are B3 sessions.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from bot.domain.forecast import Model
from bot.domain.tickers import Ticker


class Made(Enum):
    """How a forecast came about, as the scoreboard has to say it."""

    LIVE = "live"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A forecast as it was written down, from closes alone, before its session's close.

    Attributes:
        ticker: the share.
        session: the session whose close is forecast.
        made_at: when it was written, aware, before that close.
        expected, low80, high80, low95, high95: as in `bot.domain.forecast.Forecast`.
        last_close: newest close it started from; the naive forecast.
        last_session: session of that close.
        model: who forecast.
        made: live or by replay.
    """

    ticker: Ticker
    session: date
    made_at: datetime
    expected: float
    low80: float
    high80: float
    low95: float
    high95: float
    last_close: float
    last_session: date
    model: Model
    made: Made


@dataclass(frozen=True, slots=True)
class Outcome:
    """The final close beside the forecast.

    Attributes:
        forecast: what had been said.
        close: what came, on the basis of its own day.
        factor: what the forecast's prices are multiplied by to stand on that basis; 1 unless a
            corporate action fell between them.
        settled_at: when it was written, aware.
        revision: 0 at first; one more each time that a corporate action changed the basis.
    """

    forecast: Recorded
    close: float
    factor: float
    settled_at: datetime
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Outcomes of one session, of one share or of all, summed up so that they can be added.

    Attributes:
        session: the day.
        count: outcomes.
        error, naive_error: sums of absolute errors in the share's currency.
        relative_error, naive_relative_error: sums of absolute errors over closes.
        inside80: outcomes inside the 80 % band.
        directed: outcomes whose forecast, in centavos, was above or below the last close, and
            whose close was too; only they can hit or miss a direction.
        hits: those of them that went where the forecast said.
        replayed: outcomes of forecasts made by replay.
    """

    session: date
    count: int
    error: float
    naive_error: float
    relative_error: float
    naive_relative_error: float
    inside80: int
    directed: int
    hits: int
    replayed: int
