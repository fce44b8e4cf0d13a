"""What follows from a message about an alarm, from what was known before it came.

Messages come late and in any order, so states are put in order by the moment of the change:

    OK after its ALARM     the alarm is over            ALARM after its OK came   over already
    OK of an older moment  told as late, changes nothing
    ALARM while in alarm   takes the older one's place

More than a few messages a minute are gathered, and told together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.alarms.alarm import Alarm, State, Text
from bot.domain.alarms.keeping import Form, Known, grade
from bot.domain.alarms.severity import Severity

REMINDERS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
"""After an alarm that nobody acknowledged."""

STORM = 5
"""Messages a minute that are told one by one; what goes beyond is told together."""

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What follows.

    Attributes:
        since: moment of the change.
        over: numbers of changes that end with this one, at `since`.
        replaces: they end because this change into alarm takes their place.
        lasted: how long the alarm was on; None when nothing ends.
        resolved_at: the alarm is over already, since then.
        replaced: because a newer change into alarm is known.
        silenced_until: inherited from what was known of the alarm.
        next_reminder: when to repeat it.
        form: the kind of posting that it is told by.
        late: something newer is known, so this is history.
        waits: it is told together with others.
        silent: without a sound.
    """

    since: datetime
    over: tuple[int, ...]
    replaces: bool
    lasted: timedelta | None
    resolved_at: datetime | None
    replaced: bool
    silenced_until: datetime | None
    next_reminder: datetime | None
    form: Form
    late: bool
    waits: bool
    silent: bool


def judge(
    says: Alarm | Text, moment: datetime | None, known: Known, now: datetime, storm: int = STORM
) -> Judgement:
    """Decide what a message means.

    Args:
        says: what was read in it.
        moment: when it was published, if anybody says.
        known: of the alarm that it is about.
        now: aware.
        storm: messages a minute that are told one by one.
    """
    told = says.since if isinstance(says, Alarm) else None
    since = told or moment or now
    state = says.state if isinstance(says, Alarm) else ""
    late = known.newest is not None and known.newest[1] > since
    ends = _ended(state, since, known)
    starts = state == State.ALARM
    silenced = _still(known.silenced_until, now)
    resolved_at = known.newest[1] if starts and late and known.newest else None
    alarmed = starts and resolved_at is None
    return Judgement(
        since=since,
        over=tuple(ends),
        replaces=starts,
        lasted=max(timedelta(), since - min(ends.values())) if ends and not starts else None,
        resolved_at=resolved_at,
        replaced=resolved_at is not None and known.newest is not None and known.newest[0] == state,
        silenced_until=silenced if alarmed else None,
        next_reminder=next_reminder(now, 0, silenced) if alarmed else None,
        form=Form.OVER if state == State.OK and ends else Form.CHANGE,
        late=late,
        waits=known.lately >= storm,
        silent=_silent(says, alarmed=alarmed, silenced=silenced is not None),
    )


def next_reminder(
    received_at: datetime, reminders: int, silenced_until: datetime | None
) -> datetime | None:
    """When an alarm that nobody acknowledges is repeated; None when it never is again.

    Args:
        received_at: when it came.
        reminders: how many hours for reminders are past.
        silenced_until: not before then, but surely then.
    """
    coming = [received_at + after for after in REMINDERS[reminders:][:1]]
    return max((*coming, *([silenced_until] if silenced_until else [])), default=None)


def reminders_past(received_at: datetime, now: datetime) -> int:
    """How many of the hours for reminders have come."""
    return sum(received_at + after <= now for after in REMINDERS)


def _ended(state: str, since: datetime, known: Known) -> dict[int, datetime]:
    """Which changes are over with this one, and when they began."""
    if state not in (State.ALARM, State.OK):
        return {}
    return {each.id: each.since for each in known.open if each.since <= since}


def _still(until: datetime | None, now: datetime) -> datetime | None:
    return until if until and until > now else None


def _silent(says: Alarm | Text, *, alarmed: bool, silenced: bool) -> bool:
    """Only what is in alarm rings, and what nobody knows better than to read at once."""
    if isinstance(says, Text):
        return False
    return not alarmed or silenced or grade(says) is Severity.INFO
