"""The one place where requests end badly: every exception becomes an answer here.

    exception ──refusal()──▶ status and sentence ──▶ JSON, or a page where people look
              └─ unforeseen ──▶ traceback in the log, 500 with the short code that leads to it

Plain ASGI.  A refusal is never stored by anybody on the way.
"""

from collections.abc import Callable
from dataclasses import dataclass

import orjson
from starlette.datastructures import Headers as Received
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.edges.api.refusals import Headers, Refusal, refusal
from bot.wording import rest

Report = Callable[[Exception], str]
"""Writes an exception into the log, tells the operators, gives the short code of both."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How to refuse where people look.

    Attributes:
        paths: which those are.
        page: makes a page of a refusal.
        headers: of that page.
    """

    paths: frozenset[str]
    page: Callable[[Refusal], bytes]
    headers: Headers


_UNSTORED = (b"cache-control", b"no-store")


class Answering:
    """ASGI middleware around everything that may raise."""

    def __init__(self, app: ASGIApp, report: Report, looks: Looks) -> None:
        """Stand around `app`.

        Args:
            app: what is guarded.
            report: for exceptions that nobody foresaw.
            looks: how to refuse where people look.
        """
        self._app = app
        self._report = report
        self._looks = looks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001, whatever it is, it is answered and reported
            found = refusal(error) or Refusal(500, rest.unexpected(self._report(error)))
            if not begun:  # else the server hangs up: an answer cut short never looks whole
                await self._refuse(found, scope, send)

    async def _refuse(self, found: Refusal, scope: Scope, send: Send) -> None:
        body, headers = self._told(found, scope)
        length = (b"content-length", str(len(body)).encode())
        headers = (*headers, length, _UNSTORED, *found.headers)
        await send(
            {"type": "http.response.start", "status": found.status, "headers": list(headers)}
        )
        await send({"type": "http.response.body", "body": body})

    def _told(self, found: Refusal, scope: Scope) -> tuple[bytes, Headers]:
        if scope["path"] in self._looks.paths or (found.page and _looks_for_page(scope)):
            return self._looks.page(found), self._looks.headers
        body = orjson.dumps({"erro": found.sentence}) if found.sentence else b""
        return body, ((b"content-type", b"application/json"),)


def _looks_for_page(scope: Scope) -> bool:
    """Whether a browser asks, which always names HTML; programs name JSON, or nothing."""
    wanted = ",".join(Received(scope=scope).getlist("accept")).lower()
    return "text/html" in wanted and "application/json" not in wanted
