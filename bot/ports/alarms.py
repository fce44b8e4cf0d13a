"""What alarms need of the outside: a place to be kept, Telegram's messages, and AWS.

Methods of `Alarms` raise `StorageUnavailable` when the database could not do it; then nothing was
changed.  Each call is one transaction.  What asks AWS raises `AwsUnavailable`.  Moments are aware.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.alarms import Alarm, Text
from bot.domain.alarms.judging import Judgement
from bot.domain.alarms.keeping import Kept, Known, Posted, Posting
from bot.domain.alarms.mail import Arrived
from bot.domain.measures import Measure
from bot.domain.outbox import Content, Outcome
from bot.domain.places import Place


class AwsUnavailable(Exception):
    """AWS did not answer, or does not let us.

    Attributes:
        reason: one English phrase for the log.
    """

    retry = True

    def __init__(self, reason: str) -> None:
        super().__init__(f"aws: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is made of a message.

    Attributes:
        judgement: what it means.
        posting: what is queued at once; None when it is told later, or nobody reads it.
    """

    judgement: Judgement
    posting: Posting | None


Judge = Callable[[Arrived, Alarm | Text, Known], Verdict]
"""Decides within the transaction; asks nobody."""

Compose = Callable[[Sequence[Kept]], Sequence[tuple[Posting, Sequence[int]]]]
"""Makes postings, each with the numbers of those that it is about; asks nobody."""


class Alarms(Protocol):
    """Every message about alarms, and how the alarms stand."""

    async def take(self, arrived: Sequence[Arrived], judge: Judge, now: datetime) -> int:
        """Keep messages and queue what is to be read of them; gives how many are new.

        A message, or a change of state, that was there before changes nothing.
        """

    async def gather(self, compose: Compose, now: datetime) -> int:
        """Queue what waits to be told together, oldest first; gives how many messages that were."""

    async def waiting_since(self) -> datetime | None:
        """When the oldest came that waits to be told together with others."""

    async def due(self, now: datetime) -> list[Kept]:
        """Alarms whose reminder has come, oldest first."""

    async def remind(self, ids: Sequence[int], compose: Compose, now: datetime) -> int:
        """Queue reminders of those of `ids` that still are due; gives how many."""

    async def acknowledge(self, posting: str, by: int, now: datetime) -> list[Kept]:
        """Somebody takes on what a posting is about and is still in alarm; gives what changed."""

    async def silence(self, posting: str, until: datetime) -> list[Kept]:
        """Silence what a posting is about and is still in alarm; gives what changed."""

    async def settle(self, over: Mapping[int, datetime]) -> int:
        """Alarms of which somebody else knows that they are over, since when; gives how many."""

    async def about(self, posting: str) -> list[Kept]:
        """What a posting is about, as it stands; nothing when it is not known."""

    async def open(self) -> list[Kept]:
        """What is in alarm, oldest first."""

    async def postings(self, ids: Sequence[int]) -> Mapping[int, str]:
        """The first posting about each."""

    async def outdated(self, limit: int) -> list[Posted]:
        """Postings that have been sent and do not show how things stand, the oldest first."""

    async def shown(self, posting: str, version: int) -> None:
        """A posting shows how things stood at that version."""

    async def answered(self, posting: str, place: Place) -> int | None:
        """Telegram's number, in a place, of the message that a posting is a reply to."""

    async def unpictured(self) -> Posted | None:
        """Take a posting that has been sent and wants a picture; it is not given again."""

    async def forget(self, before: datetime) -> int:
        """Delete what came before then and is over; gives how many messages."""


class AlarmMessages(Protocol):
    """Messages of Telegram about alarms, once they stand in a chat."""

    async def edit(self, place: Place, message_id: int, content: Content) -> Outcome:
        """Try once to put content in the place of a message; unchanged counts as sent."""

    async def picture(self, place: Place, message_id: int, png: bytes) -> Outcome:
        """Try once to reply with a picture, without a sound."""

    async def first_name(self, chat_id: int, user_id: int) -> str | None:
        """What somebody calls himself, as Telegram shows it; None when it does not say."""


class CloudWatch(Protocol):
    """The alarms themselves."""

    async def in_alarm(self) -> list[Alarm]:
        """All that are in alarm in our region.

        Raises:
            AwsUnavailable: no answer, or not permitted.
        """

    async def named(self, names: Sequence[str]) -> list[Alarm]:
        """Those of our region with these names, as they stand.

        Raises:
            AwsUnavailable: no answer, or not permitted.
        """

    async def mute(self, alarms: Sequence[Alarm], now: datetime, until: datetime) -> None:
        """Let alarms act on nothing until then.

        Raises:
            AwsUnavailable: no answer, not permitted, or one of them is not of our region.
        """

    async def picture(self, alarm: Alarm) -> bytes | None:
        """A PNG of what it watches, the last three hours; None when that cannot be drawn.

        Raises:
            AwsUnavailable: no answer, or not permitted.
        """


class Topics(Protocol):
    """Subscriptions of SNS."""

    async def confirm(self, topic: str, token: str) -> None:
        """Confirm that we want a topic's messages.

        Raises:
            AwsUnavailable: no answer, or refused.
        """


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message of a queue.

    Attributes:
        body: what it holds.
        number: the queue's.
        receipt: for taking it off.
    """

    body: str
    number: str
    receipt: str


class Mailbox(Protocol):
    """A queue of messages."""

    async def receive(self) -> Sequence[Parcel]:
        """Wait some seconds for messages; may be cancelled, and then they come again later.

        Raises:
            AwsUnavailable: no answer, or not permitted.
        """

    async def delete(self, parcels: Sequence[Parcel]) -> None:
        """Take messages off the queue; those that could not be come again.

        Raises:
            AwsUnavailable: no answer, or not permitted.
        """


class MeasuresSink(Protocol):
    """Where measures are sent."""

    async def publish(self, measures: Sequence[Measure]) -> None:
        """Send them, as few calls as it takes.

        Raises:
            AwsUnavailable: no answer, or not permitted.
        """
