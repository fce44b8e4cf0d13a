"""A cable between a bot and its chat that can be cut: connections end, and new ones are refused."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CHUNK = 65_536


@dataclass(slots=True)
class Cable:
    """Carries bytes from a port of this machine to `far` and back, in an event loop of its own."""

    far: str
    loop: asyncio.AbstractEventLoop
    port: int = 0
    _server: asyncio.Server | None = None
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Its near end."""
        return f"http://127.0.0.1:{self.port}"

    def mend(self) -> None:
        """Take connections, on the same port as before."""
        asyncio.run_coroutine_threadsafe(self._mend(), self.loop).result()

    def cut(self) -> None:
        """End all connections and refuse new ones."""
        asyncio.run_coroutine_threadsafe(self._cut(), self.loop).result()

    async def _mend(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        if self._server:
            self._server.close()
        for end in tuple(self._ends):
            end.transport.abort()

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        host, port = urlsplit(self.far).hostname, urlsplit(self.far).port
        far, forth = await asyncio.open_connection(host, port)
        self._ends |= {back, forth}
        await asyncio.gather(_pump(near, forth), _pump(far, back))
        self._ends -= {back, forth}


async def _pump(source: asyncio.StreamReader, end: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await source.read(CHUNK):
            end.write(chunk)
            await end.drain()
    end.close()


@contextmanager
def plugged_in(far: str) -> Iterator[Cable]:
    """A cable to the address `far`."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    cable = Cable(far, loop)
    cable.mend()
    try:
        yield cable
    finally:
        cable.cut()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
