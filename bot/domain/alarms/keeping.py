"""What is kept of alarms, and how they stand.

    ALARM ──▶ open ──OK, or another ALARM of it──▶ over
                ├── acknowledged: no reminders     ├── silenced until …: no sound, no reminders

One message of the operators' chat, a *posting*, is about one change or, in a storm, about many.  A
posting is written anew whenever one of its alarms has changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from bot.domain.alarms.alarm import Alarm, State, Text
from bot.domain.alarms.severity import Severity, severity
from bot.domain.outbox import Content
from bot.domain.places import Place


class Form(Enum):
    """Kinds of postings."""

    CHANGE = "change"
    OVER = "over"
    DIGEST = "digest"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Kept:
    """One message about an alarm, and what became of the alarm since.

    Attributes:
        id: the row.
        message_id: SNS's.
        identity: which alarm it is about; empty for a text.
        says: what was read in it.
        since: moment of the change, or when the message came if it does not say; UTC.
        received_at: when it was stored, UTC.
        acknowledged_by: Telegram's number of the operator who took it on.
        acknowledged_at: when that was.
        silenced_until: it makes no sound and is not repeated until then.
        resolved_at: since when it is over; None while it is in alarm, and for all but alarms.
        replaced: it is over because a newer change into alarm took its place.
        reminders: how many of the hours for reminders are past.
    """

    id: int
    message_id: str
    identity: str
    says: Alarm | Text
    since: datetime
    received_at: datetime
    acknowledged_by: int | None = None
    acknowledged_at: datetime | None = None
    silenced_until: datetime | None = None
    resolved_at: datetime | None = None
    replaced: bool = False
    reminders: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is in alarm, as far as is known."""
        return is_alarm(self.says) and self.resolved_at is None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an alarm when another message about it comes.

    Attributes:
        open: its changes that are not over, oldest first.
        newest: whether it was ALARM or OK last, and since when; None when neither was told.
        silenced_until: None when nobody silenced it.
        lately: postings of the last minute, about any alarm.
    """

    open: tuple[Kept, ...] = ()
    newest: tuple[str, datetime] | None = None
    silenced_until: datetime | None = None
    lately: int = 0


@dataclass(frozen=True, slots=True)
class Posting:
    """A message to be queued.

    Attributes:
        subject: its name in the outbox; at most 50 letters.
        session: day of the outbox's occasion.
        form: what kind it is.
        content: what is read.
        places: where.
        silent: without a sound.
        answers: subject of the posting that it is a reply to.
        picture: a picture of the metric is to follow it.
    """

    subject: str
    session: date
    form: Form
    content: Content
    places: tuple[Place, ...]
    silent: bool
    answers: str | None = None
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting that does not show how its alarms stand now.

    Attributes:
        subject, form: as in `Posting`.
        queued_at: when it was, UTC.
        version: how often its alarms have changed.
        members: what it is about, oldest first.
        messages: where it stands, and under which number of Telegram.
    """

    subject: str
    form: Form
    queued_at: datetime
    version: int
    members: tuple[Kept, ...]
    messages: tuple[tuple[Place, int], ...]


@dataclass(frozen=True, slots=True)
class Routes:
    """Where alarms are read, by their severity; the usual places where none is named.

    Attributes:
        usual: chats, or topics in them.
        apart: for some severities others.
    """

    usual: tuple[Place, ...]
    apart: Mapping[Severity, tuple[Place, ...]]

    def places(self, says: Alarm | Text) -> tuple[Place, ...]:
        """Where it is read."""
        return self.apart.get(grade(says)) or self.usual


def grade(says: Alarm | Text) -> Severity:
    """How grave it is; a text is a warning."""
    if isinstance(says, Text):
        return Severity.WARNING
    return severity(says.name, says.tags, says.description)


def is_alarm(says: Alarm | Text) -> bool:
    """Whether it tells of a change into alarm."""
    return isinstance(says, Alarm) and says.state == State.ALARM


def identity(says: Alarm | Text) -> str:
    """Which alarm it is, over all its messages: one series of one alarm; empty for a text."""
    if isinstance(says, Text):
        return ""
    whose = says.arn or f"{says.account or ''}:{says.region or ''}:{says.name}"
    return "\n".join((whose, *(f"{name}={value}" for name, value in sorted(says.contributor))))
