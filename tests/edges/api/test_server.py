"""The port: real sockets, and clients that behave badly."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import orjson
import pytest
from starlette.types import Receive, Scope, Send

from bot.edges.api import connections, server
from bot.edges.api.application import create_app
from bot.edges.api.server import CannotListen, served
from bot.edges.api.webhook import SECRET_HEADER, Webhook
from tests.edges.api.service import Service

TODAY = b"GET /fechamento/hoje HTTP/1.1\r\nHost: x\r\n\r\n"


@asynccontextmanager
async def listening(service: Service) -> AsyncIterator[str]:
    """The API on a free port."""
    async with served(create_app(service.parts()), "127.0.0.1", 0) as address:
        yield address


@asynccontextmanager
async def wire(address: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A bare connection."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def told(address: str, sent: bytes) -> tuple[bytes, bytes]:
    """Send bytes and read until the server hangs up: status line and body."""
    async with wire(address) as (reader, writer):
        writer.write(sent)
        answer = await reader.read()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.partition(b"\r\n")[0], body


async def answered(reader: asyncio.StreamReader) -> bytes:
    """The status line of the next answer, which is read whole."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
    await reader.readexactly(length)
    return head.partition(b"\r\n")[0]


async def test_it_answers_over_a_real_connection_without_naming_itself(service: Service) -> None:
    """Ready as soon as the context is entered; nobody learns what serves."""
    async with listening(service) as address, httpx.AsyncClient(base_url=address) as api:
        answer = await api.get("/fechamento/hoje")
        head = await api.head("/fechamento/hoje")

    assert (answer.status_code, answer.json()["papel"]) == (200, "ITUB4.SA")
    assert "server" not in answer.headers
    assert (head.content, head.headers["content-length"]) == (b"", str(len(answer.content)))


async def test_signals_stay_with_whoever_runs_the_loop(service: Service) -> None:
    """The bot decides when the process ends, and in which order."""
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    async with listening(service):
        during = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]

    assert during == before


async def test_the_port_is_free_again_afterwards(service: Service) -> None:
    """Also while somebody keeps a connection open."""
    async with listening(service) as address:
        port = urlsplit(address).port or 0
        keeper = await asyncio.open_connection("127.0.0.1", port)
    app = create_app(service.parts())
    async with served(app, "127.0.0.1", port) as again:
        pass
    keeper[1].close()

    assert again == address


async def test_a_taken_port_is_one_clear_error(service: Service) -> None:
    """With the settings that mend it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen) as refused:
            async with served(create_app(service.parts()), "127.0.0.1", port):
                pass

    assert str(refused.value) == (
        f"HTTP_HOST, HTTP_PORT: port {port} of 127.0.0.1 is taken; usually another copy of the "
        "bot runs already"
    )


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("192.0.2.1", "cannot be listened on: Cannot assign requested address"),
        ("::x", "is no address"),
    ],
)
async def test_an_address_of_others_is_one_clear_error(
    service: Service, host: str, reason: str
) -> None:
    """Found at the start, before anybody waits for an answer."""
    with pytest.raises(CannotListen) as refused:
        async with served(create_app(service.parts()), host, 0):
            pass

    assert str(refused.value) == f"HTTP_HOST, HTTP_PORT: port 0 of {host} {reason}"


async def test_ipv6_is_an_address_too(service: Service) -> None:
    """Written in brackets, as in a browser."""
    async with (
        served(create_app(service.parts()), "::1", 0) as address,
        httpx.AsyncClient(base_url=address) as api,
    ):
        status = (await api.get("/saude")).status_code

    assert (address.startswith("http://[::1]:"), status) == (True, 200)


async def test_what_is_no_http_is_told_so_in_our_own_words(service: Service) -> None:
    """The server's own refusals are in English and plain text."""
    async with listening(service) as address:
        status, body = await told(address, b"this is no request\r\n\r\n")

    assert status == b"HTTP/1.1 400 Bad Request"
    assert orjson.loads(body) == {"erro": "O pedido não é HTTP bem formado."}


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /" + b"a" * 40_000,
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000,
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: a\r\n" * 10_000,
        b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Long: aaaaaaaaa\r\n" * 1_100 + b"\r\n",
    ],
)
async def test_a_head_without_end_is_cut_off(service: Service, sent: bytes) -> None:
    """Httptools collects headers for as long as they come; memory is ours."""
    async with listening(service) as address:
        status, body = await told(address, sent)

    assert status == b"HTTP/1.1 431 Request Header Fields Too Large"
    assert orjson.loads(body) == {
        "erro": "O endereço e os cabeçalhos do pedido são grandes demais."
    }


async def test_many_requests_in_one_piece_are_no_long_head(service: Service) -> None:
    """Pipelined requests share a packet; each has a head of its own."""
    async with listening(service) as address, wire(address) as (reader, writer):
        writer.write(TODAY * 1_000)
        statuses = {await answered(reader) for _ in range(1_000)}

    assert statuses == {b"HTTP/1.1 200 OK"}


@pytest.mark.parametrize("sent", [b"", b"GET /"])
async def test_who_does_not_finish_is_left(
    service: Service, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    """Slow senders would take every connection there is, for ever."""
    monkeypatch.setattr(connections, "WHOLE_SECONDS", 0.05)
    async with listening(service) as address, wire(address) as (reader, writer):
        writer.write(sent)

        assert await reader.read() == b""


async def test_who_does_not_finish_a_second_request_is_left_too(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole request buys no time for half of the next one."""
    async with listening(service) as address, wire(address) as (reader, writer):
        writer.write(TODAY)
        first = await answered(reader)
        monkeypatch.setattr(connections, "WHOLE_SECONDS", 0.05)
        writer.write(b"GET / HTTP/1.1\r\n")

        assert (first, await reader.read()) == (b"HTTP/1.1 200 OK", b"")


async def test_beyond_a_number_of_connections_nobody_comes_in(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process needs its files for Telegram and the database too; those inside stay served."""
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 1)
    async with listening(service) as address, wire(address) as (reader, writer):
        writer.write(TODAY)
        first = await answered(reader)
        async with wire(address) as (late, _):
            turned_away = await gone(late)
        writer.write(TODAY)
        again = await answered(reader)

    assert (first, turned_away, again) == (b"HTTP/1.1 200 OK", True, b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("hosts", [b"", b"Host: x\r\nHost: y\r\n"])
async def test_a_request_names_one_host(service: Service, hosts: bytes) -> None:
    """RFC 9112, 3.2: two that disagree let somebody past a proxy that reads the other one."""
    async with listening(service) as address:
        status, body = await told(address, b"GET /saude HTTP/1.1\r\n" + hosts + b"\r\n")

    assert status == b"HTTP/1.1 400 Bad Request"
    assert orjson.loads(body) == {"erro": "O pedido não é HTTP bem formado."}


@pytest.mark.parametrize(
    "sent", [b"HTTP/1.0\r\n\r\n", b"HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]
)
async def test_who_wants_one_answer_gets_it_whole(service: Service, sent: bytes) -> None:
    """Simple clients read until the end of the connection."""
    async with listening(service) as address:
        status, body = await told(address, b"GET /fechamento/hoje " + sent)

    assert (status, orjson.loads(body)["papel"]) == (b"HTTP/1.1 200 OK", "ITUB4.SA")


async def test_who_stays_and_asks_nothing_is_left(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connections are few; a client opens a new one when it needs it."""
    monkeypatch.setattr(server, "IDLE_SECONDS", 0.05)
    async with listening(service) as address, wire(address) as (reader, writer):
        writer.write(TODAY)
        status = await answered(reader)
        left = await gone(reader)

    assert (status, left) == (b"HTTP/1.1 200 OK", True)


async def test_telegram_may_leave_in_the_middle_of_an_update(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """It brings the update again; half of one is nothing to report."""
    received: list[object] = []

    async def receive(update: object) -> None:
        received.append(update)

    app = create_app(replace(service.parts(), webhook=Webhook("p", "s", receive)))
    head = (
        f"POST /telegram/p HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: s\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    )
    async with served(app, "127.0.0.1", 0) as address:
        async with wire(address) as (_, writer):
            writer.write(head.encode() + b'{"update_id": 7')
            await writer.drain()
        async with wire(address) as (reader, writer):
            writer.write(TODAY)
            status = await answered(reader)

    assert status == b"HTTP/1.1 200 OK"
    assert (received, service.reported, caplog.records) == ([], [], [])


async def gone(reader: asyncio.StreamReader) -> bool:
    """Whether the server hung up without a word."""
    try:
        return await reader.read() == b""
    except ConnectionResetError:
        return True


async def test_who_leaves_early_breaks_nothing(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Phones lose their connection in the middle of everything."""
    go = asyncio.Event()
    daily = service.prices.daily

    async def slow(*asked: object) -> object:
        await go.wait()
        return await daily(*asked)  # type: ignore[arg-type]

    service.prices.daily = slow  # type: ignore[method-assign, assignment]
    async with listening(service) as address:
        async with wire(address) as (_, writer):
            writer.write(TODAY)
            await writer.drain()
        go.set()
        async with httpx.AsyncClient(base_url=address) as api:
            answer = await api.get("/fechamento/hoje")

    assert answer.status_code == 200
    assert (caplog.records, service.reported) == ([], [])


async def half(_scope: Scope, _receive: Receive, send: Send) -> None:
    """An application that breaks in the middle of its answer.

    Raises:
        RuntimeError: always.
    """
    headers = [(b"content-length", b"8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise RuntimeError("broken")


async def test_an_answer_that_breaks_midway_ends_the_connection(service: Service) -> None:
    """What has begun cannot become a refusal; an answer cut short must not look whole."""
    app = create_app(service.parts())
    app.mount("/half", half)
    async with served(app, "127.0.0.1", 0) as address:
        status, body = await told(address, b"GET /half/ HTTP/1.1\r\nHost: x\r\n\r\n")

    assert (status, body) == (b"HTTP/1.1 200 OK", b"half")
    assert [str(error) for error in service.reported] == ["broken"]
