"""B3's days and hours: which days trade, when they open, close and are final.

    23:59 ─ BEFORE_OPEN ─ 10:00 ─ OPEN ─ 16:55 ─ CLOSING ─ 17:30 ─ CLOSED ─ 23:59
            (HOLIDAY the whole day when there is no session, weekends included)

B3 follows New York's clock: the session closes at 17:00 São Paulo time while New York is on
daylight time and at 18:00 otherwise; ready-made calendars say 18:00 all year.  Ash Wednesday
opens at 13:00.

Pure: the holidays come in as data, the time as an argument.  Every datetime is aware; days are
calendar days of America/Sao_Paulo.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from dateutil.easter import easter

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
NEW_YORK = ZoneInfo("America/New_York")

OPENS = time(10, 0)
ASH_WEDNESDAY_OPENS = time(13, 0)
CLOSES_IN_NEW_YORK_SUMMER = time(17, 0)
CLOSES_OTHERWISE = time(18, 0)
CLOSING_CALL = timedelta(minutes=5)
"""The closing auction begins this long before the close (B3, trading hours of 2025-03-10)."""
FINAL_AFTER = timedelta(minutes=30)
"""Yahoo shows B3 with 15 minutes of delay; the same again leaves room for a late auction."""

_EASTER_TO_ASH_WEDNESDAY = timedelta(days=-46)


class Phase(Enum):
    """What part of the day it is, from the market's point of view."""

    BEFORE_OPEN = "before open"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Sessions:
    """The calendar of B3.

    Attributes:
        days: all session days known, ascending.
        opens: days that open at another hour than 10:00.
        closes: days that close at another hour than New York's clock implies.
    """

    days: tuple[date, ...]
    opens: Mapping[date, time] = field(default_factory=dict)
    closes: Mapping[date, time] = field(default_factory=dict)

    @property
    def last_known(self) -> date:
        """The last session of the calendar; nothing can be dated beyond it."""
        return self.days[-1]

    def is_session(self, day: date) -> bool:
        """Whether B3 trades on `day`."""
        return self.after(day - timedelta(days=1), 1) == (day,)

    def after(self, day: date, count: int) -> tuple[date, ...]:
        """The next `count` sessions after `day`, nearest first.

        Raises:
            ValueError: the calendar ends before.
        """
        start = bisect_right(self.days, day)
        found = self.days[start : start + count]
        if len(found) < count:
            raise ValueError(f"the calendar of B3 ends on {self.last_known}")
        return found

    def before(self, day: date, count: int) -> tuple[date, ...]:
        """The last `count` sessions before `day`, oldest first; fewer where the calendar begins."""
        end = bisect_left(self.days, day)
        return self.days[max(0, end - count) : end]

    def between(self, first: date, last: date) -> tuple[date, ...]:
        """The sessions from `first` to `last`, both included."""
        return self.days[bisect_left(self.days, first) : bisect_right(self.days, last)]

    def opening(self, session: date) -> datetime:
        """When `session` opens."""
        usual = ASH_WEDNESDAY_OPENS if session == ash_wednesday(session.year) else OPENS
        return datetime.combine(session, self.opens.get(session, usual), SAO_PAULO)

    def close(self, session: date) -> datetime:
        """When `session` closes, its closing auction included."""
        noon = datetime.combine(session, time(12), NEW_YORK)
        usual = CLOSES_IN_NEW_YORK_SUMMER if noon.dst() else CLOSES_OTHERWISE
        return datetime.combine(session, self.closes.get(session, usual), SAO_PAULO)

    def final(self, session: date) -> datetime:
        """When the close of `session` can be taken for final."""
        return self.close(session) + FINAL_AFTER

    def phase(self, now: datetime) -> Phase:
        """What part of the day `now` is."""
        day = now.astimezone(SAO_PAULO).date()
        if not self.is_session(day):
            return Phase.HOLIDAY
        if now < self.opening(day):
            return Phase.BEFORE_OPEN
        if now < self.close(day) - CLOSING_CALL:
            return Phase.OPEN
        return Phase.CLOSING if now < self.final(day) else Phase.CLOSED

    def today(self, now: datetime) -> date:
        """D+0: the session of the day until midnight, else the one that comes next."""
        day = now.astimezone(SAO_PAULO).date()
        return self.after(day - timedelta(days=1), 1)[0]

    def newest_final(self, now: datetime) -> date:
        """The newest session whose close is final at `now`."""
        tomorrow = now.astimezone(SAO_PAULO).date() + timedelta(days=1)
        *_, previous, last = self.before(tomorrow, 2)
        return last if now >= self.final(last) else previous

    def next_final(self, now: datetime) -> datetime:
        """The next moment at which another close becomes final: until then closes do not change."""
        session = self.today(now)
        if now < self.final(session):
            return self.final(session)
        return self.final(self.after(session, 1)[0])


def ash_wednesday(year: int) -> date:
    """The day after carnival, 46 days before Easter Sunday."""
    return easter(year) + _EASTER_TO_ASH_WEDNESDAY
