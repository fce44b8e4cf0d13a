"""What every answer has in common: HEAD, other origins, and what browsers must not guess.

Plain ASGI, outermost: it sees refusals too.  Other origins are let in only by name; a browser that
asks first (preflight) is answered here and reaches no route.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Pairs = tuple[tuple[bytes, bytes], ...]

NO_GUESSING: Pairs = ((b"x-content-type-options", b"nosniff"),)
PREFLIGHT: Pairs = (
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"If-None-Match, X-API-Key"),
    (b"access-control-max-age", b"3600"),
)
READABLE: Pairs = ((b"access-control-expose-headers", b"ETag, Retry-After"),)


class Envelope:
    """ASGI middleware in front of everything."""

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        """Stand in front of `app`.

        Args:
            app: what is asked.
            origins: web origins whose pages may read the answers, as `https://exemplo.com.br`.
        """
        self._app = app
        self._origins = origins
        # Caches must not give one origin the answer that was made for another.
        self._common = (*NO_GUESSING, *(((b"vary", b"Origin"),) if origins else ()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, and finish its answer."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        shared = self._shared(scope)
        if shared and _is_preflight(scope):
            return await _welcome((*self._common, *shared, *PREFLIGHT), send)
        asked_as = scope["method"]
        if asked_as == "HEAD":  # FastAPI answers it on no route by itself
            scope = {**scope, "method": "GET", "asked_as": asked_as}
        finished = _finished(send, (*self._common, *shared), bodiless=asked_as == "HEAD")
        return await self._app(scope, receive, finished)

    def _shared(self, scope: Scope) -> Pairs:
        """What lets a page of another origin read the answer; empty for those not let in."""
        origin = Headers(scope=scope).get("origin") if self._origins else None
        if origin not in self._origins:
            return ()
        return ((b"access-control-allow-origin", origin.encode()), *READABLE)


def _is_preflight(scope: Scope) -> bool:
    asks = any(name == b"access-control-request-method" for name, _ in scope["headers"])
    return asks and scope["method"] == "OPTIONS"


async def _welcome(headers: Pairs, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": list(headers)})
    await send({"type": "http.response.body", "body": b""})


def _finished(send: Send, headers: Pairs, *, bodiless: bool) -> Send:
    async def finished(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *headers]}
        elif bodiless:
            message = {**message, "body": b""}
        await send(message)

    return finished
