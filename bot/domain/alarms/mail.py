"""What arrives about alarms, whichever way it came, before anything is made of it.

    envelope of SNS in a queue ─┐
    bare body in a queue ───────┼─▶ Arrived │ Confirmation │ Farewell
    signed request over HTTPS ──┘

A number tells whether a message was there before: SNS keeps its own when it delivers again, and so
does a message that comes by both ways.  A bare body has none: an alarm's change of state is known
by its text, which holds the moment of the change, and any other text by the queue's number.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.alarms.alarm import Alarm
from bot.domain.alarms.fields import Fields, as_moment, parsed
from bot.domain.alarms.reading import read

_NUMBER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message for the operators.

    Attributes:
        message_id: the same when it comes again; letters, digits and hyphens, at most 36.
        subject: None when it was published without one.
        text: what was published.
        moment: when it was published, aware; None when nobody says.
    """

    message_id: str
    subject: str | None
    text: str
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody subscribed us; it takes the API, the topic and the token to confirm it.

    Attributes:
        message_id: as in `Arrived`.
        topic: ARN.
        token: of SNS.
        moment: aware, or None.
    """

    message_id: str
    topic: str
    token: str
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Farewell:
    """Somebody unsubscribed us.

    Attributes:
        message_id: as in `Arrived`.
        topic: ARN.
        moment: aware, or None.
    """

    message_id: str
    topic: str
    moment: datetime | None = None


Mail = Arrived | Confirmation | Farewell


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that was not shown to be genuine.

    Attributes:
        reason: one English phrase for the log.
        retry: it may turn out genuine when it comes again.
    """

    reason: str
    retry: bool = False


def from_queue(body: str, number: str, topics: frozenset[str]) -> Mail | Refusal:
    """What a message of the queue is.

    Its signature is not looked at: who may write into the queue is said by the queue's policy, and
    messages may be days old.

    Args:
        body: of the queue's message: SNS's envelope, or with raw delivery what was published.
        number: the queue's own, for texts that have no other.
        topics: ARNs that envelopes may come from; none means any.
    """
    envelope = _envelope(parsed(body))
    kind, topic = envelope.get("Type"), envelope.get("TopicArn")
    if kind not in _KINDS or not (
        isinstance(topic, str) and isinstance(envelope.get("Message"), str)
    ):
        return Arrived(_number_of_raw(body, number), None, body)
    if topics and topic not in topics:
        return Refusal("topic is none of ours")
    return _opened(kind, topic, envelope, number)


_KINDS = ("Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation")


def _envelope(value: object) -> Mapping[str, object]:
    """SNS's fields; also of the one record in an event for Lambda that somebody passed on."""
    if not isinstance(value, Mapping):
        return {}
    match value.get("Records"):
        case [{"Sns": Mapping() as inner}]:
            return inner
        case _:
            return value


def _opened(kind: str, topic: str, envelope: Mapping[str, object], number: str) -> Mail:
    fields = Fields(envelope)
    message_id = message_number(fields.text("messageid") or number)
    moment = as_moment(fields.text("timestamp"))
    if kind == "SubscriptionConfirmation":
        return Confirmation(message_id, topic, fields.text("token") or "", moment)
    if kind == "UnsubscribeConfirmation":
        return Farewell(message_id, topic, moment)
    return Arrived(message_id, fields.text("subject"), str(envelope["Message"]), moment)


def message_number(text: str) -> str:
    """SNS's number as it is; of anything else its digest."""
    return text if _NUMBER.fullmatch(text) else digest(text)


def digest(text: str) -> str:
    """A short name for a text."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:_DIGITS]


def _number_of_raw(body: str, number: str) -> str:
    found = read(body, None)
    if isinstance(found, Alarm) and found.since:
        return digest(body)
    return message_number(number)
