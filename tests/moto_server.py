"""SNS and SQS on this machine: moto's server in a thread, spoken to by the real boto3."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import boto3
import pytest
from moto.server import ThreadedMotoServer

REGION = "sa-east-1"
_NUMBERS = count(1)


@contextmanager
def aws_here(environment: pytest.MonkeyPatch) -> Iterator[str]:
    """Let boto3 of this process find AWS on this machine; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # else each request is a line
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    for name, value in (
        ("AWS_ENDPOINT_URL", address),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ):
        environment.setenv(name, value)
    try:
        yield address
    finally:
        server.stop()


def topic_into_queue(*, raw: bool = False, hidden_seconds: int = 30) -> tuple[str, str]:
    """A topic that leads into a queue; gives its ARN and the queue's address.

    Args:
        raw: without SNS's envelope.
        hidden_seconds: how long a received message is nobody else's.
    """
    session = boto3.Session(region_name=REGION)
    sns, sqs = session.client("sns"), session.client("sqs")
    name = f"fechamento-alarms-{next(_NUMBERS)}"
    topic = sns.create_topic(Name=name)["TopicArn"]
    queue = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": str(hidden_seconds)})[
        "QueueUrl"
    ]
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    how = {"RawMessageDelivery": "true"} if raw else {}
    arn = found["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=how)
    return topic, queue
