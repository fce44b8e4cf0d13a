"""A process of our own that lives and dies with the bot.

It prints `listening on URL` or `runtime on URL` when it is ready, and ends when the pipe on its
standard input is closed, which the system does even when the bot is killed.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import CannotGoOn

_READY = re.compile(r"(?:listening|runtime) on (http://\S+)")
_GOODBYE_SECONDS = 3


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

    def ended(self) -> int:
        """Wait for its end; gives the exit code, negative for the signal that killed it."""
        return self.process.wait()

    def close(self) -> None:
        """Let the process end, and wait for it; does no harm when it has ended."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(timeout=_GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
