"""Postings that stand in chats already: written anew when their alarms change, given pictures.

There is no queue of edits: a posting remembers how often its alarms have changed, and which of
these states it shows.  One that is behind is written anew, by its newest state alone.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.alarms import Alarm
from bot.domain.alarms.keeping import Kept, Posted
from bot.domain.outbox import Content, NotSent, Outcome, Refused, Unknown
from bot.domain.places import Place
from bot.flow.alarms.telling import Telling
from bot.flow.outbox.send_waits import growing
from bot.ports.alarms import AlarmMessages, Alarms, AwsUnavailable, CloudWatch

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Postings that are read together."""
PAUSE_AT_MOST = 60.0
"""Seconds."""


@dataclass(slots=True)
class Postings:
    """Keeps postings up to date; belongs to one event loop."""

    alarms: Alarms
    telling: Telling
    messages: AlarmMessages
    cloudwatch: CloudWatch | None
    monotonic: Callable[[], float]
    _failures: int = field(default=0, init=False)
    _quiet_until: float = field(default=0.0, init=False)

    async def refresh(self) -> float:
        """Bring what is behind up to date, then add one picture; gives seconds to wait, or 0.

        Raises:
            StorageUnavailable: what was not written down is done again.
        """
        if (wait := self._quiet_until - self.monotonic()) > 0:
            return wait
        for posted in await self.alarms.outdated(AT_ONCE):
            if not await self._rewritten(posted):
                return self._quiet_until - self.monotonic()
        await self._picture()
        return 0.0

    async def _rewritten(self, posted: Posted) -> bool:
        await self._learn_names(posted)
        content = self.telling.again(posted)
        for place, message_id in posted.messages:
            outcome = await self._edit(place, message_id, content)
            if isinstance(outcome, NotSent | Unknown):
                self._wait(outcome)
                return False
        self._failures = 0
        await self.alarms.shown(posted.subject, posted.version)
        return True

    async def _edit(self, place: Place, message_id: int, content: Content) -> Outcome:
        outcome = await self.messages.edit(place, message_id, content)
        if isinstance(outcome, Refused):
            log.warning("alarm message not edited", extra={"reason": outcome.reason})
        return outcome

    def _wait(self, outcome: NotSent | Unknown) -> None:
        """Leave Telegram alone for as long as it says, or longer each time."""
        wanted = (
            outcome.wait.total_seconds() if isinstance(outcome, NotSent) and outcome.wait else 0
        )
        self._quiet_until = self.monotonic() + (wanted or growing(self._failures, PAUSE_AT_MOST))
        self._failures += 1
        log.warning("alarm message not edited yet", extra={"reason": outcome.reason})

    async def _learn_names(self, posted: Posted) -> None:
        """Names are not kept; after a restart Telegram is asked for them."""
        names = self.telling.names
        for person in {each.acknowledged_by for each in posted.members} - {None}:
            if person is not None and names.of(person) is None and posted.messages:
                chat = posted.messages[0][0].chat_id
                names.heard(person, await self.messages.first_name(chat, person))

    async def _picture(self) -> None:
        """One at a time, tried once: words have told everything already."""
        if self.cloudwatch is None or not self.telling.pictures:
            return
        posted = await self.alarms.unpictured()
        png = await self._drawn(posted.members, self.cloudwatch) if posted else None
        if posted is None or png is None:
            return
        for place, message_id in posted.messages:
            outcome = await self.messages.picture(place, message_id, png)
            log.info("picture of an alarm sent", extra={"outcome": type(outcome).__name__})

    async def _drawn(self, members: tuple[Kept, ...], cloudwatch: CloudWatch) -> bytes | None:
        alarms = [each.says for each in members if isinstance(each.says, Alarm)]
        if len(alarms) != 1:
            return None
        try:
            return await cloudwatch.picture(alarms[0])
        except AwsUnavailable as error:
            log.info("no picture of an alarm", extra={"reason": error.reason})
            return None
