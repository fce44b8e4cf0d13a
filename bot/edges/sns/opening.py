"""A request of SNS, verified, as the mail that it brings."""

from dataclasses import dataclass

from bot.domain.alarms.mail import Arrived, Confirmation, Farewell, Mail, Refusal
from bot.edges.sns.messages import Notification, SubscriptionConfirmation
from bot.edges.sns.refusal import MessageRefused
from bot.edges.sns.verifier import Verifier


@dataclass(frozen=True, slots=True)
class SignedMail:
    """Opens what was signed for one of our topics."""

    verifier: Verifier

    async def open(self, body: bytes, content_type: str | None) -> Mail | Refusal:
        """The mail in a request, or why it is none; never raises, whatever it holds."""
        try:
            message = await self.verifier.verify(body, content_type)
        except MessageRefused as refused:
            return Refusal(refused.reason, refused.retry)
        match message:
            case Notification(number, _, subject, text, moment):
                return Arrived(number, subject, text, moment)
            case SubscriptionConfirmation(number, topic, token, moment):
                return Confirmation(number, topic, token, moment)
            case _:
                return Farewell(message.message_id, message.topic, message.moment)
