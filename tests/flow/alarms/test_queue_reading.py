"""The queue is emptied by what was kept, and by nothing else."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import StorageUnavailable
from bot.flow.alarms.queue_reading import QueueReader
from bot.ports.alarms import AwsUnavailable, Parcel
from tests.alarm_guard import NOW, TOPIC, body
from tests.fakes_aws import FakeMailbox
from tests.flow.alarms.conftest import Post


def envelope(kind: str, number: str, topic: str = TOPIC, message: str = "oi") -> str:
    """As SNS puts it into a queue."""
    fields = {"Type": kind, "MessageId": number, "TopicArn": topic, "Message": message}
    return json.dumps(fields | {"Token": "token", "Timestamp": NOW.isoformat()})


def reader(post: Post, slept: list[float]) -> QueueReader:
    """Reads the queue of `post`."""

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return QueueReader(post.mailbox, post.intake, frozenset({TOPIC}), sleep)


async def test_what_is_kept_leaves_the_queue(post: Post) -> None:
    """Enveloped or raw, alarm or text."""
    post.mailbox.put(body("cpu"), "texto", envelope("Notification", "n1"))
    await reader(post, []).step()

    assert post.mailbox.messages == {}
    assert len(post.items) == 3


async def test_what_cannot_be_kept_stays_there(post: Post) -> None:
    """The queue keeps it for two weeks; a log keeps it for nobody."""
    slept: list[float] = []
    post.mailbox.put(body("cpu"))
    post.alarms.failure = StorageUnavailable("disk full")
    reads = reader(post, slept)
    for _ in range(3):
        await reads.step()
    left = len(post.mailbox.messages)
    post.alarms.failure = None
    await reads.step()

    assert (left, slept) == (1, [1.0, 2.0, 4.0])
    assert (post.mailbox.messages, len(post.items)) == ({}, 1)


async def test_an_aws_that_is_away_is_asked_less_and_less(post: Post) -> None:
    """Up to once a minute; and as usual when it is back."""
    slept: list[float] = []
    post.mailbox.failures.extend([AwsUnavailable("EndpointConnectionError")] * 8)
    reads = reader(post, slept)
    for _ in range(9):
        await reads.step()
    post.mailbox.failures.append(AwsUnavailable("x"))
    await reads.step()

    assert slept == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 1.0]


async def test_other_topics_messages_are_thrown_away_and_logged(post: Post) -> None:
    """Left in the queue they would come again for two weeks."""
    post.mailbox.put(envelope("Notification", "n1", f"{TOPIC}-not"))
    await reader(post, []).step()

    assert (post.mailbox.messages, post.items) == ({}, [])


async def test_a_subscription_that_cannot_be_confirmed_holds_up_no_alarm(post: Post) -> None:
    """It comes again by itself."""
    post.topics.failure = AwsUnavailable("AccessDenied")
    post.mailbox.put(envelope("SubscriptionConfirmation", "n1"), body("cpu"))
    await reader(post, []).step()

    assert list(post.mailbox.messages) == ["m1"]
    assert len(post.items) == 1


@dataclass
class EmptyQueue(FakeMailbox):
    """A queue that is waited on for ever."""

    async def receive(self) -> Sequence[Parcel]:
        """Nothing comes."""
        await asyncio.Event().wait()
        return ()


async def test_stopping_does_not_wait_for_a_message(post: Post) -> None:
    """A supervisor kills after ten seconds, and a poll takes twenty."""
    post.mailbox = EmptyQueue()
    stop = asyncio.Event()
    running = asyncio.create_task(reader(post, []).run(stop))
    await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(running, 5)

    assert running.done()


async def test_it_goes_on_until_it_is_stopped(post: Post) -> None:
    """One batch after the other."""
    stop = asyncio.Event()
    post.mailbox.put(*(body(f"host-{each}") for each in range(25)))
    running = asyncio.create_task(reader(post, []).run(stop))
    await post.mailbox.emptied.wait()
    stop.set()
    await running

    assert len(post.alarms.rows) == 25
