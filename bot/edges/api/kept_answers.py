"""Answers written once and given to all who ask within the next seconds.

    key ──▶ kept and holding? ──▶ bytes
                └─ no ──▶ one draft for all askers ──▶ same as before? ──▶ the earlier bytes

A draft that says nothing new keeps the earlier bytes, and so their `ETag` and their moment.  All by
the clock that is given: one set back makes answers of its future stale.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.ports.forecasting import Clock
from bot.single_flight import SingleFlight

HOLD = timedelta(seconds=5)
"""An answer is this much older than the chat's at most, and made anew this often at most."""

MOST_KEPT = 1_024
"""Two answers for each share that B3 lists and people ask about on one day."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it is written.

    Attributes:
        tell: what it says, given the moment at which it was first said; compared by value.
        write: makes the bytes of what `tell` gave.
        until: when it may begin to say something else, aware.
    """

    tell: Callable[[datetime], object]
    write: Callable[[Any], bytes]
    until: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A written answer.

    Attributes:
        body: what is sent.
        etag: strong validator, quoted, made from the body.
        until: when it may begin to say something else, aware.
    """

    body: bytes
    etag: str
    until: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Answer
    told: object
    said_at: datetime
    since: datetime
    hold: datetime

    def holds(self, now: datetime) -> bool:
        return self.since <= now < self.hold


class KeptAnswers:
    """A bounded memory of answers; belongs to one event loop."""

    def __init__(self, clock: Clock, most: int = MOST_KEPT) -> None:
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._drafting: SingleFlight[Answer] = SingleFlight()

    async def ask(self, key: Hashable, draft: Callable[[], Awaitable[Draft]]) -> Answer:
        """The kept answer to `key`, or a new one.

        Raises:
            Exception: whatever `draft` raises; it is not remembered.
        """
        kept = self._kept.get(key)
        if kept is not None and kept.holds(self._clock()):
            return kept.answer
        return await self._drafting.ask(key, lambda: self._renewed(key, draft))

    async def _renewed(self, key: Hashable, draft: Callable[[], Awaitable[Draft]]) -> Answer:
        drafted = await draft()
        kept = _kept(drafted, self._kept.get(key), self._clock())
        self._kept[key] = kept
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return kept.answer


def _kept(draft: Draft, before: _Kept | None, now: datetime) -> _Kept:
    hold = min(draft.until, now + HOLD)
    if before is not None and before.said_at <= now and draft.tell(before.said_at) == before.told:
        answer = replace(before.answer, until=draft.until)
        return replace(before, answer=answer, since=now, hold=hold)
    told = draft.tell(now)
    body = draft.write(told)
    return _Kept(Answer(body, etag_of(body), draft.until), told, now, now, hold)


def etag_of(body: bytes) -> str:
    """A strong validator: the same for the same bytes, in whatever process."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
