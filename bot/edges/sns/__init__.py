"""Messages of Amazon SNS: which ones are genuine, and what they say.

    bytes ─envelope─▶ fields ─messages─▶ message ─certificates─▶ key ─signature─▶ genuine

A message that comes out of `Verifier.verify` was signed by AWS for one of our topics; anything else
ends in `MessageRefused`.  Nothing here follows a link of a message or confirms a subscription.
"""

from bot.edges.sns.certificates import Certificates
from bot.edges.sns.fetching import fetch_certificate
from bot.edges.sns.messages import (
    Message,
    Notification,
    SubscriptionConfirmation,
    UnsubscribeConfirmation,
)
from bot.edges.sns.refusal import MessageRefused
from bot.edges.sns.topics import Topic
from bot.edges.sns.verifier import Verifier

__all__ = [
    "Certificates",
    "Message",
    "MessageRefused",
    "Notification",
    "SubscriptionConfirmation",
    "Topic",
    "UnsubscribeConfirmation",
    "Verifier",
    "fetch_certificate",
]
