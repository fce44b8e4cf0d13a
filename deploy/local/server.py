"""Runs the local chat on a port of this machine, beside other things in one event loop.

uvicorn waits for open connections before it stops, and a chat page or a bot that polls never
hangs up by itself: so everything that waits is ended first.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LOOPBACK = "127.0.0.1"
_SECONDS_TO_STOP = 3


class PortTaken(Exception):
    """Somebody else listens on the port.

    Attributes:
        port: the one that was wanted.
    """

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} of {LOOPBACK} is taken")
        self.port = port


class _AbortableProtocol(HttpToolsProtocol):
    """Lets an app end its connection without an answer: `scope["extensions"]["abort"]()`."""

    def on_message_begin(self) -> None:
        """Put the means into the scope of the request that begins."""
        super().on_message_begin()
        extensions: dict[str, Any] = {"abort": self.transport.abort}
        self.scope["extensions"] = extensions


class _QuietServer(Server):
    """Leaves signals alone, and lets those who wait go before it waits for them."""

    def __init__(self, config: Config, before_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_stop = before_stop
        self.listens = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Whoever runs the event loop decides about signals."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        self.listens.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening and end every connection."""
        self._before_stop()
        await super().shutdown(sockets)


class _Unbothered:
    """Around an app: a client that goes away in the middle of its request is no error."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ClientDisconnect):
            await self._app(scope, receive, send)


def bound_socket(port: int) -> socket.socket:
    """A socket on that port of this machine, 0 for any that is free.

    Raises:
        PortTaken: somebody else listens there.
    """
    # asyncio turns Nagle's delay off only for sockets that name TCP as their protocol; without
    # it every answer takes 40 ms longer, because headers and body are two writes.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((LOOPBACK, port))
    except OSError as error:
        bound.close()
        raise PortTaken(port) from error
    return bound


def nothing() -> None:
    """Nothing has to be ended before the server stops."""


@asynccontextmanager
async def serving(
    app: ASGIApp, port: int, before_stop: Callable[[], None] = nothing
) -> AsyncIterator[str]:
    """Serve `app` as long as the context lasts; gives its address, ready to be used.

    Args:
        app: the ASGI app.
        port: on 127.0.0.1; 0 for any that is free.
        before_stop: ends what waits inside the app, e.g. `app.state.service.close`.

    Raises:
        PortTaken: somebody else listens there.
    """
    listening = bound_socket(port)
    config = Config(
        _Unbothered(app),
        http=_AbortableProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_SECONDS_TO_STOP,
    )
    server = _QuietServer(config, before_stop)
    task = asyncio.create_task(server.serve([listening]))
    try:
        await server.listens.wait()
        yield f"http://{LOOPBACK}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
