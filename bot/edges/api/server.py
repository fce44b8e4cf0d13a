"""Listens on a port beside whatever else runs in the event loop.

uvicorn with httptools, as strict with strangers as `bot.edges.api.connections` makes it, leaving
signals to whoever runs the loop.
"""

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from starlette.types import ASGIApp
from uvicorn import Config, Server

from bot.edges.api.connections import Connection
from bot.errors import CannotGoOn

IDLE_SECONDS = 75
"""Longer than clients and proxies keep theirs (httpx 5 s, nginx and AWS 60 s), so that none of
them writes into a connection at the moment that it is closed."""
STOP_SECONDS = 3
"""How long answers under way may take when the server stops."""


class CannotListen(CannotGoOn):
    """The address cannot be listened on; its text says which settings mend it."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"HTTP_HOST, HTTP_PORT: port {port} of {host} {reason}")
        self.host = host
        self.port = port


class _Server(Server):
    """Leaves signals alone, and says when it listens."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Whoever runs the event loop decides about signals."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        self.listens.set()


@asynccontextmanager
async def served(app: ASGIApp, host: str, port: int) -> AsyncIterator[str]:
    """Serve `app` as long as the context lasts; gives its address, ready to be used.

    Args:
        app: the ASGI app.
        host: address or name to listen on.
        port: 0 for any that is free.

    Raises:
        CannotListen: the port is taken, or the address is not one of this machine.
    """
    listening = _bound(host, port)
    server = _Server(_config(app))
    task = asyncio.create_task(server.serve([listening]))
    try:
        await server.listens.wait()
        yield _address(listening)
    finally:
        server.should_exit = True
        await task


def _config(app: ASGIApp) -> Config:
    return Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",  # every malformed request would be a line
        access_log=False,
        proxy_headers=False,  # `Access.proxies` says whose word is taken
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise CannotListen(host, port, "is no address") from None
    # Without the protocol named, asyncio leaves Nagle's delay on: 40 ms for each answer.
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise CannotListen(host, port, _reason(error)) from None
    return bound


def _reason(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "is taken; usually another copy of the bot runs already"
    return f"cannot be listened on: {os.strerror(error.errno or 0)}"


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
