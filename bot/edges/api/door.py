"""Who comes in: requests of bearable size, not too many from one address, with the key.

Plain ASGI, in front of the routes.  Services that push to us (Telegram) come in by doors of their
own: their routes bound what they read, and turn strangers away for less than counting them costs.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.edges.api.allowance import Allowance, Rate, caller
from bot.edges.api.refusals import HANG_UP, Refusal, Refused, retry_after
from bot.wording import rest

MOST_BYTES = 16 * 1024
"""Longest body of a request; no route that people call reads any."""

PUSHED = ("/telegram/", "/sns")
"""Where services push to, by the beginning of the path."""

UNCOUNTED = ("/saude",)
"""What load balancers ask every few seconds, and is kept for as long."""

LOCKED = ("/fechamento/", "/placar")
"""What the key opens; page, documentation and state stay open."""

CHALLENGE = (b"www-authenticate", b"APIKey")
"""RFC 9110, 15.5.2: a 401 names the way in."""


USUAL_RATE = Rate(per_minute=60, burst=30)
"""A person who looks around, or a program that asks about thirty shares at once."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask, and how often.

    Attributes:
        key: wanted in `X-API-Key`; None opens the routes to everybody.
        origins: web origins whose pages may read the answers; none by default.
        rate: how often one address may ask; None for no limit.
        proxies: how many proxies of ours stand in front and write `X-Forwarded-For`.
    """

    key: str | None = field(default=None, repr=False)
    origins: frozenset[str] = frozenset()
    rate: Rate | None = USUAL_RATE
    proxies: int = 0


class Door:
    """ASGI middleware in front of the routes."""

    def __init__(self, app: ASGIApp, access: Access, monotonic: Callable[[], float]) -> None:
        """Stand in front of `app`.

        Args:
            app: the routes.
            access: who may ask, and how often.
            monotonic: gives seconds that never go back.
        """
        self._app = app
        self._access = access
        self._allowance = Allowance(access.rate, monotonic) if access.rate else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through.

        Raises:
            Refused: it is too large, one too many, or without the key.
        """
        if not scope["path"].startswith(PUSHED):
            headers = Headers(scope=scope)
            _refuse_large(headers)
            self._refuse_often(scope, headers)
            self._refuse_strangers(scope["path"], headers)
        await self._app(scope, receive, send)

    def _refuse_often(self, scope: Scope, headers: Headers) -> None:
        if self._allowance is None or scope["path"] in UNCOUNTED:
            return
        peer = scope["client"][0] if scope["client"] else ""
        forwarded = ",".join(headers.getlist("x-forwarded-for")).split(",")
        told = [address for address in forwarded if address.strip()]
        if wait := self._allowance.take(caller(peer, told, self._access.proxies)):
            raise Refused(Refusal(429, rest.TOO_OFTEN, retry_after(wait)))

    def _refuse_strangers(self, path: str, headers: Headers) -> None:
        key = self._access.key
        if key is None or not path.startswith(LOCKED):
            return
        if not compare_digest(headers.get("x-api-key", "").encode(), key.encode()):
            raise Refused(Refusal(401, rest.WRONG_KEY, (CHALLENGE,)))


def _refuse_large(headers: Headers) -> None:
    # No route behind this door reads a body: what is not read ends with its connection.
    if "transfer-encoding" in headers:
        raise Refused(Refusal(411, rest.NO_LENGTH, HANG_UP))
    if int(headers.get("content-length", "0")) > MOST_BYTES:
        raise Refused(Refusal(413, rest.TOO_LARGE, HANG_UP))
