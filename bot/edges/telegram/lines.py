"""Lines at one counter: whoever came first is next, of those whose line has a turn left.

    add ─▶ line ─▶ ready, while its line has fewer than `turns` under way ─▶ next ─▶ ended

A long line waits behind its own turns and not in front of others.  Nothing here knows what waits.
"""

from collections import Counter, deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(slots=True)
class Lines(Generic[K, T]):
    """Keeps the order.

    Attributes:
        turns: how many of one line may be under way.
        under_way: how many are, of all lines together.
    """

    turns: int
    under_way: int = 0
    _waiting: int = 0
    _number: int = 0
    _lines: dict[K, deque[tuple[int, T]]] = field(default_factory=dict)
    _ready: list[tuple[int, K]] = field(default_factory=list)
    _begun: Counter[K] = field(default_factory=Counter)

    def __len__(self) -> int:
        """How many wait."""
        return self._waiting

    @property
    def ready(self) -> int:
        """How many lines have a turn left and somebody who waits for it."""
        return len(self._ready)

    def length(self, key: K) -> int:
        """How many wait in a line."""
        return len(self._lines.get(key, ()))

    def add(self, key: K, item: T) -> None:
        """Let `item` wait at the end of a line."""
        line = self._lines.setdefault(key, deque())
        line.append((self._number, item))
        self._number += 1
        self._waiting += 1
        if len(line) == 1 and self._begun[key] < self.turns:
            heappush(self._ready, (line[0][0], key))

    def next(self) -> T:
        """The oldest that is ready, which is under way then.

        Raises:
            IndexError: none is ready.
        """
        _, key = heappop(self._ready)
        line = self._lines[key]
        _, item = line.popleft()
        self._waiting -= 1
        self.under_way += 1
        self._begun[key] += 1
        if not line:
            del self._lines[key]
        elif self._begun[key] < self.turns:
            heappush(self._ready, (line[0][0], key))
        return item

    def ended(self, key: K) -> None:
        """One of a line is no longer under way."""
        self.under_way -= 1
        self._begun[key] -= 1
        if self._begun[key] == self.turns - 1 and key in self._lines:
            heappush(self._ready, (self._lines[key][0][0], key))
        if not self._begun[key]:
            del self._begun[key]

    def clear(self) -> list[T]:
        """Send everybody away who waits; gives them, line by line."""
        left = [item for line in self._lines.values() for _, item in line]
        self._lines.clear()
        self._ready.clear()
        self._waiting = 0
        return left
