"""Until when a forecast stays as it is, so that others may keep it.

    00:00 ─ until the open ─ 10:00 ─ a minute ─ final close ─ until midnight ─ 24:00
            (a day without session: until the open of the next one)

Pure: the calendar and the time come in.  Moments are aware, days are those of São Paulo.
"""

from datetime import datetime, time, timedelta

from bot.domain.bars import Origin
from bot.domain.forecast import Outlook
from bot.domain.sessions import CLOSING_CALL, SAO_PAULO, Phase, Sessions

MINUTE = timedelta(minutes=1)
"""While a session is open its price moves, and a source that is behind may catch up."""


def stands_until(outlook: Outlook, sessions: Sessions, now: datetime) -> datetime:
    """Until when `outlook`, made at `now`, will be answered again."""
    phase = sessions.phase(now)
    if phase in {Phase.OPEN, Phase.CLOSING} or _is_provisional(outlook, phase):
        return min(now + MINUTE, next_turn(sessions, now))
    if phase is Phase.CLOSED:
        return _midnight(now)
    return sessions.opening(sessions.today(now))


def next_turn(sessions: Sessions, now: datetime) -> datetime:
    """The next moment at which another part of the day begins, and something else is said."""
    session = sessions.today(now)
    turns = (
        sessions.opening(session),
        sessions.close(session) - CLOSING_CALL,
        sessions.final(session),
        _midnight(now),
    )
    return min(turn for turn in turns if turn > now)


def _is_provisional(outlook: Outlook, phase: Phase) -> bool:
    """Whether the source may have more to say before the day goes on."""
    window = outlook.window
    late = phase is Phase.CLOSED and outlook.closed is None
    behind = window.kept_at is not None or bool(window.missing)
    return late or behind or window.origin is Origin.SIMULATED


def _midnight(now: datetime) -> datetime:
    tomorrow = now.astimezone(SAO_PAULO).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), SAO_PAULO)
