"""What went wrong: the log has everything, the operators one notice per kind and ten minutes.

    note() ─▶ log with traceback and code
          └─▶ counted ──tell(), every few seconds──▶ "3 erros, o primeiro às 10:02: código c0de01"

Notices carry a kind, a count, an hour and a code: never an exception's text, which may hold
anything.  What happens while the database is away is told once it is back.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.operations import Incident, Trouble
from bot.domain.outbox import Content
from bot.errors import StorageUnavailable
from bot.flow.health.notices import Notices
from bot.ports.forecasting import Clock

log = logging.getLogger(__name__)

TOLD_EVERY = timedelta(minutes=10)

Note = Callable[[Trouble, BaseException], str]
"""Takes what went wrong, gives the code that finds it in the log."""


def logged(trouble: Trouble, error: BaseException | None, code: str) -> None:
    """Write what went wrong with its traceback."""
    log.error(trouble.value, extra={"code": code}, exc_info=error)


@dataclass(frozen=True, slots=True)
class Incidents:
    """Counts what went wrong and tells the operators.

    Attributes:
        code: makes a short code.
        words: the notice for what happened since the last one of its kind.
    """

    notices: Notices
    clock: Clock
    code: Callable[[], str]
    words: Callable[[Incident], Content]
    _waiting: dict[Trouble, Incident] = field(default_factory=dict)
    _told: dict[Trouble, datetime] = field(default_factory=dict)

    def note(self, trouble: Trouble, error: BaseException) -> str:
        """Log `error`, count it, and give the code that finds it in the log."""
        code = self.code()
        self.report(trouble, error, code)
        return code

    def report(self, trouble: Trouble, error: BaseException | None, code: str) -> None:
        """Log and count what has a code already."""
        logged(trouble, error, code)
        one = Incident(trouble, 1, self.clock(), code)
        before = self._waiting.get(trouble)
        self._waiting[trouble] = before.and_then(one) if before else one

    async def tell(self) -> None:
        """Queue the notices that are due; called every few seconds."""
        for incident in self._due():
            before = self._told.get(incident.trouble)
            del self._waiting[incident.trouble]
            self._told[incident.trouble] = self.clock()
            try:
                subject = f"{incident.trouble.value} {incident.code}"
                await self.notices.put(subject, self.words(incident))
            except StorageUnavailable as error:
                log.warning("incident not told yet", extra={"reason": error.reason})
                self._take_back(incident, before)

    def _due(self) -> list[Incident]:
        now = self.clock()
        told = {trouble for trouble, at in self._told.items() if at <= now < at + TOLD_EVERY}
        return [one for trouble, one in self._waiting.items() if trouble not in told]

    def _take_back(self, incident: Incident, told: datetime | None) -> None:
        self._waiting[incident.trouble] = incident.and_then(self._waiting.get(incident.trouble))
        if told is None:
            del self._told[incident.trouble]
        else:
            self._told[incident.trouble] = told
