"""What operators do about alarms: take them on, silence them, ask what is open.

What is pressed is written down first; the messages in the chats follow by themselves.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.alarms import Alarm
from bot.domain.alarms.keeping import Kept, identity
from bot.flow.alarms.names import Names
from bot.ports.alarms import Alarms, AwsUnavailable, CloudWatch
from bot.ports.forecasting import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Silenced:
    """What came of silencing.

    Attributes:
        kept: the alarms; none when nothing was in alarm.
        until: end of the silence, aware.
        at_the_source: whether CloudWatch keeps them quiet too; None when there is none to ask.
    """

    kept: tuple[Kept, ...]
    until: datetime
    at_the_source: bool | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What is in alarm.

    Attributes:
        going: as far as was told, oldest first, each with the first posting about it, if any.
        elsewhere: what only CloudWatch knows; None when it did not answer.
    """

    going: tuple[tuple[Kept, str | None], ...]
    elsewhere: tuple[Alarm, ...] | None


@dataclass(frozen=True, slots=True)
class Desk:
    """Does what operators ask for.

    Attributes:
        changed: called when a posting has to be written anew.
    """

    alarms: Alarms
    names: Names
    cloudwatch: CloudWatch | None
    clock: Clock
    changed: Callable[[], None]

    async def acknowledge(self, posting: str, person: int, name: str) -> list[Kept]:
        """Somebody takes on what a posting is about; gives what nobody had taken on before.

        Raises:
            StorageUnavailable: nothing was changed.
        """
        self.names.heard(person, name)
        found = await self.alarms.acknowledge(posting, person, self.clock())
        self.changed()
        return found

    async def silence(self, posting: str, hours: int) -> Silenced:
        """Keep what a posting is about quiet, here and if it may be in CloudWatch.

        Raises:
            StorageUnavailable: nothing was changed.
        """
        now = self.clock()
        until = now + timedelta(hours=hours)
        kept = await self.alarms.silence(posting, until)
        self.changed()
        return Silenced(tuple(kept), until, await self._muted(kept, now, until) if kept else None)

    async def about(self, posting: str) -> list[Kept]:
        """What a posting is about, as it stands.

        Raises:
            StorageUnavailable: the database is away.
        """
        return await self.alarms.about(posting)

    async def overview(self) -> Overview:
        """What is in alarm, here and in CloudWatch.

        Raises:
            StorageUnavailable: the database is away.
        """
        going = await self.alarms.open()
        postings = await self.alarms.postings([each.id for each in going])
        known = tuple((each, postings.get(each.id)) for each in going)
        return Overview(known, await self._elsewhere(going))

    async def _elsewhere(self, going: Sequence[Kept]) -> tuple[Alarm, ...] | None:
        if self.cloudwatch is None:
            return ()
        try:
            found = await self.cloudwatch.in_alarm()
        except AwsUnavailable as error:
            log.warning("alarms listed without cloudwatch", extra={"reason": error.reason})
            return None
        told = {each.identity.partition("\n")[0] for each in going}
        return tuple(each for each in found if identity(each) not in told)

    async def _muted(self, kept: Sequence[Kept], now: datetime, until: datetime) -> bool | None:
        """Whether CloudWatch mutes all of them; None when there is none to ask."""
        alarms = [each.says for each in kept if isinstance(each.says, Alarm)]
        if self.cloudwatch is None:
            return None
        try:
            await self.cloudwatch.mute(alarms, now, until)
        except AwsUnavailable as error:
            log.warning("silenced here only", extra={"reason": error.reason})
            return False
        return True
