"""From the bars that a source gave to the window that the model may see.

    DailyBars ──visible()──▶ no bar newer than the clock ──checked_window()──▶ Window of 60

Sources are not trusted: bars arrive with gaps, holidays, nulls, running prices and splits in
them, and leave as sixty valid closes of B3 sessions, with notes on what was wrong.
Prices are in the share's own currency, bars oldest first, days are B3 sessions.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import nan

from bot.domain.bars import Bar, DailyBars, Origin, RunningPrice, Split, is_price
from bot.domain.corporate_actions import Adjustment, on_newest_basis
from bot.domain.row_checks import Dropped, valid_rows, with_spans
from bot.domain.sessions import SAO_PAULO, Phase, Sessions
from bot.domain.tickers import Ticker
from bot.errors import ClosesStale, WindowTooShort

__all__ = [
    "REACH",
    "WINDOW",
    "Adjustment",
    "Bar",
    "DailyBars",
    "Dropped",
    "Origin",
    "RunningPrice",
    "Split",
    "Window",
    "checked_window",
    "current",
    "visible",
]

WINDOW = 60
"""Closes that the model's window takes, in sessions."""

REACH = 6
"""Sessions after its newest close that a window can be forecast for."""

RECENT = 5
"""Newest sessions, in number, whose absence is worth telling people."""

_HISTORY = 60
"""Valid bars before the window that tell a corporate action what is typical of the share."""


@dataclass(frozen=True, slots=True)
class Window:
    """Sixty valid closes, oldest first, and what had to be done to get them.

    Attributes:
        ticker: the share.
        bars: exactly `WINDOW` bars, finite and positive closes, ascending B3 sessions, on the
            price basis of the newest one, or of `running` on the day of a split; highs and lows
            enclose the closes in all bars, or are NaN in all.
        origin: where they come from.
        running: the newest price of the session after the window, when it is open and known.
        kept_at: when the bars were fetched, if the source is away now; else None.
        missing: sessions among the last five that should be there and are not.
        adjustments: corporate actions that were recognised and taken out.
        dropped: rows of the source that were no valid bars; for the log, not for people.
    """

    ticker: Ticker
    bars: tuple[Bar, ...]
    origin: Origin
    running: RunningPrice | None = None
    kept_at: datetime | None = None
    missing: tuple[date, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @property
    def newest(self) -> Bar:
        """The bar that the forecast starts from."""
        return self.bars[-1]


def visible(bars: DailyBars, sessions: Sessions, now: datetime) -> DailyBars:
    """Leave what can be known at `now`: final closes, and the running price of an open session.

    The bar of a session that is still open is no close, and a bar of the future does not exist,
    whatever the source holds.  What was fetched while a session was open stays without its close,
    however late it is by now.
    """
    newest = sessions.newest_final(min(now, bars.fetched_at))
    return replace(
        bars,
        bars=tuple(bar for bar in bars.bars if bar.session <= newest),
        running=current(bars.running, sessions, now),
        splits=tuple(
            split for split in bars.splits if split.session <= now.astimezone(SAO_PAULO).date()
        ),
    )


def checked_window(bars: DailyBars, sessions: Sessions, now: datetime) -> Window:
    """The newest sixty valid closes that are final at `now`, on one price basis.

    Raises:
        ClosesStale: the newest close lies more than `REACH` sessions before D+0.
        WindowTooShort: fewer than `WINDOW` valid closes.
    """
    known = visible(bars, sessions, now)
    valid, dropped = valid_rows(known.bars, sessions)
    if valid and len(sessions.between(valid[-1].session, sessions.today(now))) > REACH + 1:
        raise ClosesStale(bars.ticker, valid[-1].session)
    if len(valid) < WINDOW:
        raise WindowTooShort(bars.ticker, len(valid), WINDOW)
    opened = _opened(known.running, sessions, now)
    rebased, adjustments = on_newest_basis(
        (*valid[-WINDOW - _HISTORY :], *opened), known.splits, WINDOW + len(opened)
    )
    return Window(
        ticker=bars.ticker,
        bars=with_spans(rebased[:WINDOW]),
        origin=bars.origin,
        running=known.running,
        kept_at=bars.fetched_at if bars.kept else None,
        missing=_missing(valid, sessions, now),
        adjustments=adjustments,
        dropped=dropped,
    )


def current(running: RunningPrice | None, sessions: Sessions, now: datetime) -> RunningPrice | None:
    """The running price, if it was traded in the session that is open at `now`."""
    if running is None or sessions.phase(now) not in {Phase.OPEN, Phase.CLOSING}:
        return None
    traded = sessions.opening(sessions.today(now)) <= running.at <= now
    return running if traded and is_price(running.price) else None


def _opened(running: RunningPrice | None, sessions: Sessions, now: datetime) -> tuple[Bar, ...]:
    """The open session as far as it goes: on the day of a split its price is on the new basis."""
    if running is None:
        return ()
    return (Bar(sessions.today(now), nan, nan, nan, running.price, nan),)


def _missing(valid: tuple[Bar, ...], sessions: Sessions, now: datetime) -> tuple[date, ...]:
    """The newest sessions that should have a close at `now` and have none, oldest first."""
    after_newest = sessions.newest_final(now) + timedelta(days=1)
    there = {bar.session for bar in valid[-RECENT:]}
    return tuple(day for day in sessions.before(after_newest, RECENT) if day not in there)
