"""The edge to SageMaker when it fails: every failure of boto3 becomes one of two errors."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any, cast

import pytest
from botocore import exceptions as aws
from botocore.stub import Stubber

from bot.edges.endpoint import Patience, SageMakerEndpoint, runtime_client
from bot.errors import ModelRefused, ModelUnavailable
from tests.fakes_endpoint import window_ending_at

ONCE = Patience(connect=0.5, read=0.1, tries=1)
WINDOW = window_ending_at(36.0)


def unavailable(status: int | None) -> str:
    """How an error worth asking again looks."""
    return repr(ModelUnavailable("itub4-lstm", status))


def refused(status: int | None, reason: str) -> str:
    """How an error not worth asking again looks."""
    return repr(ModelRefused("itub4-lstm", status, reason))


@pytest.mark.parametrize(
    ("code", "status", "fields", "expected"),
    [
        ("ModelError", 424, {"OriginalStatusCode": 500}, unavailable(424)),
        ("ModelError", 424, {"OriginalStatusCode": 0}, unavailable(424)),
        ("ModelError", 424, {}, unavailable(424)),
        ("ModelNotReadyException", 429, {}, unavailable(429)),
        ("ThrottlingException", 400, {}, unavailable(400)),
        ("ServiceUnavailable", 503, {}, unavailable(503)),
        ("InternalFailure", 500, {}, unavailable(500)),
        ("InternalDependencyException", 530, {}, unavailable(530)),
        (
            "ModelError",
            424,
            {"OriginalStatusCode": 400, "OriginalMessage": "instances[0].closes: 59 values"},
            refused(424, "ModelError: instances[0].closes: 59 values"),
        ),
        ("ValidationError", 400, {}, unavailable(400)),
        ("AccessDeniedException", 403, {}, unavailable(403)),
        ("ExpiredTokenException", 403, {}, unavailable(403)),
        ("413", 413, {}, unavailable(413)),
    ],
)
async def test_what_aws_answers_becomes_one_of_two_errors(  # noqa: PLR0913, PLR0917, a table
    endpoint: SageMakerEndpoint,
    stubber: Stubber,
    code: str,
    status: int,
    fields: dict[str, Any],
    expected: str,
) -> None:
    """Busy or broken is worth asking again; denied, unknown or malformed is not."""
    stubber.add_client_error("invoke_endpoint", code, "told", status, modeled_fields=fields)
    with pytest.raises(ModelUnavailable) as raised:
        await endpoint.steps([WINDOW])

    assert repr(raised.value) == expected


@pytest.mark.parametrize(
    "error",
    [
        aws.ReadTimeoutError(endpoint_url="https://x"),
        aws.ConnectTimeoutError(endpoint_url="https://x"),
        aws.EndpointConnectionError(endpoint_url="https://x"),
        aws.ConnectionClosedError(endpoint_url="https://x"),
        aws.SSLError(endpoint_url="https://x", error=ValueError("expired")),
        aws.ProxyConnectionError(proxy_url="https://x"),
        aws.NoCredentialsError(),
        aws.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
        aws.ParamValidationError(report="no"),
        aws.ClientError({}, "InvokeEndpoint"),
        aws.BotoCoreError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_without_an_answer_the_model_is_unavailable(error: Exception) -> None:
    """Nothing of botocore is known above this edge."""

    class Failing:
        def invoke_endpoint(self, **_: object) -> None:
            raise error

    with pytest.raises(ModelUnavailable) as raised:
        await SageMakerEndpoint(cast("Any", Failing()), "itub4-lstm").steps([WINDOW])

    assert repr(raised.value) == unavailable(None)
    assert raised.value.__cause__ is error


async def test_a_failure_is_logged_with_its_reason(
    endpoint: SageMakerEndpoint, stubber: Stubber, caplog: pytest.LogCaptureFixture
) -> None:
    """People read a calm sentence; operators need to know that a permission is missing."""
    stubber.add_client_error("invoke_endpoint", "AccessDeniedException", "not you", 403)
    with caplog.at_level(logging.WARNING), pytest.raises(ModelUnavailable):
        await endpoint.steps([WINDOW])

    assert [(one.message, vars(one)["reason"]) for one in caplog.records] == [
        ("endpoint failed", "AccessDeniedException: not you")
    ]


@pytest.fixture
def port() -> Iterator[socket.socket]:
    """A port of this machine that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


async def asked_at(port: int) -> str:
    """How the edge fails at a port of this machine."""
    url = f"http://127.0.0.1:{port}"
    with (
        closing(runtime_client("sa-east-1", url, ONCE)) as client,
        pytest.raises(ModelUnavailable) as raised,
    ):
        await SageMakerEndpoint(client, "itub4-lstm").steps([WINDOW])
    return f"{raised.value!r} from {type(raised.value.__cause__).__name__}"


async def test_a_silent_endpoint_is_unavailable(port: socket.socket) -> None:
    """A tenth of a second of patience here, fifteen seconds for people."""
    assert await asked_at(port.getsockname()[1]) == f"{unavailable(None)} from ReadTimeoutError"


async def test_an_endpoint_that_hangs_up_is_unavailable(port: socket.socket) -> None:
    """As a container does that is killed while it computes."""

    def hang_up() -> None:
        port.accept()[0].close()

    hanging_up = threading.Thread(target=hang_up)
    hanging_up.start()
    told = await asked_at(port.getsockname()[1])
    hanging_up.join()

    assert told == f"{unavailable(None)} from ConnectionClosedError"


async def test_nothing_listening_is_unavailable(port: socket.socket) -> None:
    """As when the local route has not started."""
    number = port.getsockname()[1]
    port.close()

    assert await asked_at(number) == f"{unavailable(None)} from EndpointConnectionError"


def test_the_client_waits_and_tries_as_long_as_people_do() -> None:
    """boto3's own defaults, a minute and three tries, add up to three silent minutes."""
    with closing(runtime_client("sa-east-1", "http://127.0.0.1:9")) as client:
        config = cast("Any", client.meta.config)

    assert (config.connect_timeout, config.read_timeout, config.retries) == (
        2.0,
        15.0,
        {"mode": "standard", "total_max_attempts": 2},
    )


@pytest.mark.parametrize(("url", "key"), [(None, "AKIAREAL"), ("http://127.0.0.1:9", "local")])
def test_real_credentials_are_never_shown_to_a_stand_in(
    monkeypatch: pytest.MonkeyPatch, url: str | None, key: str
) -> None:
    """Nor do people need any to run the bot on a laptop."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with closing(runtime_client("sa-east-1", url)) as client:
        credentials = cast("Any", client)._request_signer._credentials

    assert credentials.access_key == key


def test_a_proxy_is_never_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a company's proxy the stand-ins must still be found."""
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    with closing(runtime_client("sa-east-1", "http://127.0.0.1:9")) as client:
        proxies = cast("Any", client)._endpoint.http_session._proxy_config

    assert proxies.proxy_url_for("http://127.0.0.1:9/endpoints") is None
