"""The health probe of both images."""

import socket
import threading
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.containers.probe import main, status
from deploy.local.runtime.route import runtime_app
from tests.loopback import listening


async def answering(request: Request) -> Response:
    """Answer with the status that the path names."""
    return Response(status_code=int(request.path_params["status"]))


@pytest.fixture(scope="module")
def port() -> Iterator[str]:
    """Port of a server that answers as the path says."""
    with listening(Starlette(routes=[Route("/{status}", answering)])) as address:
        yield address.rpartition(":")[2]


@pytest.mark.parametrize("answer", ["200", "503"])
def test_every_status_that_was_named_is_alive(port: str, answer: str) -> None:
    """A bot that says that Yahoo is away lives, and restarting it would help nobody."""
    main([port, f"/{answer}", "200", "503"])


def test_another_status_is_told_and_ends_with_code_one(port: str) -> None:
    """Docker shows the sentence in the container's state."""
    with pytest.raises(SystemExit) as ended:
        main([port, "/500", "200", "503"])

    assert ended.value.code == f"port {port} /500: 500, 200 or 503 expected"


def test_a_port_on_which_nobody_listens_is_no_answer() -> None:
    """Before it is up, and after it has died."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]

    assert status(free, "/ping").startswith("no answer (ConnectionRefusedError")


def test_something_that_speaks_no_http_is_no_answer() -> None:
    """Another server on the port is not the one that was asked for."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        greeter = threading.Thread(target=_greet, args=(other,))
        greeter.start()
        told = status(other.getsockname()[1], "/ping")
        greeter.join()

    assert told.startswith("no answer (BadStatusLine(")


def _greet(other: socket.socket) -> None:
    """Say something else than HTTP to the first who comes."""
    connection, _ = other.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b"220 mail.example ESMTP\r\n")


def test_the_route_of_compose_is_alive_where_it_answers_not_found() -> None:
    """It has no page; compose.yaml asks for `/` and expects exactly this."""
    with listening(runtime_app("http://127.0.0.1:9", "fechamento")) as address:
        assert status(int(address.rpartition(":")[2]), "/") == "404"
