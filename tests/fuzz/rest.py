"""A fuzz target that is REST: paths, parameters and headers, as a server hands them over."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from bot.edges.api.application import create_app
from tests.edges.api.service import Service
from tests.fuzz.spoiling import ODD
from tests.fuzz.target import Attempt, Target
from tests.fuzz.words import SHARES, TYPED

SERVER_ERROR, AWAY = 500, 503
"""The second one is an answer: `/saude` says what is away."""

_ROUTES = ["/fechamento/hoje", "/fechamento/proximos", "/placar", "/saude", "/", "/docs"]
_VALUES = st.one_of(SHARES, TYPED, st.sampled_from([str(odd)[:200] for odd in ODD]))
_QUERIES = st.lists(
    st.tuples(st.sampled_from(["papel", "Papel", "papel[]", "x", ""]), _VALUES), max_size=3
).map(lambda pairs: "&".join(f"{name}={quote(value, errors='replace')}" for name, value in pairs))
_TARGETS = st.one_of(
    st.builds(lambda route, query: f"{route}?{query}".encode(), st.sampled_from(_ROUTES), _QUERIES),
    st.builds(
        lambda route, query: route.encode() + b"?papel=" + query,
        st.sampled_from(_ROUTES),
        st.binary(max_size=30),
    ),
    st.binary(max_size=40).map(lambda raw: b"/" + raw),
)
_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *(b"if-none-match", b"accept", b"origin", b"x-api-key", b"x-forwarded-for"),
                *(b"host", b"accept-language", b"range", b"cookie"),
            ]
        ),
        st.one_of(
            st.binary(max_size=20).filter(lambda raw: not {0, 10, 13}.intersection(raw)),
            st.sampled_from([b"*", b'W/"x"', b'"', b"text/html", b"1.2.3.4, ::1", b"0"]),
        ),
    ),
    max_size=2,
)
_METHODS = st.sampled_from(["GET", "GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "BREW"])


@contextmanager
def _resting() -> Iterator[Attempt]:
    service = Service()
    app = create_app(service.parts())

    async def ask(case: tuple[bytes, str, list[tuple[bytes, bytes]]]) -> None:
        status = await _status_of(app, *case)
        for error in service.reported[:1]:
            service.reported.clear()
            raise error
        assert status < SERVER_ERROR or status == AWAY, status

    with asyncio.Runner() as runner:
        yield lambda case: runner.run(ask(case))


async def _status_of(
    app: Any, target: bytes, method: str, headers: list[tuple[bytes, bytes]]
) -> int:
    """Ask as a server does that has read a request line; what it cannot read never gets here."""
    path, _, query = target.partition(b"?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path.decode("utf-8", "replace"),
        "raw_path": path,
        "query_string": query,
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "asgi": {"version": "3.0"},
        "root_path": "",
    }
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    (status,) = statuses
    return status


TARGETS = (Target("rest", st.tuples(_TARGETS, _METHODS, _HEADERS), _resting, 60_000),)
