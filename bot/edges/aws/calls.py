"""One call of boto3 at a time, off the event loop, patient for seconds and not for minutes.

Each call runs in a thread of its own that does not outlive the process: a queue is waited on for
twenty seconds, and whoever stops the bot does not want to wait for that.  An abandoned wait costs
nothing, because messages that nobody took off the queue come again.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from bot.ports.alarms import AwsUnavailable

if TYPE_CHECKING:  # the types of boto3's clients are installed for development only
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

T = TypeVar("T")

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
TRIES = 2
POLL_SECONDS = 20
"""The longest that SQS holds a question open (SQS API, ReceiveMessage)."""


def sqs_client(region: str) -> "SQSClient":
    """A client of queues, which waits for as long as the queue does."""
    return boto3.Session(region_name=region).client("sqs", config=_config(POLL_SECONDS))


def sns_client(region: str) -> "SNSClient":
    """A client of topics."""
    return boto3.Session(region_name=region).client("sns", config=_config())


def cloudwatch_client(region: str) -> "CloudWatchClient":
    """A client of alarms and metrics."""
    return boto3.Session(region_name=region).client("cloudwatch", config=_config())


def _config(waits: float = 0.0) -> Config:
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=waits + READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": TRIES},
    )


async def asked(call: Callable[[], T]) -> T:
    """What `call` gives, from a thread of its own; cancelling stops the waiting alone.

    Raises:
        AwsUnavailable: AWS did not answer, or refused.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def tell(done: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is gone, and nobody waits any more
            loop.call_soon_threadsafe(lambda: None if answer.done() else done())

    def run() -> None:
        try:
            found = call()
        except Exception as error:  # noqa: BLE001, it is raised again where it is waited for
            failure = _translated(error)
            tell(lambda: answer.set_exception(failure))
        else:
            tell(lambda: answer.set_result(found))

    Thread(target=run, name="aws", daemon=True).start()
    return await answer


def _translated(error: Exception) -> Exception:
    """Ours for AWS's own; anything else as it is."""
    if isinstance(error, ClientError):
        told: dict[str, Any] = dict(error.response)
        code = str(told.get("Error", {}).get("Code", "unknown"))
        translated: Exception = AwsUnavailable(f"{error.operation_name}: {code}")
    elif isinstance(error, BotoCoreError | HTTPError):
        translated = AwsUnavailable(type(error).__name__)
    else:
        return error
    translated.__cause__ = error
    return translated
