"""The three messages of SNS, and the form that each field must have before it is believed.

The signed text is made of lines, and only `Message` may hold line breaks.  Were they allowed in
other fields, one genuine signature would fit several messages: a text with lines that look like
fields could be cut elsewhere, and the same message come again under a new id.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.edges.sns.refusal import MessageRefused


@dataclass(frozen=True, slots=True)
class Notification:
    """Something that was published to the topic.

    Attributes:
        message_id: stays the same when SNS delivers again; whoever stores messages drops repeats.
        topic: ARN.
        subject: None when it was published without one.
        text: what was published.
        moment: when it was published, UTC.
    """

    message_id: str
    topic: str
    subject: str | None
    text: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionConfirmation:
    """Somebody subscribed our address; confirming it takes the API, the topic and this token.

    Attributes:
        message_id: as in a notification.
        topic: ARN, one of those we listen to.
        token: for `sns.confirm_subscription(TopicArn, Token)`.
        moment: UTC.
    """

    message_id: str
    topic: str
    token: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class UnsubscribeConfirmation:
    """Our address was unsubscribed; the token would subscribe it again.

    Attributes:
        message_id: as in a notification.
        topic: ARN, one of those we listen to.
        token: for `sns.confirm_subscription(TopicArn, Token)`.
        moment: UTC.
    """

    message_id: str
    topic: str
    token: str
    moment: datetime


Message = Notification | SubscriptionConfirmation | UnsubscribeConfirmation

_FORMS = {
    "MessageId": re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "Subject": re.compile(r"[^\r\n]*"),
    "SubscribeURL": re.compile(r"https://[!-~]+"),
    "Timestamp": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z"),
    "Token": re.compile(r"[!-~]+"),
}
"""Forms that SNS documents or always shows; whole fields, without line breaks."""


def read_message(fields: Mapping[str, str]) -> Message:
    """Make a message of the fields of an envelope, which says nothing yet of who sent it.

    Raises:
        MessageRefused: another type, or a field is missing or not of its form.
    """
    make = _MAKERS.get(_field(fields, "Type"))
    if make is None:
        raise MessageRefused("type is none of the three that SNS sends")
    return make(fields)


def _notification(fields: Mapping[str, str]) -> Notification:
    return Notification(
        message_id=_field(fields, "MessageId"),
        topic=_field(fields, "TopicArn"),
        subject=_field(fields, "Subject") if "Subject" in fields else None,
        text=_field(fields, "Message"),
        moment=_moment(fields),
    )


def _confirmation(fields: Mapping[str, str]) -> tuple[str, str, str, datetime]:
    for name in ("Message", "SubscribeURL"):  # signed, and needed for nothing else
        _field(fields, name)
    message_id, topic = _field(fields, "MessageId"), _field(fields, "TopicArn")
    return message_id, topic, _field(fields, "Token"), _moment(fields)


_MAKERS: Mapping[str, Callable[[Mapping[str, str]], Message]] = {
    "Notification": _notification,
    "SubscriptionConfirmation": lambda fields: SubscriptionConfirmation(*_confirmation(fields)),
    "UnsubscribeConfirmation": lambda fields: UnsubscribeConfirmation(*_confirmation(fields)),
}


def _field(fields: Mapping[str, str], name: str) -> str:
    if name not in fields:
        raise MessageRefused(f"{name} is missing")
    value, form = fields[name], _FORMS.get(name)
    if form and not form.fullmatch(value):
        raise MessageRefused(f"{name} is malformed")
    return value


def _moment(fields: Mapping[str, str]) -> datetime:
    try:
        return datetime.fromisoformat(_field(fields, "Timestamp"))
    except ValueError as error:
        raise MessageRefused("Timestamp is no moment") from error
