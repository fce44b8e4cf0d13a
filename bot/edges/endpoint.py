"""The model behind a SageMaker endpoint, asked through boto3.

    Windows ──JSON, up to 1,000──▶ invoke_endpoint, in a thread ──JSON──▶ checked Steps

boto3's failures leave as ModelUnavailable (worth asking again) or ModelRefused (not), and an
answer is believed only when every step of it is finite, positive and in order.  Credentials and
address are boto3's business, so the same code talks to AWS and to this machine.
"""

import asyncio
import logging
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import boto3
import orjson
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from urllib3.exceptions import HTTPError

from bot.domain.closes import Window
from bot.domain.forecast import STEPS, Model, Step, Steps
from bot.errors import ModelRefused, ModelUnavailable

if TYPE_CHECKING:  # the types of boto3's clients are installed for development only
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

log = logging.getLogger(__name__)

MOST_WINDOWS = 1_000
"""Windows per invocation, as the endpoint's contract has it."""

CALLS_AT_ONCE = 8
"""Threads that wait for answers; below the ten connections that a boto3 client keeps."""

INVENTED_KEY = "local"
"""The stand-in wants signed requests, but nobody's real keys."""

_TOO_MANY_REQUESTS = 429

Price = Annotated[float, Field(gt=0, allow_inf_nan=False)]
SixPrices = Annotated[list[Price], Field(min_length=STEPS, max_length=STEPS)]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long boto3 waits, in seconds, and how often it tries; its own defaults add up to minutes.

    Fifteen seconds cover the cold start of a serverless endpoint.
    """

    connect: float = 2.0
    read: float = 15.0
    tries: int = 2


def runtime_client(
    region: str,
    stand_in_url: str | None = None,
    patience: Patience = Patience(),
) -> "SageMakerRuntimeClient":
    """Make the client; once, since making it takes longer than using it.

    Args:
        region: AWS region of the endpoint.
        stand_in_url: address of the stand-in on this machine; it is never asked through a proxy,
            and requests to it are signed with invented keys.  None leaves address and
            credentials to boto3 and its settings.
        patience: how long to wait and how often to try.

    Raises:
        BotoCoreError: boto3's settings make no sense.
    """
    key = INVENTED_KEY if stand_in_url else None
    session = boto3.Session(key, key, region_name=region)
    config = Config(
        connect_timeout=patience.connect,
        read_timeout=patience.read,
        retries={"mode": "standard", "total_max_attempts": patience.tries},
        proxies={} if stand_in_url else None,
    )
    return session.client("sagemaker-runtime", endpoint_url=stand_in_url, config=config)


@dataclass(frozen=True, slots=True)
class SageMakerEndpoint:
    """Fulfils `bot.ports.forecasting.Endpoint`.

    Attributes:
        client: boto3's client, as `runtime_client` makes it.
        name: of the endpoint.
    """

    client: "SageMakerRuntimeClient"
    name: str
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(CALLS_AT_ONCE, "endpoint"),
        init=False,
        repr=False,
        compare=False,
    )

    async def steps(self, windows: Sequence[Window]) -> list[Steps]:
        """Forecast the six sessions after each window, in their order; 1,000 per invocation.

        Raises:
            ModelUnavailable: no answer, a server error, or too many calls.
            ModelRefused: an answer that is not a forecast.
        """
        loop = asyncio.get_running_loop()
        found: list[Steps] = []
        for start in range(0, len(windows), MOST_WINDOWS):
            chunk = windows[start : start + MOST_WINDOWS]
            found += await loop.run_in_executor(self._threads, self._ask, chunk)
        return found

    def _ask(self, windows: Sequence[Window]) -> list[Steps]:
        request = {"instances": [_instance(window) for window in windows]}
        answer = self._invoke(orjson.dumps(request, option=orjson.OPT_SERIALIZE_NUMPY))
        try:
            return _read_steps(answer, len(windows), self.name)
        except _NoForecast as error:
            log.warning("endpoint refused", extra={"endpoint": self.name, "reason": str(error)})
            raise ModelRefused(self.name, 200, str(error)) from error

    def _invoke(self, body: bytes) -> bytes:
        try:
            answer = self.client.invoke_endpoint(
                EndpointName=self.name, ContentType="application/json", Body=body
            )
            return answer["Body"].read()
        except ClientError as error:
            raise self._translated(error) from error
        except (BotoCoreError, HTTPError) as error:  # no answer, or one that broke off
            log.warning("endpoint silent", extra={"endpoint": self.name, "error": repr(error)})
            raise ModelUnavailable(self.name, None) from error

    def _translated(self, error: ClientError) -> ModelUnavailable:
        failure = _failure(error)
        log.warning("endpoint failed", extra={"endpoint": self.name, "reason": failure.reason})
        if failure.refused:
            return ModelRefused(self.name, failure.status, failure.reason)
        return ModelUnavailable(self.name, failure.status)


@dataclass(frozen=True, slots=True)
class _Failure:
    status: int | None
    reason: str
    refused: bool


class _NoForecast(Exception):
    """An answer with status 200 that is not what was asked for."""


class _Prediction(BaseModel):
    model_config = ConfigDict(strict=True)

    median: SixPrices
    low80: SixPrices
    high80: SixPrices
    low95: SixPrices
    high95: SixPrices


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True)

    predictions: list[_Prediction]
    model: Model | None = None
    """TensorFlow Serving does not know which model it serves."""


def _instance(window: Window) -> dict[str, list[float]]:
    bars = window.bars
    instance = {"closes": [bar.close for bar in bars]}
    # Only closes were checked: the endpoint would refuse all windows for one impossible low.
    if all(0 < bar.low <= bar.high < math.inf for bar in bars):
        instance["highs"] = [bar.high for bar in bars]
        instance["lows"] = [bar.low for bar in bars]
    return instance


def _read_steps(body: bytes, count: int, endpoint: str) -> list[Steps]:
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError as error:
        raise _NoForecast(_first_fault(error)) from error
    if len(answer.predictions) != count:
        raise _NoForecast(f"{len(answer.predictions)} predictions for {count} windows")
    model = answer.model or Model(endpoint, version="", sha256="")
    return [Steps(_ordered(prediction), model) for prediction in answer.predictions]


def _ordered(six: _Prediction) -> tuple[Step, ...]:
    steps = tuple(map(Step, six.median, six.low80, six.high80, six.low95, six.high95))
    for step in steps:
        if not step.low95 <= step.low80 <= step.median <= step.high80 <= step.high95:
            raise _NoForecast(f"out of order: {step}")
    return steps


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    place = ".".join(map(str, fault["loc"])) or "body"
    return f"{place}: {fault['msg']}"


def _failure(error: ClientError) -> _Failure:
    """Only what the container itself refuses is a refusal of the model; 424 stands for both.

    An endpoint that does not exist, a permission that is missing: to people the model is away, and
    the operator reads the reason in the log.
    """
    answer: dict[str, Any] = dict(error.response)
    code = answer.get("Error", {}).get("Code", "unknown")
    message = answer.get("OriginalMessage") or answer.get("Error", {}).get("Message", "")
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    told = answer.get("OriginalStatusCode", 0) if code == "ModelError" else 0
    refused = 400 <= told < 500 and told != _TOO_MANY_REQUESTS  # noqa: PLR2004, HTTP's client errors
    return _Failure(status, f"{code}: {message}"[:300], refused=refused)
