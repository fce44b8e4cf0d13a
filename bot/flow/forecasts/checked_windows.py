"""Windows that were checked before: the same rows in the same part of the day give the same one.

    DailyBars ──the very same?──no──▶ visible() ──as before?──no──▶ checked_window()
                     └─yes──▶ the window of last time ◀──yes──┘

Checking sixty closes takes longer than everything else that an answer from memory needs, and
comparing a year of rows takes longer than the rest.
"""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from bot.domain.closes import DailyBars, Window, checked_window, current, visible
from bot.domain.sessions import SAO_PAULO, Sessions
from bot.domain.tickers import Ticker

MOST_KEPT = 1_024
"""Two windows for each share that B3 lists and people ask about on one day."""

_ANY_TIME = datetime.min.replace(tzinfo=UTC)

_Key = tuple[Ticker, date, date, date]


@dataclass(frozen=True, slots=True)
class _Checked:
    """A window, what was given for it, and what of that could be seen at the time."""

    given: DailyBars
    seen: DailyBars
    window: Window


@dataclass(frozen=True, slots=True)
class CheckedWindows:
    """A bounded memory of windows, of one calendar."""

    _kept: OrderedDict[_Key, _Checked] = field(default_factory=OrderedDict)

    def of(self, bars: DailyBars, sessions: Sessions, now: datetime) -> Window:
        """As `checked_window`, from memory when nothing that it looks at has changed.

        Raises:
            ClosesStale: as `checked_window` raises it; it is not remembered.
            WindowTooShort: the same.
        """
        key = _key(bars, sessions, now)
        before = self._kept.get(key)
        running = current(bars.running, sessions, now)
        # Of the same rows under the same key, only the running price can be another one.
        if before and before.given is bars and before.seen.running == running:
            return before.window
        seen = _seen(bars, sessions, now)
        same = before is not None and before.seen == seen
        window = before.window if before and same else checked_window(bars, sessions, now)
        self._remember(key, _Checked(bars, seen, window))
        return window

    def _remember(self, key: _Key, checked: _Checked) -> None:
        self._kept[key] = checked
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)


def _key(bars: DailyBars, sessions: Sessions, now: datetime) -> _Key:
    """What of the time decides about the rows: days of the calendar and of B3."""
    day = now.astimezone(SAO_PAULO).date()
    return (bars.ticker, day, sessions.today(now), sessions.newest_final(now))


def _seen(bars: DailyBars, sessions: Sessions, now: datetime) -> DailyBars:
    seen = visible(bars, sessions, now)
    # Only of kept bars it is told when they were fetched.
    return seen if bars.kept else replace(seen, fetched_at=_ANY_TIME)
