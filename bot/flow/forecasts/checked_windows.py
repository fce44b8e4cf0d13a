"""Windows that were checked before: the same rows in the same part of the day give the same one.

    DailyBars ──visible()──▶ as before? ──no──▶ checked_window()
                                └─yes──▶ the window of last time

Checking sixty closes takes longer than everything else that an answer from memory needs.
"""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from bot.domain.closes import DailyBars, Window, checked_window, visible
from bot.domain.sessions import Sessions
from bot.domain.tickers import Ticker

MOST_KEPT = 1_024
"""Two windows for each share that B3 lists and people ask about on one day."""

_ANY_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CheckedWindows:
    """A bounded memory of windows, of one calendar."""

    _kept: OrderedDict[tuple[Ticker, date, date], tuple[DailyBars, Window]] = field(
        default_factory=OrderedDict
    )

    def of(self, bars: DailyBars, sessions: Sessions, now: datetime) -> Window:
        """As `checked_window`, from memory when nothing that it looks at has changed.

        Raises:
            ClosesStale: as `checked_window` raises it; it is not remembered.
            WindowTooShort: the same.
        """
        seen = visible(bars, sessions, now)
        if not bars.kept:  # only of kept bars it is told when they were fetched
            seen = replace(seen, fetched_at=_ANY_TIME)
        key = (bars.ticker, sessions.today(now), sessions.newest_final(now))
        before = self._kept.get(key)
        if before is not None and before[0] == seen:
            return before[1]
        return self._remembered(key, seen, checked_window(bars, sessions, now))

    def _remembered(
        self, key: tuple[Ticker, date, date], seen: DailyBars, window: Window
    ) -> Window:
        self._kept[key] = (seen, window)
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return window
