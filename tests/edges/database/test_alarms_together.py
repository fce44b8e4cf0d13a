"""Alarms taken by several at once, and taken by halves: what only a real database can get wrong."""

import asyncio

import pytest
from sqlalchemy import func, select

from bot.domain.alarms import Alarm, Text
from bot.domain.alarms.keeping import Known
from bot.domain.alarms.mail import Arrived
from bot.edges.database.alarms import KeptAlarms
from bot.edges.database.opening import Database
from bot.edges.database.tables import METADATA
from bot.errors import StorageUnavailable
from bot.ports.alarms import Judge, Verdict
from tests.alarm_guard import NOW, arrived, guard, later

pytest_plugins = ["tests.databases"]


async def rows(database: Database) -> dict[str, int]:
    """How many rows the tables have that have any."""
    counts = {
        name: await database.read(
            lambda connection, table=table: (  # type: ignore[misc]
                connection.scalar(select(func.count()).select_from(table))
            )
        )
        for name, table in METADATA.tables.items()
    }
    return {name: count for name, count in counts.items() if count}


async def taken(alarms: KeptAlarms, mail: Arrived) -> int:
    """Whether a message was new; as the queue does, it comes again while others are in the way."""
    while True:
        try:
            return await alarms.take([mail], guard().judge_at(NOW), NOW)
        except StorageUnavailable:
            continue


async def test_an_alarm_and_its_end_taken_at_the_same_time_leave_nothing_open(
    database: Database,
) -> None:
    """Two processes each have one of them in hand; neither may miss the other's."""
    alarms = KeptAlarms(database)
    changes = [
        arrived(f"host-{each}", state, later(minutes=minutes))
        for each in range(20)
        for state, minutes in (("OK", 5), ("ALARM", 0))
    ]
    new = await asyncio.gather(*(taken(alarms, each) for each in changes))

    assert sum(new) == 40
    assert await alarms.open() == []


async def test_a_message_taken_twice_at_the_same_time_is_kept_once(database: Database) -> None:
    """The queue gave it out again because somebody was slow."""
    same = [taken(KeptAlarms(database), arrived("cpu")) for _ in range(8)]

    assert sum(await asyncio.gather(*same)) == 1


def failing_at(second: str, judge: Judge) -> Judge:
    """Judges all but one."""

    def decide(mail: Arrived, says: Alarm | Text, known: Known) -> Verdict:
        if isinstance(says, Alarm) and says.name == second:
            raise ZeroDivisionError
        return judge(mail, says, known)

    return decide


async def test_what_fails_half_way_leaves_nothing_behind(database: Database) -> None:
    """No row, no item: all of it comes again."""
    judge = failing_at("disk", guard().judge_at(NOW))
    with pytest.raises(ZeroDivisionError):
        await KeptAlarms(database).take([arrived("cpu"), arrived("disk")], judge, NOW)

    assert await rows(database) == {}


async def test_forgetting_leaves_no_loose_ends(database: Database) -> None:
    """Postings of forgotten alarms are forgotten with them."""
    alarms = KeptAlarms(database)
    await alarms.take(
        [arrived("cpu"), arrived("cpu", "OK", later(minutes=1))], guard(usual=()).judge_at(NOW), NOW
    )
    await alarms.take([arrived("disk", "OK")], guard().judge_at(NOW), NOW)
    await alarms.forget(later(days=1))

    assert set(await rows(database)) == {"contents", "outbox"}
