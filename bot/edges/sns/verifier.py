"""Whether a message is a genuine one of our topics: cheap questions first, the signature last.

A genuine message that is sent again is genuine again: whoever stores messages drops those whose
`message_id` is known.  Messages from a queue may be days old, and the queue's own policy says who
may write to it; `oldest` is None for them, and everything else is checked all the same.  The
certificate must hold when the message is checked, not only when it was signed.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.edges.sns.certificates import Certificates
from bot.edges.sns.envelope import read_fields
from bot.edges.sns.messages import Message, read_message
from bot.edges.sns.refusal import MessageRefused
from bot.edges.sns.signature import check_signature
from bot.edges.sns.topics import Topic
from bot.ports.forecasting import Clock

OLDEST = timedelta(hours=1)
"""Longer than SNS tries by default; under a delivery policy of an hour, the longest, take two."""

EARLIEST = timedelta(minutes=5)
"""How far the clock of AWS may be ahead of this machine's."""


class Verifier:
    """Lets messages pass that AWS signed for one of `topics`.

    Args:
        topics: those we listen to; with none, nothing passes.
        certificates: finds keys.
        clock: judges ages.
        oldest: age from which a message is refused; None to take any, as from a queue.
    """

    def __init__(
        self,
        topics: Iterable[Topic],
        certificates: Certificates,
        clock: Clock,
        oldest: timedelta | None = OLDEST,
    ) -> None:
        self._topics = {topic.arn: topic for topic in topics}
        self._certificates = certificates
        self._clock = clock
        self._oldest = oldest

    async def verify(self, body: bytes, content_type: str | None = None) -> Message:
        """Read a message and vouch for it.

        Args:
            body: of the request or of the queue's message (raw delivery off), as it came.
            content_type: header of the request; None from a queue.

        Raises:
            MessageRefused: and nothing else, whatever `body` holds.
        """
        fields = read_fields(body, content_type)
        topic = self._topics.get(fields.get("TopicArn", ""))
        if topic is None:
            raise MessageRefused("topic is none of ours")
        message = read_message(fields)
        self._check_age(message.moment)
        key = await self._certificates.key(fields.get("SigningCertURL", ""), topic)
        check_signature(fields, key)
        return message

    def _check_age(self, moment: datetime) -> None:
        age = self._clock() - moment
        if age < -EARLIEST:
            raise MessageRefused("message comes from the future")
        if self._oldest is not None and age > self._oldest:
            raise MessageRefused("message is too old")
