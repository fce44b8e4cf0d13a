"""Mail that is taken, or not at all."""

import pytest

from bot.domain.alarms.mail import Confirmation, Farewell
from bot.errors import StorageUnavailable
from bot.ports.alarms import AwsUnavailable
from tests.alarm_guard import NOW, TOPIC, arrived, number
from tests.flow.alarms.conftest import Post

ASKS = Confirmation(number("asks"), TOPIC, "token", NOW)


async def test_what_is_new_wakes_the_sender(post: Post) -> None:
    """And what is not, does not."""
    counts = [await post.intake.take([arrived("cpu")]) for _ in range(2)]

    assert (counts, post.queued) == ([1, 0], 1)


async def test_a_subscription_to_our_topic_is_confirmed_by_its_token(post: Post) -> None:
    """By the API; no address of a message is followed."""
    await post.intake.take([ASKS])

    assert post.topics.confirmed == [(TOPIC, "token")]
    assert len(post.items) == 1


async def test_another_topic_is_not_confirmed_but_told(post: Post) -> None:
    """Anybody can subscribe an address of somebody else."""
    strange = Confirmation(number("asks"), f"{TOPIC}-not", "token", NOW)
    await post.intake.take([strange])

    assert post.topics.confirmed == []
    assert "nada foi confirmado" in post.items[0]


async def test_a_subscription_that_cannot_be_confirmed_is_not_taken(post: Post) -> None:
    """SNS asks again."""
    post.topics.failure = AwsUnavailable("Throttled")

    with pytest.raises(AwsUnavailable):
        await post.intake.take([ASKS])
    assert post.items == []


async def test_without_the_database_nothing_is_taken(post: Post) -> None:
    """Whoever brought it must not believe otherwise."""
    post.alarms.failure = StorageUnavailable("locked")

    with pytest.raises(StorageUnavailable):
        await post.intake.take([arrived("cpu"), Farewell(number("bye"), TOPIC, NOW)])
    assert post.queued == 0
