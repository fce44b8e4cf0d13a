"""One connection of a client, which may be slow, endless or malformed.

uvicorn's own limits begin once a request has arrived.  What comes before is bounded here: size of
the head, seconds until the request is whole, connections at once.  Its refusals speak JSON.
"""

from asyncio import TimerHandle
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from bot.wording import rest

MOST_HEAD = 16 * 1024
"""Longest address and headers together, in bytes; browsers send a tenth of it."""
MOST_CONNECTIONS = 256
"""Leaves the process most of the 1,024 files that systems allow by default."""
WHOLE_SECONDS = 15
"""How long a request may take to arrive, and an unread answer to be read."""


class _HeadRefused(Exception):
    """Address and headers are longer than `MOST_HEAD`, or do not name one host."""


class Connection(HttpToolsProtocol):
    """uvicorn's connection with a bound on everything that a stranger can send."""

    _heads = 0
    """Heads that have arrived whole."""
    _in_head = True
    _head_bytes = 0
    _deadline: TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Let the client in, or hang up when there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        else:
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head has no end."""
        heads = self._heads
        super().data_received(data)
        # Bytes that belong to an unfinished head and to nothing else.
        if self._in_head and heads == self._heads:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD and not self.transport.is_closing():
                self._hang_up(431, rest.HEAD_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Expect the rest of the request that begins."""
        super().on_message_begin()
        self._expect()

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the head is too long or does not name one host.

        Raises:
            _HeadRefused: so it is; the parser hands it on as a malformed request.
        """
        self._heads += 1
        self._in_head, self._head_bytes = False, 0
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MOST_HEAD:
            self._hang_up(431, rest.HEAD_TOO_LARGE)
            raise _HeadRefused
        if not self._names_its_host():
            raise _HeadRefused
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole; the next thing is another one's head."""
        self._wait_no_more()
        self._in_head = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Give a client that is to be left some seconds to read the answer."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._expect()

    def timeout_keep_alive_handler(self) -> None:
        """Leave an idle client, even one that has not read its answer."""
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002, uvicorn's English is not sent
        """Refuse what is no HTTP."""
        if not self.transport.is_closing():
            self._hang_up(400, rest.NOT_HTTP)

    def _names_its_host(self) -> bool:
        """Once, as proxies in front rely on; HTTP/1.0 need not (RFC 9112, 3.2)."""
        hosts = [value for name, value in self.headers if name == b"host"]
        return len(hosts) == 1 or (not hosts and self.parser.get_http_version() == "1.0")

    def _expect(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(WHOLE_SECONDS, self.transport.abort)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _hang_up(self, status: int, sentence: str) -> None:
        """Answer without any application, and close."""
        body = orjson.dumps({"erro": sentence})
        head = (
            b"content-type: application/json\r\n"
            b"content-length: %d\r\n"
            b"cache-control: no-store\r\n"
            b"x-content-type-options: nosniff\r\n"
            b"connection: close\r\n\r\n" % len(body)
        )
        self.transport.write(STATUS_LINE[status] + head + body)
        self.transport.close()
