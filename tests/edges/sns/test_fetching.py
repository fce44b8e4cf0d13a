"""Asking for a certificate, against a real server on this machine."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.edges.sns import MessageRefused, fetch_certificate
from bot.edges.sns.certificates import LARGEST_FILE
from tests.edges.sns.signing import Signer


class _Files(BaseHTTPRequestHandler):
    """Certificates, good and bad."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Answer by path."""
        self.asked.append(self.path)
        status, body = {
            "/good.pem": (200, b"the file"),
            "/moved.pem": (302, b""),
            "/missing.pem": (404, b"no such file"),
            "/broken.pem": (500, b""),
            "/largest.pem": (200, b"x" * LARGEST_FILE),
            "/larger.pem": (200, b"x" * (LARGEST_FILE + 1)),
        }[self.path]
        self.send_response(status)
        self.send_header("location", "/good.pem")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve the files; gives the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Files) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign] # clients that hang up
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http{'s' if context else ''}://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server without TLS."""
    with serving() as address:
        yield address


async def refusal(url: str, seconds: float = 5.0) -> tuple[str, bool]:
    """Why nothing was fetched."""
    with pytest.raises(MessageRefused) as caught:
        await fetch_certificate(url, seconds)
    return caught.value.reason, caught.value.retry


async def test_the_file_comes_as_it_stands(server: str) -> None:
    """The one thing it is for."""
    assert await fetch_certificate(f"{server}/good.pem") == b"the file"
    assert len(await fetch_certificate(f"{server}/largest.pem")) == LARGEST_FILE


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/moved.pem", "certificate answered 302"),
        ("/missing.pem", "certificate answered 404"),
        ("/broken.pem", "certificate answered 500"),
        ("/larger.pem", "certificate is too large"),
    ],
)
async def test_anything_but_a_small_file_is_refused(server: str, path: str, why: str) -> None:
    """A redirect would lead away from the host that was checked."""
    _Files.asked.clear()

    assert await refusal(server + path) == (why, True)
    assert _Files.asked == [path]


async def test_a_server_that_says_nothing_is_left() -> None:
    """SNS waits for our answer meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/good.pem"

        assert await refusal(url, seconds=0.05) == ("certificate cannot be fetched", True)


async def test_a_closed_port_is_refused_and_may_be_tried_again() -> None:
    """An outage of AWS must not make an alarm count as forged."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert await refusal(f"http://127.0.0.1:{port}/good.pem") == (
        "certificate cannot be fetched",
        True,
    )


async def test_a_host_that_cannot_prove_its_name_is_not_asked(
    tmp_path: Path, signer: Signer
) -> None:
    """TLS to the pinned host stands in for the certificate's chain; without it all would fall."""
    secret = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "own.pem").write_bytes(signer.pem + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem")
    _Files.asked.clear()
    with serving(context) as address:
        why = await refusal(f"{address}/good.pem")

    assert (why, _Files.asked) == (("certificate cannot be fetched", True), [])
