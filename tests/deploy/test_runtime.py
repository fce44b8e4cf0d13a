"""The local SageMaker Runtime route, asked by boto3's own client over a real socket."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError, ResponseStreamingError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.runtime.errors import LOG_STREAM
from deploy.local.runtime.route import MOST_BYTES, runtime_app
from tests.loopback import listening

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

SIGNED = (
    "AWS4-HMAC-SHA256 Credential=AKID/20261119/sa-east-1/sagemaker/aws4_request, "
    "SignedHeaders=content-type;host;x-amz-date, Signature=" + "0" * 64
)
PATH = "/endpoints/itub4-lstm/invocations"


async def container(request: Request) -> Response:
    """Answer as asked for in the body, and echo the headers that arrived."""
    asked = await request.json()
    headers = {"x-amzn-sagemaker-custom-attributes": "trace=7"} if asked.get("trace") else {}
    named = ("content-type", "accept", "x-amzn-sagemaker-custom-attributes")
    told = {name: request.headers[name] for name in named if name in request.headers}
    return JSONResponse(asked.get("answer", told), asked.get("status", 200), headers)


@pytest.fixture(scope="module")
def route() -> Iterator[str]:
    """Address of the route in front of the container."""
    app = Starlette(routes=[Route("/invocations", container, methods=["POST"])])
    with listening(app) as upstream, listening(runtime_app(upstream, "itub4-lstm")) as address:
        yield address


@pytest.fixture(scope="module")
def client(route: str) -> Iterator["SageMakerRuntimeClient"]:
    """boto3's client, which tries once so that every failure is seen."""
    with closing(client_of(route)) as client:
        yield client


def client_of(address: str, read_timeout: float = 5) -> "SageMakerRuntimeClient":
    """boto3's client of the route at `address`."""
    return boto3.Session("AKID", "secret", region_name="sa-east-1").client(
        "sagemaker-runtime",
        endpoint_url=address,
        config=Config(retries={"total_max_attempts": 1}, read_timeout=read_timeout, proxies={}),
    )


@contextmanager
def behind_route(upstream: str, container_seconds: float = 5) -> Iterator["SageMakerRuntimeClient"]:
    """A client of another route, in front of `upstream`."""
    with (
        listening(runtime_app(upstream, "itub4-lstm", container_seconds)) as route,
        closing(client_of(route)) as client,
    ):
        yield client


def invoke(client: "SageMakerRuntimeClient", body: str = "{}", name: str = "itub4-lstm") -> bytes:
    """The endpoint's answer to a JSON body."""
    json = "application/json"
    return client.invoke_endpoint(EndpointName=name, ContentType=json, Body=body)["Body"].read()


def failure(client: "SageMakerRuntimeClient", body: str = "{}", name: str = "itub4-lstm") -> Any:
    """The error that boto3 raises for an invocation."""
    with pytest.raises(ClientError) as raised:
        invoke(client, body, name)
    return raised.value


def line_up(route: str, fault: dict[str, Any]) -> httpx.Response:
    """Post a fault to the route."""
    return httpx.post(f"{route}/faults", json=fault, trust_env=False)


def test_the_container_s_answer_comes_back_with_the_variant(
    client: "SageMakerRuntimeClient",
) -> None:
    """boto3 hands both over as fields of its answer."""
    answer = client.invoke_endpoint(
        EndpointName="itub4-lstm", Body='{"answer": {"predictions": []}}'
    )

    assert (answer["InvokedProductionVariant"], answer["ContentType"], answer["Body"].read()) == (
        "AllTraffic",
        "application/json",
        b'{"predictions":[]}',
    )


def test_headers_meant_for_the_container_reach_it(client: "SageMakerRuntimeClient") -> None:
    """Content type, accept and custom attributes pass both ways, the signature does not."""
    answer = client.invoke_endpoint(
        EndpointName="itub4-lstm",
        ContentType="application/json; charset=utf-8",
        Accept="application/json",
        CustomAttributes="trace=7",
        Body='{"trace": true}',
    )

    assert answer["CustomAttributes"] == "trace=7"
    assert answer["Body"].read() == (
        b'{"content-type":"application/json; charset=utf-8","accept":"application/json",'
        b'"x-amzn-sagemaker-custom-attributes":"trace=7"}'
    )


def test_an_unknown_endpoint_is_a_validation_error(client: "SageMakerRuntimeClient") -> None:
    """A mistyped setting must look here as it will look on AWS."""
    error = failure(client, name="itub4")

    assert isinstance(error, client.exceptions.ValidationError)
    assert error.response["Error"] == {
        "Code": "ValidationError",
        "Message": "Endpoint itub4 of account 000000000000 not found.",
    }


@pytest.mark.parametrize(("status", "kind"), [(400, "client"), (415, "client"), (500, "server")])
def test_whatever_the_container_answers_but_200_is_a_model_error(
    client: "SageMakerRuntimeClient", status: int, kind: str
) -> None:
    """With what it said at the top of boto3's response, as AWS puts it there."""
    error = failure(client, f'{{"status": {status}, "answer": {{"error": "no"}}}}')
    response: dict[str, Any] = dict(error.response)
    fields = ("OriginalStatusCode", "OriginalMessage", "LogStreamArn")

    assert isinstance(error, client.exceptions.ModelError)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert [response[field] for field in fields] == [status, '{"error":"no"}', LOG_STREAM]
    assert error.response["Error"]["Message"] == (
        f'Received {kind} error ({status}) from primary with message "{{\\"error\\":\\"no\\"}}".'
    )


def test_a_payload_above_the_limit_never_reaches_the_container(
    client: "SageMakerRuntimeClient",
) -> None:
    """AWS's front refuses it in plain text, so that boto3 knows the status only."""
    error = failure(client, " " * (MOST_BYTES + 1))

    assert error.response["Error"]["Code"] == "413"
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 413


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "MissingAuthenticationTokenException"),
        ("Bearer abc", "IncompleteSignatureException"),
        (SIGNED.removesuffix("0"), "IncompleteSignatureException"),
        (SIGNED.replace("/sagemaker/", "/s3/"), "InvalidSignatureException"),
    ],
)
def test_what_is_not_signed_for_sagemaker_is_forbidden(
    route: str, authorization: str | None, code: str
) -> None:
    """A client that forgets to sign works nowhere but on a lax stand-in."""
    headers = {"authorization": authorization} if authorization else {}
    answer = httpx.post(route + PATH, headers=headers, trust_env=False)

    assert answer.status_code == 403
    assert answer.headers["x-amzn-errortype"].partition(":")[0] == code


def test_a_complete_signature_is_let_through(route: str) -> None:
    """The counterpart: only the signature is different."""
    headers = {"authorization": SIGNED}
    answer = httpx.post(route + PATH, json={}, headers=headers, trust_env=False)

    assert answer.status_code == 200


@pytest.mark.parametrize(("method", "path"), [("GET", PATH), ("POST", "/endpoints/itub4-lstm")])
def test_other_operations_are_unknown(route: str, method: str, path: str) -> None:
    """The API has one operation that the bot uses; nothing else may seem to work."""
    answer = httpx.request(method, route + path, trust_env=False)

    assert answer.status_code == 404
    assert answer.headers["x-amzn-errortype"].startswith("UnknownOperationException:")


def test_a_container_that_is_away_is_service_unavailable() -> None:
    """Port 9 is discard: nothing of ours listens there."""
    with behind_route("http://127.0.0.1:9") as client:
        error = failure(client)

    assert error.response["Error"]["Code"] == "ServiceUnavailable"
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 503


def test_a_container_that_takes_too_long_is_a_model_error_without_status() -> None:
    """SageMaker waits for a minute; here the container waits until nobody does any more."""

    async def silent(request: Request) -> Response:
        await request.body()
        await request.receive()  # the next thing to come is that the client has gone
        return Response()

    app = Starlette(routes=[Route("/invocations", silent, methods=["POST"])])
    with listening(app) as upstream, behind_route(upstream, container_seconds=0.1) as client:
        response: dict[str, Any] = dict(failure(client).response)

    assert (response["Error"]["Code"], response["OriginalStatusCode"]) == ("ModelError", 0)


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        ({"status": 503}, "ServiceUnavailable", 503),
        ({"status": 500}, "InternalFailure", 500),
        ({"status": 400}, "ThrottlingException", 400),
        ({"status": 403}, "AccessDeniedException", 403),
        ({"status": 424}, "ModelError", 424),
        ({"status": 429}, "ModelNotReadyException", 429),
        ({"error": "ThrottlingException"}, "ThrottlingException", 400),
        ({"error": "ModelNotReadyException", "status": 424}, "ModelNotReadyException", 424),
    ],
)
def test_a_fault_fails_as_aws_would_and_then_is_over(
    route: str, client: "SageMakerRuntimeClient", fault: dict[str, Any], code: str, status: int
) -> None:
    """A rehearsal that failed in another way would rehearse the wrong thing."""
    line_up(route, fault)
    error = failure(client)
    afterwards = invoke(client, '{"answer": "well"}')

    assert error.response["Error"]["Code"] == code
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert afterwards == b'"well"'


def test_a_fault_can_be_shown_several_times(route: str, client: "SageMakerRuntimeClient") -> None:
    """To outlast the tries of the client, which makes two."""
    coming = line_up(route, {"status": 503, "times": 2}).json()
    codes = [failure(client).response["Error"]["Code"] for _ in range(2)]
    invoke(client)

    assert coming == {"coming": 2}
    assert codes == ["ServiceUnavailable", "ServiceUnavailable"]


def test_a_lost_answer_breaks_off_in_the_body(route: str, client: "SageMakerRuntimeClient") -> None:
    """boto3 streams the body, so this failure appears outside of its call."""
    line_up(route, {"drop": True})
    answer = client.invoke_endpoint(EndpointName="itub4-lstm", Body="{}")

    with pytest.raises(ResponseStreamingError):
        answer["Body"].read()


def test_a_slow_answer_runs_into_the_client_s_patience(route: str) -> None:
    """The client waits a tenth of a second here, the fault lasts longer."""
    line_up(route, {"delay": 0.5})

    with closing(client_of(route, read_timeout=0.1)) as client, pytest.raises(ReadTimeoutError):
        invoke(client)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ([], "an object expected"),
        ({"stauts": 503}, "stauts: unknown key"),
        ({"status": "503"}, "status: '503' has the wrong type"),
        ({"times": True}, "times: True has the wrong type"),
        ({"status": 418}, "418: no failure of InvokeEndpoint"),
        ({"error": "Nonsense"}, "Nonsense: no failure of InvokeEndpoint"),
    ],
)
def test_a_mistyped_fault_is_refused(route: str, fault: Any, sentence: str) -> None:
    """A fault that silently does nothing would make a test pass for the wrong reason."""
    answer = line_up(route, fault)

    assert (answer.status_code, answer.json()) == (400, {"error": sentence})


def test_a_fault_that_is_no_json_is_refused(route: str) -> None:
    """The same for a body that cannot be read at all."""
    answer = httpx.post(f"{route}/faults", content=b"503", trust_env=False)
    broken = httpx.post(f"{route}/faults", content=b"{", trust_env=False)

    assert (answer.status_code, broken.status_code) == (400, 400)
