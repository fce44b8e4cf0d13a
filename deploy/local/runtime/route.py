"""The SageMaker Runtime route on this machine: what boto3 talks to in place of AWS.

    boto3 ──POST /endpoints/{name}/invocations──▶ runtime_app ──POST /invocations──▶ container

As strict as AWS: the request must be signed for `sagemaker`, the endpoint must have the right
name, and whatever the container answers but 200 becomes a ModelError.  Errors have the JSON and
the headers that boto3 makes its exceptions from.  `POST /faults` makes the next invocations fail.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from json import JSONDecodeError

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from deploy.local.runtime.errors import (
    AwsError,
    model_error,
    refuse_unsigned,
    unknown_endpoint,
    unknown_operation,
)
from deploy.local.runtime.faults import Fault, FaultRefused, Faults

MOST_BYTES = 4 * 1024 * 1024
"""Longest request that a serverless endpoint takes."""

CONTAINER_SECONDS = 60.0
"""How long SageMaker waits for a container."""

VARIANT = {"x-amzn-invoked-production-variant": "AllTraffic"}
CUSTOM_ATTRIBUTES = "x-amzn-sagemaker-custom-attributes"

_PASSED_ON = ("content-type", "accept", CUSTOM_ATTRIBUTES)
_PASSED_BACK = ("content-type", CUSTOM_ATTRIBUTES)


def runtime_app(
    upstream: str, endpoint_name: str, container_seconds: float = CONTAINER_SECONDS
) -> ASGIApp:
    """Build the route; its lifespan must run, since the connections upstream live in it.

    Args:
        upstream: address of the serving process, as `http://127.0.0.1:8080`.
        endpoint_name: the one endpoint that exists.
        container_seconds: how long to wait for the serving process.
    """
    route = _RuntimeRoute(endpoint_name)
    return Starlette(
        routes=[
            Route("/endpoints/{name}/invocations", route.invoke, methods=["POST"]),
            Route("/faults", route.add_fault, methods=["POST"]),
        ],
        exception_handlers={AwsError: _written, 404: _written, 405: _written},
        lifespan=_connected(upstream, container_seconds),
    )


@dataclass(frozen=True, slots=True)
class _RuntimeRoute:
    endpoint_name: str
    faults: Faults = field(default_factory=Faults)

    async def invoke(self, request: Request) -> Response:
        refuse_unsigned(request.headers.get("authorization", ""))
        if request.path_params["name"] != self.endpoint_name:
            raise unknown_endpoint(request.path_params["name"])
        body = await _body(request)
        if body is None:  # AWS's front answers this itself, in plain text
            return PlainTextResponse(f"HTTP content length exceeded {MOST_BYTES} bytes.", 413)
        fault = self.faults.take()
        await _fail(fault)
        answer = await _ask_container(request, body)
        return _LostResponse() if fault.drop else answer

    async def add_fault(self, request: Request) -> Response:
        try:
            self.faults.add(await request.json())
        except (FaultRefused, JSONDecodeError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"coming": len(self.faults.coming)})


class _LostResponse(Response):
    """A head that promises a body which never comes: the server then closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002, ASGI's signature
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


async def _fail(fault: Fault) -> None:
    await asyncio.sleep(fault.delay)
    if fault.error == "ModelError":
        raise model_error(500, '{"error": "rehearsed failure"}')
    if fault.error:
        raise AwsError(fault.status, fault.error, {"message": "rehearsed failure"})


async def _ask_container(request: Request, body: bytes) -> Response:
    container: httpx.AsyncClient = request.state.container
    headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
    try:
        answer = await container.post("/invocations", content=body, headers=headers)
    except httpx.TimeoutException:
        raise model_error(0, "Your invocation timed out while waiting for a response") from None
    except httpx.TransportError as error:
        raise AwsError(503, "ServiceUnavailable", {"message": str(error)}) from error
    if answer.status_code != httpx.codes.OK:
        raise model_error(answer.status_code, answer.text)
    back = {name: answer.headers[name] for name in _PASSED_BACK if name in answer.headers}
    return Response(answer.content, headers=VARIANT | back)


async def _written(_: Request, error: Exception) -> Response:
    aws = error if isinstance(error, AwsError) else unknown_operation()  # or Starlette's 404, 405
    return JSONResponse(aws.fields, aws.status, {"x-amzn-errortype": aws.header})


def _connected(upstream: str, seconds: float) -> Lifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
        client = httpx.AsyncClient(base_url=upstream, timeout=seconds, trust_env=False)
        async with client:
            yield {"container": client}

    return lifespan
