"""One call of boto3, off the event loop."""

import asyncio
import threading

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from bot.edges.aws.calls import asked
from bot.ports.alarms import AwsUnavailable


def fails(error: Exception) -> None:
    """Something goes wrong.

    Raises:
        Exception: that.
    """
    raise error


async def test_what_aws_refuses_is_told_by_its_code() -> None:
    """The words of the refusal may hold names of people and machines."""
    refusal = ClientError({"Error": {"Code": "AccessDenied", "Message": "arn:…"}}, "DescribeAlarms")

    with pytest.raises(AwsUnavailable, match=r"^aws: DescribeAlarms: AccessDenied$"):
        await asked(lambda: fails(refusal))


async def test_an_aws_that_cannot_be_asked_is_away() -> None:
    """No credentials, no network: the same to whoever waits."""
    with pytest.raises(AwsUnavailable, match="NoCredentialsError"):
        await asked(lambda: fails(NoCredentialsError()))


async def test_a_mistake_of_ours_stays_one() -> None:
    """It must not look as if AWS were away."""
    with pytest.raises(ZeroDivisionError):
        await asked(lambda: 1 / 0)


async def test_who_does_not_want_to_wait_does_not() -> None:
    """The call may go on for twenty seconds; nobody waits for its thread, not even at the end."""
    begun, end = threading.Event(), threading.Event()

    def call() -> None:
        begun.set()
        end.wait()

    waiting = asyncio.create_task(asked(call))
    await asyncio.to_thread(begun.wait)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    threads = [each for each in threading.enumerate() if each.name == "aws"]
    end.set()

    assert [each.daemon for each in threads] == [True]


def test_an_answer_that_comes_after_the_end_hurts_nobody() -> None:
    """The event loop is gone by then."""
    end, told = threading.Event(), threading.Event()

    def call() -> str:
        end.wait()
        told.set()
        return "too late"

    async def leave() -> None:
        waiting = asyncio.create_task(asked(call))
        await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(leave())
    end.set()
    for thread in threading.enumerate():
        if thread.name == "aws":
            thread.join()

    assert told.is_set()
