"""Notices when polling has died without saying so, which half-open connections do to it.

    getUpdates answered ─▶ heard()        90 s without ─▶ operators told ─▶ exit code 3, restarted

A connection that the network has dropped can leave a poll waiting for ever, and the bot mute for
hours.  Seconds come from a counter that never goes back.  With a webhook there is nothing to watch.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from telegram.request import BaseRequest

from bot.domain.operations import Trouble
from bot.flow.health.incidents import Incidents

log = logging.getLogger(__name__)

SILENCE_SECONDS = 90.0
"""Three polls of 30 seconds; Telegram answers each, with nothing if nothing came."""

LOOK_SECONDS = 5.0

STALLED = 3
"""Exit code that tells a supervisor: start me again."""

OK = 200


class HeardRequest(BaseRequest):
    """Another request object, with somebody who is told of each answer that it got."""

    def __init__(self, inner: BaseRequest, heard: Callable[[], object]) -> None:
        self._inner = inner
        self._heard = heard

    @property
    def read_timeout(self) -> float | None:
        """As the inner one's."""
        return self._inner.read_timeout

    async def initialize(self) -> None:
        """Begin the inner one."""
        await self._inner.initialize()

    async def shutdown(self) -> None:
        """End the inner one."""
        await self._inner.shutdown()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """As the inner one; an answer that is no error counts as heard.

        Raises:
            TelegramError: as the inner one raised it.
        """
        code, payload = await self._inner.do_request(*args, **kwargs)
        if code == OK:
            self._heard()
        return code, payload


@dataclass(slots=True)
class Watchdog:
    """Knows how long ago a poll was answered.

    Attributes:
        incidents: takes the news to the operators.
        monotonic: seconds that never go back.
        sleep: waits for some seconds.
    """

    incidents: Incidents
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    _heard_at: float = 0.0

    def heard(self) -> None:
        """A poll was answered."""
        self._heard_at = self.monotonic()

    def hears(self) -> bool:
        """Whether a poll was answered lately."""
        return self.monotonic() - self._heard_at < SILENCE_SECONDS

    async def watch(self) -> int:
        """Return an exit code once polling has been silent for too long, operators told.

        Begin to watch when polling begins.
        """
        self.heard()
        while (silent := self.monotonic() - self._heard_at) < SILENCE_SECONDS:
            await self.sleep(LOOK_SECONDS)
        log.critical("polling stalled", extra={"seconds": round(silent)})
        self.incidents.report(Trouble.POLLING, None, self.incidents.code())
        await self.incidents.tell()
        return STALLED
