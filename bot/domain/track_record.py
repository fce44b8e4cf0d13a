"""What was forecast, what came, and how that compares with "same as yesterday".

    Outlook ──recordable()──▶ Recorded ──bot.domain.settling──▶ Outcome ──tally()──▶ Tally

A forecast counts only if it was written before its session's close, from true closes alone: never
an invented price, never the running one.  Errors are of the prices themselves; only a direction is
judged in centavos, because a median that differs from the last close by less points nowhere.
Prices are in the share's own currency on the basis of their day; days are B3 sessions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from bot.domain.bars import Origin
from bot.domain.forecast import Model, Outlook
from bot.domain.sessions import Sessions
from bot.domain.tickers import Ticker

_CENTAVO = Decimal("0.01")


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
        rebased: outcomes that were settled again because a corporate action changed the basis.
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
    rebased: int = 0


def recordable(
    outlook: Outlook, now: datetime, sessions: Sessions, made: Made = Made.LIVE
) -> Recorded | None:
    """What of `outlook` goes on the record at `now`; None when nothing does.

    Nothing does once the session has closed, nor ever from invented prices.  A forecast from closes
    that are days old does: it was what people read, and `last_session` says so.
    """
    late = outlook.closed is not None or now >= sessions.close(outlook.morning.session)
    if late or outlook.window.origin is Origin.SIMULATED:
        return None
    morning, newest = outlook.morning, outlook.window.newest
    return Recorded(
        ticker=outlook.ticker,
        session=morning.session,
        made_at=now,
        expected=morning.expected,
        low80=morning.low80,
        high80=morning.high80,
        low95=morning.low95,
        high95=morning.high95,
        last_close=newest.close,
        last_session=newest.session,
        model=outlook.model,
        made=made,
    )


def tally(outcome: Outcome) -> Tally:
    """One outcome, measured on the basis of its close."""
    said, close, factor = outcome.forecast, outcome.close, outcome.factor
    error = abs(said.expected * factor - close)
    naive_error = abs(said.last_close * factor - close)
    pointed = _direction(said.last_close * factor, said.expected * factor)
    went = _direction(said.last_close * factor, close)
    return Tally(
        session=said.session,
        count=1,
        error=error,
        naive_error=naive_error,
        relative_error=error / close,
        naive_relative_error=naive_error / close,
        inside80=int(said.low80 * factor <= close <= said.high80 * factor),
        directed=int(pointed * went != 0),
        hits=int(pointed * went > 0),
        replayed=int(said.made is Made.REPLAY),
        rebased=int(outcome.revision > 0),
    )


def summed(tallies: Iterable[Tally]) -> Tally:
    """Some tallies as one, dated by the newest session among them.

    Raises:
        ValueError: there are none.
    """
    every = list(tallies)
    return Tally(
        session=max(each.session for each in every),
        count=sum(each.count for each in every),
        error=sum(each.error for each in every),
        naive_error=sum(each.naive_error for each in every),
        relative_error=sum(each.relative_error for each in every),
        naive_relative_error=sum(each.naive_relative_error for each in every),
        inside80=sum(each.inside80 for each in every),
        directed=sum(each.directed for each in every),
        hits=sum(each.hits for each in every),
        replayed=sum(each.replayed for each in every),
        rebased=sum(each.rebased for each in every),
    )


def _direction(start: float, end: float) -> int:
    """1 up, −1 down, 0 when both are the same in centavos."""
    before, after = _in_centavos(start), _in_centavos(end)
    return (after > before) - (after < before)


def _in_centavos(price: float) -> Decimal:
    # From the digits that people see: 0.285 is a half although its binary form lies below it.
    return Decimal(repr(price)).quantize(_CENTAVO, ROUND_HALF_UP)
