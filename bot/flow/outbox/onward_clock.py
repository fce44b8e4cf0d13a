"""A time of day that neither stands still nor goes back, whatever is done to the machine's clock.

Items are stamped with the time of day at which they may be sent.  If the machine's clock is turned
back by an hour, they are not to wait for an hour: from then on the time goes on from the latest
that was seen, as fast as the monotonic clock does.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.ports.forecasting import Clock


class OnwardClock:
    """Follows `clock` forwards only; `monotonic` gives seconds that never go back."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float]) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._latest: datetime | None = None
        self._seen = 0.0

    def __call__(self) -> datetime:
        """The time of day, aware; never earlier than what was given before."""
        now, seen = self._clock(), self._monotonic()
        if self._latest is not None:
            now = max(now, self._latest + timedelta(seconds=seen - self._seen))
        self._latest, self._seen = now, seen
        return now
