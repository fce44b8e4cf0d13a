"""The queue that a topic of alarms leads into, long-polled."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.edges.aws.calls import POLL_SECONDS, asked
from bot.ports.alarms import Parcel

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

log = logging.getLogger(__name__)

MOST = 10
"""Messages that one call receives or deletes (SQS API)."""


@dataclass(frozen=True, slots=True)
class SqsMailbox:
    """Fulfils `bot.ports.alarms.Mailbox`.

    Attributes:
        client: as `sqs_client` makes it.
        url: of the queue.
        seconds: how long to wait for messages.
    """

    client: "SQSClient"
    url: str
    seconds: int = POLL_SECONDS

    async def receive(self) -> Sequence[Parcel]:
        """Wait for messages, ten at most; they are hidden for as long as the queue says.

        Raises:
            AwsUnavailable: no answer, or not permitted.
        """
        answer = await asked(
            lambda: self.client.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=MOST, WaitTimeSeconds=self.seconds
            )
        )
        return [
            Parcel(each.get("Body", ""), each["MessageId"], each["ReceiptHandle"])
            for each in answer.get("Messages", ())
        ]

    async def delete(self, parcels: Sequence[Parcel]) -> None:
        """Take messages off the queue; those that could not be come again.

        Raises:
            AwsUnavailable: no answer, or not permitted.
        """
        for start in range(0, len(parcels), MOST):
            await self._delete(parcels[start : start + MOST])

    async def _delete(self, parcels: Sequence[Parcel]) -> None:
        answer = await asked(
            lambda: self.client.delete_message_batch(
                QueueUrl=self.url,
                Entries=[
                    {"Id": str(place), "ReceiptHandle": each.receipt}
                    for place, each in enumerate(parcels)
                ],
            )
        )
        if failed := answer.get("Failed"):
            codes = sorted({each.get("Code", "") for each in failed})
            log.warning("messages not deleted", extra={"count": len(failed), "codes": codes})
