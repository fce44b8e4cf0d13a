"""The process that serves the model, in SageMaker's container and on a laptop alike.

    artifact ──load──▶ ONNX graph ──ServingApp──▶ uvicorn on one port

Starts in a fraction of a second and never loads TensorFlow.  Whatever is wrong at the start ends
it with one sentence and exit code 1; SIGTERM, SIGINT and, if asked for, the end of standard input
end it with code 0 after the answers under way.
"""

import argparse
import logging
import os
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

import uvicorn

from model.artifact import load
from model.errors import ArtifactCorrupted, ArtifactMissing
from model.serving_app import ServingApp
from model.serving_instances import LEVELS, STEPS, WINDOW

IDLE_SECONDS = 75
"""How long an idle connection stays open: longer than clients keep theirs (httpx 5 s, nginx 60 s),
so that it is not closed at the moment that one of them writes to it."""

MOST_PORT = 65_535

LAST_ANSWERS_SECONDS = 10
"""How long answers under way may take after SIGTERM; SageMaker kills 30 seconds after it."""


SHIPPED = Path(__file__).parent / "shipped"
DESCRIPTION = "Serve an artifact: GET /ping, POST /invocations."


def main(arguments: Sequence[str]) -> None:
    """`python -m model serve`; argparse, because it is loaded in no time.

    Raises:
        SystemExit: with a sentence, when the artifact or the port cannot be had.
    """
    parser = argparse.ArgumentParser("python -m model serve", description=DESCRIPTION)
    add = parser.add_argument
    add("--artifact", type=Path, default=SHIPPED, help="folder of the artifact")
    add("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    add("--port", type=port_number, default=8080, help="0 takes a free one (8080)")
    add("--until-stdin-closes", action="store_true", help="end with whoever started it")
    options = parser.parse_args(arguments)
    serve(
        options.artifact,
        options.host,
        options.port,
        until_stdin_closes=options.until_stdin_closes,
    )


def serve(artifact: Path, host: str, port: int, *, until_stdin_closes: bool = False) -> None:
    """Serve `artifact` until told to stop; says `listening on URL` on standard output when ready.

    Args:
        artifact: directory of the artifact.
        host: address to listen on.
        port: TCP port; 0 takes a free one.
        until_stdin_closes: also end when standard input does, as it does when the process that
            holds its other end dies.

    Raises:
        SystemExit: with a sentence, when the artifact or the port cannot be had.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        app = serving_app(artifact)
    except (ArtifactMissing, ArtifactCorrupted) as error:
        raise SystemExit(str(error)) from None
    listener = _listener(host, port)
    server = _Server(_settings(app))
    if until_stdin_closes:
        threading.Thread(target=server.exit_with_stdin, daemon=True).start()
    server.run(sockets=[listener])


def serving_app(directory: Path) -> ServingApp:
    """Build the application around the artifact in `directory`.

    Raises:
        ArtifactMissing: there is none.
        ArtifactCorrupted: its files are not what its card says, or it forecasts something else
            than the endpoint's contract has.
    """
    artifact = load(directory)
    card = artifact.card
    if (card["window"], card["steps"], tuple(card["levels"])) != (WINDOW, STEPS, LEVELS):
        raise ArtifactCorrupted(f"{directory} has another window, steps or levels")
    sha256 = card["files"]["model.onnx"]["sha256"]
    model = {"name": card["name"], "version": card["version"], "sha256": sha256}
    return ServingApp(artifact.quantiles, model)


class _Server(uvicorn.Server):
    """Says when it is ready, and takes a signal for a normal end instead of a death."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            sys.stdout.write(f"listening on {_url(listener)}\n")
        sys.stdout.flush()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002, uvicorn's
        self.should_exit = True

    def exit_with_stdin(self) -> None:
        # The descriptor itself: a thread blocked in sys.stdin would stop the interpreter's end.
        with suppress(OSError):  # closed from the start: it has ended as well
            while os.read(0, 4096):
                pass
        self.should_exit = True


def port_number(text: str) -> int:
    """Read a TCP port; its name is what argparse calls a wrong one.

    Raises:
        ValueError: it is none.
    """
    if not 0 <= int(text) <= MOST_PORT:
        raise ValueError(f"no port: {text}")
    return int(text)


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while ")[0]  # repeats the address
        raise SystemExit(f"cannot listen on {host}:{port}: {reason}") from None


def _settings(app: ServingApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        interface="asgi3",
        lifespan="off",
        ws="none",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=LAST_ANSWERS_SECONDS,
    )


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
