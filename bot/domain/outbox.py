"""What is pushed without being asked for, and what became of it.

    waiting ──claimed──▶ sending ──▶ sent │ refused │ closed │ expired
                            └── known not to be delivered, or left by a killed process ──▶ waiting

Nothing is pushed that is not first a row here.  A row is unique by place and occasion, so filling
the outbox twice changes nothing.  An item found in `sending` after a crash may have arrived or
not; it is sent again, because a message twice is better than none.  Moments are aware.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from bot.domain.places import Place


class Kind(Enum):
    """What an item is about; the order is that in which waiting items go out."""

    ALARM = "alarm"
    NOTICE = "notice"
    REPORT = "report"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; exactly one of `data` (at most 64 bytes) and `url` is given."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What is read.

    Attributes:
        text: Telegram HTML; what is too long is shortened on its way out, never refused.
        buttons: rows of buttons.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an item is sent for; with the place it is the item's unique key.

    Attributes:
        kind: what it is about.
        subject: the share, the alarm's message id, or the report's name.
        session: day it belongs to.
    """

    kind: Kind
    subject: str
    session: date


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A waiting item, ready to be sent.

    Attributes:
        id: the row.
        place: where to.
        occasion: what for.
        content: what is read.
        silent: without a sound.
        tries: how often it was tried before.
    """

    id: int
    place: Place
    occasion: Occasion
    content: Content
    silent: bool
    tries: int


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram took it, as its message `message_id`."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never take it; `reason` is an English phrase for the log."""

    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The chat is closed to the bot: blocked, kicked, deleted; `reason` is Telegram's."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group has become a supergroup with another number; nothing was sent."""

    new_chat_id: int


@dataclass(frozen=True, slots=True)
class NotSent:
    """It is known not to have arrived.

    Attributes:
        reason: an English phrase for the log.
        wait: how long Telegram wants to be left alone by everybody; None when it did not say.
    """

    reason: str
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer came after the request had left: it may have arrived."""

    reason: str


Outcome = Sent | Refused | Closed | Moved | NotSent | Unknown


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one try; `retry_at` is set exactly when the item waits again."""

    item: Outgoing
    outcome: Outcome
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: how many items, and since when the oldest has been due."""

    waiting: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One slot of one session, from its first item to its last.

    Attributes:
        slot: hour and minute in São Paulo, `HH:MM`.
        session: the day.
        sent, closed, refused, expired: how many items ended so.
        began, ended: first filled and last settled, aware.
    """

    slot: str
    session: date
    sent: int
    closed: int
    refused: int
    expired: int
    began: datetime
    ended: datetime
