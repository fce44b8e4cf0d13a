"""The one path after both ways in: kept and queued in one transaction, or not taken at all.

Whoever brought the mail acknowledges it only after `take` has returned.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.alarms import Text
from bot.domain.alarms.mail import Arrived, Confirmation, Farewell, Mail
from bot.flow.alarms.telling import Telling
from bot.ports.alarms import Alarms, Topics
from bot.ports.forecasting import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes mail.

    Attributes:
        topics: ARNs whose subscriptions are confirmed.
        subscriptions: confirms them.
        queued: called when something was queued, or an alarm has changed.
    """

    alarms: Alarms
    telling: Telling
    topics: frozenset[str]
    subscriptions: Topics
    clock: Clock
    queued: Callable[[], None]

    async def take(self, mail: Sequence[Mail]) -> int:
        """Keep it, and queue what operators are to read; gives how many messages are new.

        Raises:
            StorageUnavailable: nothing was taken.
            AwsUnavailable: a subscription could not be confirmed; nothing was taken.
        """
        arrived = [await self._arrived(each) for each in mail]
        now = self.clock()
        new = await self.alarms.take(arrived, self.telling.judge_at(now), now)
        if new:
            self.queued()
        log.info("alarm mail taken", extra={"count": len(mail), "new": new})
        return new

    async def _arrived(self, mail: Mail) -> Arrived:
        """What operators are told of it."""
        match mail:
            case Arrived():
                return mail
            case Farewell():
                says = self.telling.words.unsubscribed(mail.topic)
            case Confirmation():
                says = await self._confirmed(mail)
        return Arrived(mail.message_id, says.subject, says.body, mail.moment)

    async def _confirmed(self, mail: Confirmation) -> Text:
        if mail.topic not in self.topics:
            log.warning("subscription not confirmed", extra={"topic": mail.topic})
            return self.telling.words.unconfirmed(mail.topic)
        await self.subscriptions.confirm(mail.topic, mail.token)
        return self.telling.words.confirmed(mail.topic)
