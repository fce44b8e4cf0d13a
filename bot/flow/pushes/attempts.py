"""What this process has done of its duties, so that a tick each minute does each thing once.

    key ─open?─▶ try ─▶ settled, or what is left of it, which is tried again a while later

Forgotten with the process: everything behind it is idempotent, so doing it twice changes nothing.
A clock set back makes a try of its future count as long ago.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Left = TypeVar("Left")

MOST_KEPT = 2_000
"""More than the minutes of a day; what is older is of days gone by."""


@dataclass(frozen=True, slots=True)
class _Try(Generic[Left]):
    at: datetime
    left: Left | None


@dataclass(slots=True)
class Attempts(Generic[Key, Left]):
    """Tries by key; `pause` lies between two tries of the same."""

    pause: timedelta
    _tries: dict[Key, _Try[Left]] = field(default_factory=dict)

    def open(self, key: Key, now: datetime) -> bool:
        """Whether it is time to try: never tried, or something was left a pause ago."""
        last = self._tries.get(key)
        if last is None:
            return True
        return last.left is not None and not last.at <= now < last.at + self.pause

    def left(self, key: Key) -> Left | None:
        """What the last try left; None when it was never tried or nothing is left."""
        last = self._tries.get(key)
        return last.left if last else None

    def tried(self, key: Key, now: datetime, left: Left | None = None) -> None:
        """Remember a try and what it left."""
        self._tries.pop(key, None)
        self._tries[key] = _Try(now, left)
        if len(self._tries) > MOST_KEPT:
            del self._tries[next(iter(self._tries))]

    def forget(self) -> None:
        """Everything is open again."""
        self._tries.clear()
