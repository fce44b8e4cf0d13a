"""Keeps other web sites out: only this machine's own names, only this origin's own pages.

A page on the internet can make a browser send requests to 127.0.0.1, directly or under a name of
its own that it points there.  Such requests carry a foreign Origin or Host, and end here.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_HOSTS = ("localhost", "127.0.0.1", "::1")
_SAFE_METHODS = ("GET", "HEAD")
_OWN_PAGES = ("", "none", "same-origin")


class Guard:
    """ASGI middleware in front of everything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer 403."""
        if scope["type"] == "http" and (reason := _objection(scope)):
            refusal = JSONResponse({"error": reason}, status_code=403)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _objection(scope: Scope) -> str:
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if _host_name(host) not in _HOSTS:
        return "only requests to this machine by its own name are answered"
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return "pages of other origins may not use this server"
    # Without an Origin a browser still tells who asks; opening the page from elsewhere is fine.
    asks = headers.get("sec-fetch-site", "")
    acts = scope["method"] not in _SAFE_METHODS or scope["path"].startswith("/bot")
    return "" if asks in _OWN_PAGES or not acts else "pages of other sites may not use this server"


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
