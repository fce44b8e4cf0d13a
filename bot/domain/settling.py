"""A forecast beside the close that came, on one price basis.

    Recorded + bars known now ──settled()──▶ Outcome      + bars known later ──resettled()──▶ again

A forecast of day t starts from the last close L of an earlier session s; the close that came is C.
If a split falls between them, before the open of t, the forecast made at nine o'clock stands on
the old basis and C on the new one.  A source may show that at once, as a jump between its bars of
s and t; or it rescales its past, that evening or days later; or both bars are rescaled again by a
split that comes after t.  In every case the ratio of its bars of s and t, once jumps are taken
out, is what tells: with L' and C' as the source has them now,

    factor = (L' / C') · (C / L)

puts the forecast on the basis of C.  A split after t moves L' and C' alike and changes nothing, so
C stays what it was when it was first written, which is the evening of its own day unless the bot
was off; an error in reais stays what it was as well.  A factor nearer to 1 than the smallest bonus
is no corporate action but a source that corrected a centavo, and counts as 1.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.bars import Bar, DailyBars, Origin
from bot.domain.closes import visible
from bot.domain.corporate_actions import on_newest_basis
from bot.domain.row_checks import valid_rows
from bot.domain.sessions import Sessions
from bot.domain.track_record import Outcome, Recorded

SMALLEST_ACTION = 0.005
"""Bonuses are of 1 % and more; corrected closes differ by centavos."""

_TYPICAL = 60
"""Bars before s that tell a corporate action what is typical of the share."""


@dataclass(frozen=True, slots=True)
class Past:
    """What can be known of a share's closes at one moment.

    Attributes:
        bars: valid and final, ascending, as the source has them.
        known: what else the source said, splits above all.
    """

    bars: tuple[Bar, ...]
    known: DailyBars

    def close(self, session: date) -> float | None:
        """The close of a session, on the source's basis; None where there is none."""
        return next((bar.close for bar in reversed(self.bars) if bar.session == session), None)

    def ratio(self, earlier: date, later: date) -> float | None:
        """The close of `earlier` over that of `later`, on one basis; None where one is missing."""
        until = tuple(bar for bar in self.bars if bar.session <= later)
        between = sum(bar.session >= earlier for bar in until)
        rebased, _ = on_newest_basis(until[-between - _TYPICAL :], self.known.splits, between)
        if not rebased or (rebased[0].session, rebased[-1].session) != (earlier, later):
            return None
        return rebased[0].close / rebased[-1].close


def past(bars: DailyBars, sessions: Sessions, now: datetime) -> Past | None:
    """The final closes known at `now`; None where a source invented them.

    Kept bars tell nothing of what became final after they were fetched: their last one may be of
    a session that was still open then.
    """
    if bars.origin is Origin.SIMULATED:
        return None
    known = visible(bars, sessions, min(now, bars.fetched_at))
    valid, _ = valid_rows(known.bars, sessions)
    return Past(valid, known)


def settled(forecast: Recorded, past: Past, now: datetime) -> Outcome | None:
    """The forecast with the close of its session; None while there is no such close."""
    close = past.close(forecast.session)
    if close is None:
        return None
    return Outcome(forecast, close, _factor(forecast, close, past) or 1.0, now)


def resettled(outcome: Outcome, past: Past, now: datetime) -> Outcome | None:
    """The next revision, if the source tells now of a corporate action that it did not tell then.

    The close stays; only the basis of the forecast changes.
    """
    factor = _factor(outcome.forecast, outcome.close, past)
    if factor is None or _same(factor, outcome.factor):
        return None
    return replace(outcome, factor=factor, settled_at=now, revision=outcome.revision + 1)


def _factor(forecast: Recorded, close: float, past: Past) -> float | None:
    """What puts the forecast on the basis of `close`; None where the source cannot tell."""
    ratio = past.ratio(forecast.last_session, forecast.session)
    if ratio is None:
        return None
    factor = ratio * close / forecast.last_close
    return 1.0 if _same(factor, 1.0) else factor


def _same(factor: float, other: float) -> bool:
    return abs(factor / other - 1) < SMALLEST_ACTION
