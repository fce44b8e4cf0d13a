"""What follows from the outcome of one try: the item's end, or when it is tried again.

    Telegram wants to be left alone   nothing is pushed to anybody until that is over
    known not to have arrived         all pause for 1, 2, 4 … 60 s; so does the item, by its tries
    may have arrived                  this item waits 2, 4, 8 … 300 s, the others go on
    moved                             again at once, where the chat is now

Nothing is ever given up here: items that are not worth sending any more expire in the outbox.  The
item's own wait grows as well, so that one which always fails does not hold up all others.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.outbox import Closed, Moved, NotSent, Outcome, Outgoing, Refused, Result, Sent

log = logging.getLogger(__name__)

PAUSE_AT_MOST = 60.0
DOUBT_AT_MOST = 300.0
"""Seconds."""


class Pace(Protocol):
    """How fast messages may be pushed; counts them where they leave."""

    def wait(self, chat: int) -> float:
        """Seconds until something may be pushed to `chat`; 0 when it may be now."""

    def hold(self, seconds: float) -> None:
        """Let nothing be pushed to anybody for so long."""


class SendWaits:
    """Remembers how long Telegram has been out of reach; `monotonic` gives seconds."""

    def __init__(self, pace: Pace, monotonic: Callable[[], float]) -> None:
        self._pace = pace
        self._monotonic = monotonic
        self._failures = 0
        self._quiet_until = 0.0

    def quiet(self) -> float:
        """Seconds for which nothing is worth a try; 0 as a rule."""
        return max(0.0, self._quiet_until - self._monotonic())

    def result(self, item: Outgoing, outcome: Outcome, now: datetime) -> Result:
        """The result to record for a try that ended at `now`."""
        if not isinstance(outcome, Sent):
            told = {"item": item.id, "kind": item.occasion.kind.value, "outcome": repr(outcome)}
            log.warning("message not sent", extra=told)
        wait = self._wait(item, outcome)
        return Result(item, outcome, None if wait is None else now + timedelta(seconds=wait))

    def _wait(self, item: Outgoing, outcome: Outcome) -> float | None:
        if isinstance(outcome, NotSent) and outcome.wait is None:
            return self._pause(item.tries)
        if isinstance(outcome, NotSent | Sent | Refused | Closed | Moved):
            self._failures = 0  # it answered
        match outcome:
            case NotSent(wait=timedelta() as wait):
                self._pace.hold(wait.total_seconds())
                return wait.total_seconds()
            case Moved():
                return 0.0
            case Sent() | Refused() | Closed():
                return None
            case _:
                return growing(item.tries + 1, DOUBT_AT_MOST)

    def _pause(self, tries: int) -> float:
        now = self._monotonic()
        if now >= self._quiet_until:  # not when several on their way fail at once
            self._quiet_until = now + growing(self._failures, PAUSE_AT_MOST)
            self._failures += 1
        return max(self._quiet_until - now, growing(tries, PAUSE_AT_MOST))


def growing(tries: int, at_most: float) -> float:
    """Seconds to wait after so many tries in vain: 1, 2, 4 and so on."""
    return min(2.0 ** min(tries, 30), at_most)
