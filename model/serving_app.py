"""The container's HTTP interface as SageMaker expects it: `GET /ping`, `POST /invocations`.

Bare ASGI: a framework would cost more time than the network that it serves.  The graph runs in
the event loop, since even 1,000 windows take it less time than a health check may.  Every answer
is JSON, and every refusal is `{"error": …}` under a status that says the same.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from model.serving_instances import Prices, RequestRefused, read_windows, written

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Quantiles = Callable[[Prices, Prices, Prices], Prices]
"""Closes, highs, lows of shape (n, 60) to prices of shape (n, 6, 9)."""

MOST_BYTES = 4 * 1024 * 1024
"""Longest request that a serverless endpoint of SageMaker passes on."""

WINDOWS_AT_ONCE = 64
"""Windows per run of the graph: measured on 1,000 with the shipped one, parts of 64 take 11 ms and
3 MB where all at once take 27 ms and 60 MB."""

METHOD_NOT_ALLOWED = 405
METHODS = {"/ping": "GET", "/invocations": "POST"}

INTERNAL_FAILURE = "internal failure, see the log of the container"


class _SenderGone(Exception):
    """The connection was closed before the request was complete: nobody to answer."""


@dataclass(frozen=True, slots=True)
class ServingApp:
    """ASGI application around one model.

    Attributes:
        quantiles: computes the forecasts.
        model: name, version and sha256, as every answer names them.
    """

    quantiles: Quantiles
    model: Mapping[str, str]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            status, body = 200, await self._answer(scope, receive)
        except RequestRefused as refusal:
            status, body = refusal.status, _error(str(refusal))
        except _SenderGone:
            return
        except Exception:
            log.exception("request failed", extra={"path": scope["path"]})
            status, body = 500, _error(INTERNAL_FAILURE)
        headers = _headers(scope["path"], status, body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Message, receive: Receive) -> bytes:
        _refuse_wrong_way(scope)
        if scope["path"] == "/ping":
            return orjson.dumps({"model": self.model})
        _refuse_other_types(_header(scope, b"content-type"))
        windows = read_windows(await _body(scope, receive))
        parts = [self.quantiles(*part) for part in windows.parts(WINDOWS_AT_ONCE)]
        return written(np.concatenate(parts), self.model)


def _refuse_wrong_way(scope: Message) -> None:
    method = METHODS.get(scope["path"])
    if method is None:
        raise RequestRefused(f"path: {scope['path'][:40]}, {' or '.join(METHODS)} expected", 404)
    if scope["method"] != method:
        raise RequestRefused(f"method: {scope['method']}, {method} expected", METHOD_NOT_ALLOWED)


def _refuse_other_types(content_type: str) -> None:
    if content_type.partition(";")[0].strip().lower() != "application/json":
        told = content_type[:40] or "missing"
        raise RequestRefused(f"content-type: {told}, application/json expected", 415)


async def _body(scope: Message, receive: Receive) -> bytes:
    _refuse_large(int(_header(scope, b"content-length") or 0))
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _SenderGone
        body += message.get("body", b"")
        _refuse_large(len(body))
        more = message.get("more_body", False)
    return bytes(body)


def _refuse_large(size: int) -> None:
    if size > MOST_BYTES:
        raise RequestRefused(f"body: more than {MOST_BYTES:,} bytes", 413)


def _header(scope: Message, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def _headers(path: str, status: int, body: bytes) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    if status == METHOD_NOT_ALLOWED:  # RFC 9110, 15.5.6: it must say what is allowed
        headers.append((b"allow", METHODS[path].encode()))
    return headers


def _error(sentence: str) -> bytes:
    return orjson.dumps({"error": sentence})
