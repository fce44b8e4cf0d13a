"""The queue behind a topic, with real boto3 against moto's SNS and SQS."""

import json
from contextlib import closing

import boto3
import pytest

from bot.domain.alarms.mail import Arrived, from_queue
from bot.edges.aws.calls import sns_client, sqs_client
from bot.edges.aws.queue import SqsMailbox
from bot.edges.aws.topics import SnsTopics
from bot.ports.alarms import AwsUnavailable, Parcel
from tests.alarm_guard import body
from tests.moto_server import REGION, topic_into_queue

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("aws")]


def published(topic: str, *texts: str) -> None:
    """Somebody publishes."""
    for text in texts:
        boto3.client("sns", region_name=REGION).publish(
            TopicArn=topic, Message=text, Subject="ALARM"
        )


@pytest.mark.parametrize("raw", [False, True])
async def test_what_is_published_comes_out_and_is_gone_once_deleted(*, raw: bool) -> None:
    """With SNS's envelope and without."""
    topic, url = topic_into_queue(raw=raw)
    with closing(sqs_client(REGION)) as client:
        mailbox = SqsMailbox(client, url, seconds=0)
        published(topic, body("cpu"))
        (parcel,) = await mailbox.receive()
        opened = from_queue(parcel.body, parcel.number, frozenset({topic}))
        await mailbox.delete([parcel])
        client.delete_queue(QueueUrl=url)

    assert isinstance(opened, Arrived)
    assert opened.text == body("cpu")
    assert opened.subject == (None if raw else "ALARM")


async def test_what_was_not_deleted_comes_again() -> None:
    """A process that is killed in between loses nothing."""
    topic, url = topic_into_queue(hidden_seconds=0)
    with closing(sqs_client(REGION)) as client:
        mailbox = SqsMailbox(client, url, seconds=0)
        published(topic, *(body(f"host-{each}") for each in range(12)))
        first, again = await mailbox.receive(), await mailbox.receive()
        await mailbox.delete([*first, *again])
        client.delete_queue(QueueUrl=url)

    assert (len(first), len(again)) == (10, 10)
    assert {json.loads(each.body)["MessageId"] for each in first} & {
        json.loads(each.body)["MessageId"] for each in again
    }


async def test_a_receipt_that_is_too_old_is_no_failure() -> None:
    """The message comes again, and is known by then."""
    _, url = topic_into_queue()
    with closing(sqs_client(REGION)) as client:
        await SqsMailbox(client, url, seconds=0).delete([Parcel("x", "m1", "no receipt")])
        client.delete_queue(QueueUrl=url)


async def test_a_queue_that_is_not_there_is_aws_away() -> None:
    """Whoever waits for alarms goes on waiting, and says so in the log."""
    with closing(sqs_client(REGION)) as client:
        mailbox = SqsMailbox(client, "http://127.0.0.1/000000000000/none", seconds=0)

        with pytest.raises(AwsUnavailable, match=r"ReceiveMessage: .*Queue"):
            await mailbox.receive()


async def test_a_subscription_is_confirmed_by_topic_and_token() -> None:
    """Through the API of the topic's region."""
    topic, _ = topic_into_queue()
    with closing(sns_client(REGION)) as client:
        await SnsTopics(lambda _: client).confirm(topic, "2336412f37fb687f")
