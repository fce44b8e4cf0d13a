"""The stand-ins of this machine: processes of our own that live and die with the bot.

    bot ──▶ SageMaker Runtime route (deploy.local) ──▶ serving process (model serve)
     └────▶ local chat              (deploy.local)

Each prints `listening on URL` or `runtime on URL` when it is ready, and ends when the pipe on its
standard input is closed, which the system does even when the bot is killed.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import CannotGoOn

_READY = re.compile(r"(?:listening|runtime) on (http://\S+)")


class ProcessNotReady(CannotGoOn):
    """A process of ours ended before it was listening; it has said why on standard error."""

    def __init__(self, module: str, code: int) -> None:
        super().__init__(
            f"python -m {module} ended with code {code} before it was ready, for the reason above; "
            "its port and its folder are the settings CHAT_PORT and ARTIFACT"
        )


@dataclass(frozen=True, slots=True)
class LocalProcess:
    """A running stand-in; closing it closes the pipe that keeps it alive."""

    module: str
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, module: str, *arguments: str) -> "LocalProcess":
        """Start `python -m module arguments…` without waiting for it."""
        command = [sys.executable, "-m", module, *arguments, "--until-stdin-closes"]
        return cls(
            module,
            subprocess.Popen(  # noqa: S603, our own modules and no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                process_group=0,  # Ctrl-C is for the bot, which needs them for its goodbye
            ),
        )

    def urls(self, count: int = 1) -> Sequence[str]:
        """Wait until the process listens; the addresses it says, in its order.

        Raises:
            ProcessNotReady: it ended first.
        """
        found: list[str] = []
        for line in self.process.stdout or ():
            if ready := _READY.search(line):
                found.append(ready[1])
            if len(found) == count:
                return found
        raise ProcessNotReady(self.module, self.process.wait())

    def close(self) -> None:
        """Let the process end, and wait for it."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


LOCAL_ENDPOINT = "fechamento-local"
LOCAL_TOKEN = "1000001:the-local-chat-needs-no-secret-token"  # noqa: S105, opens nothing but the loopback
HOST = "127.0.0.1"


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
        runtime: whether the Runtime route is.
    """

    local: LocalProcess | None
    chat: bool
    runtime: bool

    @classmethod
    def start(cls, artifact: Path | None, chat: LocalChat | None, running: ExitStack) -> "StandIns":
        """Start what is needed; `running` ends it again.

        Args:
            artifact: the model to serve here; None when the real endpoint is used.
            chat: the local chat; None when the real Telegram is used.
            running: closes the processes, the one started last first.

        Raises:
            ProcessNotReady: the serving process ended first, its artifact refused for example.
        """
        arguments = ["--token", LOCAL_TOKEN, *(chat.options() if chat else ["--no-chat"])]
        if artifact is not None:
            serving = LocalProcess.start(
                "model", "serve", "--artifact", str(artifact), "--port", "0"
            )
            running.callback(serving.close)
            (upstream,) = serving.urls()
            arguments += ["--runtime-port", "0", "--upstream", upstream]
            arguments += ["--endpoint-name", LOCAL_ENDPOINT]
        elif chat is None:
            return cls(None, chat=False, runtime=False)
        local = LocalProcess.start("deploy.local", *arguments)
        running.callback(local.close)
        return cls(local, chat=chat is not None, runtime=artifact is not None)

    def urls(self) -> tuple[str | None, str | None]:
        """Wait until they listen: addresses of the local chat and of the Runtime route.

        Raises:
            ProcessNotReady: the process ended first, its port taken for example.
        """
        if self.local is None:
            return None, None
        found = list(self.local.urls(self.chat + self.runtime))
        return found.pop(0) if self.chat else None, found.pop(0) if self.runtime else None
