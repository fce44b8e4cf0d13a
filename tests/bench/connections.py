"""HTTP connections that stay open, as light as they can be: the server is what is measured.

one_by_one(url, paths)                 milliseconds of one request after the other
per_second(url, path, clients, requests)   each client asks again as soon as it is answered
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Connection:
    """One connection; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, path: str) -> bytes:
        """GET a path and give the body.

        Raises:
            RuntimeError: the answer is not 200.
        """
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        body = await self._reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{path}: {head.decode()}{body.decode()}")
        return body

    async def milliseconds(self, path: str) -> float:
        """How long one request takes."""
        began = time.perf_counter()
        await self.ask(path)
        return (time.perf_counter() - began) * 1e3

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@asynccontextmanager
async def connected(url: str, count: int = 1) -> AsyncIterator[list[Connection]]:
    """So many connections to a server of this machine."""
    server = urlsplit(url)
    opened = [
        Connection(*await asyncio.open_connection(server.hostname, server.port))
        for _ in range(count)
    ]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.close()


async def per_second(url: str, path: str, clients: int, requests: int) -> float:
    """Answers a second while each of `clients` asks again as soon as it is answered."""
    async with connected(url, clients) as connections:

        async def asking(connection: Connection) -> None:
            for _ in range(requests // clients):
                await connection.ask(path)

        began = time.perf_counter()
        await asyncio.gather(*map(asking, connections))
        return requests // clients * clients / (time.perf_counter() - began)


async def one_by_one(url: str, paths: Sequence[str]) -> list[float]:
    """Milliseconds of each request, over one connection."""
    async with connected(url) as (connection,):
        return [await connection.milliseconds(path) for path in paths]
