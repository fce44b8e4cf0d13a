"""One process at a time on a SQLite database: a lock that the operating system takes back itself.

`flock` belongs to the process and ends with it, however it ends; a file that merely exists would
survive a power cut.  Linux and macOS; Windows has no flock, there the bot runs under WSL.
"""

import fcntl
from pathlib import Path
from typing import IO, Self

from bot.edges.database.errors import DatabaseInUse


class FileLock:
    """Holds `file`, which is made if need be and stays, empty."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._handle: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def take(self) -> None:
        """Hold the lock.

        Raises:
            DatabaseInUse: somebody else holds it.
        """
        handle = self._file.open("ab")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            raise DatabaseInUse from None
        self._handle = handle

    def release(self) -> None:
        """Let it go; nothing happens when it is not held."""
        if self._handle:
            self._handle.close()
        self._handle = None
