"""Which processes stand in for the services that the settings do not name.

    bot ──▶ SageMaker Runtime route (deploy.local) ──▶ serving process (model serve)
     └────▶ local chat              (deploy.local)

The model and the route have no memory and are started again when they end by themselves, on their
ports, so that nobody who asks them has to know.  The chat is all memory: without it the bot ends.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from bot.edges.local_processes.keeping import Keeper, Mourner
from bot.edges.local_processes.running import LocalProcess
from bot.errors import CannotGoOn

LOCAL_ENDPOINT = "fechamento-local"
LOCAL_TOKEN = "1000001:the-local-chat-needs-no-secret-token"  # noqa: S105, opens nothing but the loopback

Find = Callable[[str], object | None]
"""Looks for an installed module by its name without loading it; None when there is none."""


class ServingNotInstalled(CannotGoOn):
    """The model is to be served on this machine, which lacks what serves it."""

    def __init__(self) -> None:
        super().__init__(
            "onnxruntime, which serves the model on this machine, is not installed: "
            'pip install "fechamento[bot,serving]", as `make run` does, '
            "or name an endpoint in SAGEMAKER_ENDPOINT"
        )


@dataclass(frozen=True, slots=True)
class LocalChat:
    """How the local chat is wanted.

    Attributes:
        port: to listen on; 0 for any free one.
        limits: how often the bot may write, as `deploy.local --limits` reads it.
        at: time at which its clock starts, aware; None for now.
    """

    port: int
    limits: str
    at: datetime | None

    def options(self) -> list[str]:
        """The same as options of `deploy.local`."""
        at = ["--at", self.at.isoformat()] if self.at else []
        return ["--chat-port", str(self.port), "--limits", self.limits, *at]


@dataclass(frozen=True, slots=True)
class StandIns:
    """Stand-ins that have been started and may still be loading.

    Attributes:
        local: the process with the local chat and the Runtime route; None when neither is needed.
        chat: whether the local chat is among them.
        upstream: address of the serving process behind the route; None without the route.
        running: ends them again.
    """

    local: LocalProcess | None
    chat: bool
    upstream: str | None
    running: ExitStack

    @classmethod
    def start(
        cls,
        artifact: Path | None,
        chat: LocalChat | None,
        running: ExitStack,
        find: Find = find_spec,
    ) -> "StandIns":
        """Start what is needed; `running` ends it again.

        Args:
            artifact: the model to serve here; None when the real endpoint is used.
            chat: the local chat; None when the real Telegram is used.
            running: closes the processes, the one started last first; raises ChatDied when the
                chat had ended by itself.
            find: looks for what serves the model.

        Raises:
            ServingNotInstalled: nothing was started.
            ProcessNotReady: the serving process ended first, its artifact refused for example.
        """
        upstream = None if artifact is None else _served(artifact, running, find)
        if chat is None and upstream is None:
            return cls(None, chat=False, upstream=None, running=running)
        talking = chat.options() if chat else ["--no-chat"]
        local = LocalProcess.start("deploy.local", *talking, *_local_options(upstream))
        running.callback(local.close)
        return cls(local, chat is not None, upstream, running)

    def urls(self) -> tuple[str | None, str | None]:
        """Wait until they listen: addresses of the local chat and of the Runtime route.

        Raises:
            ProcessNotReady: the process ended first, its port taken for example.
        """
        if self.local is None:
            return None, None
        found = list(self.local.urls(self.chat + bool(self.upstream)))
        chat_url = found.pop(0) if self.chat else None
        runtime_url = found.pop(0) if self.upstream else None
        self._watch(self.local, runtime_url)
        return chat_url, runtime_url

    def _watch(self, local: LocalProcess, runtime_url: str | None) -> None:
        if self.chat:
            self.running.callback(Mourner(local).close)
            return
        options = ["--no-chat", *_local_options(self.upstream, _port(runtime_url))]
        keeper = Keeper(local, lambda: LocalProcess.start("deploy.local", *options))
        self.running.callback(keeper.close)


def _served(artifact: Path, running: ExitStack, find: Find) -> str:
    """Serve the model, again and again if need be; gives the address, which stays the same."""
    if find("onnxruntime") is None:
        raise ServingNotInstalled
    first = _serving(artifact, "0")
    running.callback(first.close)
    (upstream,) = first.urls()
    keeper = Keeper(first, lambda: _serving(artifact, _port(upstream)))
    running.callback(keeper.close)
    return upstream


def _serving(artifact: Path, port: str) -> LocalProcess:
    return LocalProcess.start("model", "serve", "--artifact", str(artifact), "--port", port)


def _local_options(upstream: str | None, port: str = "0") -> Sequence[str]:
    """Options of `deploy.local` for its token and, if there is a model behind it, its route."""
    token = ["--token", LOCAL_TOKEN]
    if upstream is None:
        return token
    route = ["--runtime-port", port, "--upstream", upstream, "--endpoint-name", LOCAL_ENDPOINT]
    return [*token, *route]


def _port(url: str | None) -> str:
    return str(urlsplit(url or "").port or 0)
