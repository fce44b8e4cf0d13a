"""AWS as the flow sees it, in memory: alarms that can be muted, topics, a queue, a sink."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from bot.domain.alarms import Alarm
from bot.domain.measures import Measure
from bot.ports.alarms import AwsUnavailable, Parcel
from tests.pictures import png

MOST = 10


@dataclass
class FakeCloudWatch:
    """Fulfils `bot.ports.alarms.CloudWatch`; fails while `failure` is set."""

    alarms: list[Alarm] = field(default_factory=list)
    failure: AwsUnavailable | None = None
    muted: list[tuple[list[str], datetime]] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)

    def _answer(self) -> None:
        if self.failure:
            raise self.failure

    async def in_alarm(self) -> list[Alarm]:
        """All in alarm."""
        self._answer()
        return [each for each in self.alarms if each.state == "ALARM"]

    async def named(self, names: Sequence[str]) -> list[Alarm]:
        """Those of these names."""
        self.asked.append(list(names))
        self._answer()
        return [each for each in self.alarms if each.name in names]

    async def mute(self, alarms: Sequence[Alarm], now: datetime, until: datetime) -> None:
        """Remember it."""
        self._answer()
        if until <= now:
            raise ValueError(f"muted until {until}, and it is {now}")
        self.muted.append(([each.name for each in alarms], until))

    async def picture(self, alarm: Alarm) -> bytes | None:
        """A picture of something."""
        self._answer()
        self.drawn.append(alarm.name)
        return png(1)


@dataclass
class FakeTopics:
    """Fulfils `bot.ports.alarms.Topics`."""

    confirmed: list[tuple[str, str]] = field(default_factory=list)
    failure: AwsUnavailable | None = None

    async def confirm(self, topic: str, token: str) -> None:
        """Remember it."""
        if self.failure:
            raise self.failure
        self.confirmed.append((topic, token))


@dataclass
class FakeMailbox:
    """Fulfils `bot.ports.alarms.Mailbox`: what was not deleted can be received again.

    Attributes:
        failures: raised one after the other, before anything else happens.
        emptied: set when the last message is deleted.
    """

    messages: dict[str, str] = field(default_factory=dict)
    failures: deque[AwsUnavailable] = field(default_factory=deque)
    emptied: asyncio.Event = field(default_factory=asyncio.Event)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def put(self, *bodies: str) -> None:
        """Somebody publishes."""
        for body in bodies:
            self.messages[f"m{next(self.numbers)}"] = body

    async def receive(self) -> Sequence[Parcel]:
        """The first ten."""
        if self.failures:
            raise self.failures.popleft()
        first = list(self.messages.items())[:MOST]
        return [Parcel(body, number, f"receipt of {number}") for number, body in first]

    async def delete(self, parcels: Sequence[Parcel]) -> None:
        """Gone for good."""
        for parcel in parcels:
            self.messages.pop(parcel.number, None)
        if parcels and not self.messages:
            self.emptied.set()


@dataclass
class FakeSink:
    """Fulfils `bot.ports.alarms.MeasuresSink`."""

    sent: list[list[Measure]] = field(default_factory=list)
    failure: AwsUnavailable | None = None

    async def publish(self, measures: Sequence[Measure]) -> None:
        """Remember them."""
        if self.failure:
            raise self.failure
        self.sent.append(list(measures))
