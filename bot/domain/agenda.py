"""When the day's duties are due, from B3's calendar, the slots and the time alone.

    09:00 ─ 10:00 opens ──────────────── 16:55 closing call ─ 17:00 close ─ 17:30 final
    └ forecasts are recorded from here ──┘ too late for any push         └ outcomes are settled
        warm-up ─▶ slot: push, or as soon as possible after it

Nothing here remembers anything, so a clock that jumps changes what is due now and nothing else.
Slots are naive hours of America/Sao_Paulo, which has had no daylight time since 2019.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from bot.domain.sessions import CLOSING_CALL, SAO_PAULO, Sessions

WARMED_BEFORE = timedelta(minutes=3)
"""How long before a slot the endpoint is woken: a serverless one takes up to a minute to start."""

RECORDED_BEFORE_OPENING = timedelta(hours=1)
"""How long before the open the day's forecasts are written down."""


def moment(session: date, slot: time) -> datetime:
    """The slot on that day."""
    return datetime.combine(session, slot, SAO_PAULO)


def too_late(sessions: Sessions, session: date) -> datetime:
    """From when on nobody needs a forecast of that session's close any more."""
    return sessions.close(session) - CLOSING_CALL


def due_slots(sessions: Sessions, slots: Iterable[time], now: datetime) -> tuple[time, ...]:
    """The slots of today that have come, ascending; none without a session or when too late."""
    day = now.astimezone(SAO_PAULO).date()
    if not sessions.is_session(day) or now >= too_late(sessions, day):
        return ()
    return tuple(sorted(slot for slot in slots if moment(day, slot) <= now))


def next_run(sessions: Sessions, slot: time, now: datetime) -> datetime | None:
    """When the slot comes next, after `now`; None when it lies too late in the coming session."""
    session = sessions.today(now)
    if moment(session, slot) <= now:
        session = sessions.after(session, 1)[0]
    found = moment(session, slot)
    return found if found < too_late(sessions, session) else None


def warming_due(sessions: Sessions, slots: Iterable[time], now: datetime) -> bool:
    """Whether a slot is about to come."""
    coming = (next_run(sessions, slot, now) for slot in slots)
    return any(run is not None and run - now <= WARMED_BEFORE for run in coming)


def recording_due(sessions: Sessions, now: datetime) -> bool:
    """Whether today's forecasts may be written down: around the open, and never when too late."""
    day = now.astimezone(SAO_PAULO).date()
    if not sessions.is_session(day):
        return False
    return sessions.opening(day) - RECORDED_BEFORE_OPENING <= now < too_late(sessions, day)
