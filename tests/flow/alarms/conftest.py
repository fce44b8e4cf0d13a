"""An intake over records in memory, with AWS in memory beside it."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.flow.alarms.intake import Intake
from tests.alarm_guard import NOW, TOPIC, guard
from tests.fakes_alarms import FakeAlarms
from tests.fakes_aws import FakeMailbox, FakeTopics
from tests.fakes_records import FakeRecords


@dataclass
class Post:
    """Where alarms come in."""

    now: datetime = NOW
    records: FakeRecords = field(default_factory=FakeRecords)
    topics: FakeTopics = field(default_factory=FakeTopics)
    mailbox: FakeMailbox = field(default_factory=FakeMailbox)
    queued: int = 0
    alarms: FakeAlarms = field(init=False)
    intake: Intake = field(init=False)

    def __post_init__(self) -> None:
        self.alarms = FakeAlarms(self.records.tables)
        self.intake = Intake(
            self.alarms, guard(), frozenset({TOPIC}), self.topics, lambda: self.now, self._count
        )

    def _count(self) -> None:
        self.queued += 1

    @property
    def items(self) -> list[str]:
        """The words of what waits in the outbox."""
        return [item.outgoing.content.text for item in self.records.tables.items.values()]


@pytest.fixture
def post() -> Post:
    """Nothing has come yet."""
    return Post()
