"""What happens when a stand-in ends by itself: one is started again, the other ends the bot.

    Keeper:  ended ─▶ one warning ─▶ pause ─▶ started again     pauses of ½, 1, 2 … 60 seconds
    Mourner: ended ─▶ one warning ─▶ SIGTERM to the bot         what was in its memory is lost

Each waits in a thread of its own, and closing it ends its process without any of this.
"""

import logging
import signal
import threading
import time
from _thread import interrupt_main
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import CannotGoOn

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
STEADY_SECONDS = 60.0
"""After so long a life the next pause is the first one again."""

_REMINDER_SECONDS = 1.0


class Process(Protocol):
    """A process that runs beside the bot."""

    @property
    def module(self) -> str:
        """What it runs."""

    def ended(self) -> int:
        """Wait for its end; gives the exit code."""

    def close(self) -> None:
        """End it, and wait for that; does no harm when it has ended."""


class ChatDied(CannotGoOn):
    """The local chat ended, and nobody can talk to the bot any more.

    Attributes:
        code: its exit code, negative for the signal that killed it.
    """

    def __init__(self, code: int) -> None:
        super().__init__(
            f"the local chat ended by itself (python -m deploy.local, code {code}), and what was "
            "said in it is gone with it: start the bot again"
        )
        self.code = code


@dataclass(slots=True)
class Pauses:
    """How long to wait before a process is started again, in seconds."""

    _coming: float = FIRST_PAUSE

    def after(self, lived: float) -> float:
        """The pause after a life of so many seconds; twice the one before, unless it was long."""
        if lived >= STEADY_SECONDS:
            self._coming = FIRST_PAUSE
        pause, self._coming = self._coming, min(2 * self._coming, LONGEST_PAUSE)
        return pause


@dataclass(slots=True)
class Keeper:
    """Starts a process again whenever it ends by itself.

    Attributes:
        process: the one that runs, or ran last.
        again: starts another one in its place; raises OSError when the system has no room for it.
        monotonic: seconds that never go back.
        wait: waits for the event, so many seconds at most; gives whether it is set.
    """

    process: Process
    again: Callable[[], Process]
    monotonic: Callable[[], float] = time.monotonic
    wait: Callable[[threading.Event, float], bool] = threading.Event.wait
    _closing: threading.Event = field(default_factory=threading.Event)
    _changing: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the process for good."""
        self._closing.set()
        with self._changing:
            self.process.close()
        self._thread.join()

    def _keep(self) -> None:
        pauses = Pauses()
        while True:
            began = self.monotonic()
            code = self.process.ended()
            pause = pauses.after(self.monotonic() - began)
            if self._closing.is_set():
                return
            told = {"program": self.process.module, "code": code, "again_in_seconds": pause}
            log.warning("local process ended by itself", extra=told)
            if self.wait(self._closing, pause):
                return
            self._renew()

    def _renew(self) -> None:
        with self._changing:
            if self._closing.is_set():
                return
            self.process.close()  # its pipes
            try:
                self.process = self.again()
            except OSError as error:  # the dead one stays, and is found dead after the next pause
                log.warning("local process not started", extra={"error": repr(error)})


@dataclass(slots=True)
class Mourner:
    """Ends the bot when the local chat ends by itself.

    Attributes:
        process: the local chat.
        tell: asks the bot to end; repeated until it does, as it may not be listening yet.
    """

    process: Process
    tell: Callable[[], object] = lambda: interrupt_main(signal.SIGTERM)
    _closing: threading.Event = field(default_factory=threading.Event)
    _code: int = 0
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._watch, name="mourner", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the chat.

        Raises:
            ChatDied: it had ended by itself already, and not in order.
        """
        self._closing.set()
        self.process.close()
        self._thread.join()
        if self._code:
            raise ChatDied(self._code)

    def _watch(self) -> None:
        code = self.process.ended()
        if self._closing.is_set():
            return
        self._code = code
        log.warning("local chat ended by itself, so the bot ends too", extra={"code": code})
        self.tell()
        while not self._closing.wait(_REMINDER_SECONDS):
            self.tell()
