"""Subscriptions of SNS, confirmed through its API: the address in a message is never followed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.edges.aws.calls import asked

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


@dataclass(frozen=True, slots=True)
class SnsTopics:
    """Fulfils `bot.ports.alarms.Topics`.

    Attributes:
        client: makes a client for a region, as `sns_client` does.
    """

    client: Callable[[str], "SNSClient"]

    async def confirm(self, topic: str, token: str) -> None:
        """Confirm a subscription in the topic's own region; again is no harm.

        Only somebody with permission may unsubscribe us afterwards.

        Raises:
            AwsUnavailable: no answer, or refused, as a token is after three days.
        """
        region = topic.split(":")[3]
        await asked(
            lambda: self.client(region).confirm_subscription(
                TopicArn=topic, Token=token, AuthenticateOnUnsubscribe="true"
            )
        )
