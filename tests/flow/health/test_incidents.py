"""What went wrong, as operators hear of it: at most one notice per kind and ten minutes."""

import logging
from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.operations import Incident, Trouble
from bot.domain.outbox import Content
from bot.domain.places import Place
from bot.errors import StorageUnavailable
from bot.flow.health.incidents import Incidents
from bot.flow.health.notices import Notices
from tests.fakes_records import FakeRecords
from tests.push_day import Watch
from tests.share_bars import at

OPERATORS = (Place(-100, 7),)


def words(incident: Incident) -> Content:
    """All that a notice is about."""
    return Content(
        f"{incident.count} {incident.trouble.name} {incident.first:%H:%M} {incident.code}"
    )


@dataclass
class Desk:
    """Incidents over fakes, codes counted up from c1."""

    watch: Watch = field(default_factory=lambda: Watch(at("2026-07-29T10:00")))
    records: FakeRecords = field(default_factory=FakeRecords)
    codes: "count[int]" = field(default_factory=lambda: count(1))

    def incidents(self, places: tuple[Place, ...] = OPERATORS) -> Incidents:
        """As they are wired."""
        notices = Notices(self.records.outbox, places, self.watch, lambda: None)
        return Incidents(notices, self.watch, lambda: f"c{next(self.codes)}", words)

    def told(self) -> list[str]:
        """The notices in the outbox."""
        return [item.outgoing.content.text for item in self.records.tables.items.values()]


@pytest.fixture
def desk() -> Desk:
    """Ten o'clock, nothing has happened."""
    return Desk()


async def test_the_first_trouble_is_told_at_once_and_the_next_in_ten_minutes(desk: Desk) -> None:
    """An error per second must not be a message per second."""
    incidents = desk.incidents()
    for minute in ("10:00", "10:01", "10:09", "10:10", "10:11"):
        desk.watch.set(f"2026-07-29T{minute}")
        incidents.note(Trouble.ANSWER, ValueError("x"))
        await incidents.tell()

    assert desk.told() == ["1 ANSWER 10:00 c1", "3 ANSWER 10:01 c2"]


async def test_each_kind_is_told_by_itself(desk: Desk) -> None:
    """A failing job must not hide that Telegram is not read."""
    incidents = desk.incidents()
    incidents.note(Trouble.JOB, ValueError("x"))
    incidents.note(Trouble.CONFLICT, ValueError("x"))
    await incidents.tell()

    assert desk.told() == ["1 JOB 10:00 c1", "1 CONFLICT 10:00 c2"]


async def test_what_happens_while_the_database_is_away_is_told_once_it_is_back(desk: Desk) -> None:
    """It is counted in memory meanwhile."""
    incidents = desk.incidents()
    desk.records.outbox.failure = StorageUnavailable("disk full")
    incidents.note(Trouble.STORAGE, StorageUnavailable("disk full"))
    await incidents.tell()
    incidents.note(Trouble.STORAGE, StorageUnavailable("disk full"))
    await incidents.tell()
    desk.records.outbox.failure = None
    await incidents.tell()

    assert desk.told() == ["2 STORAGE 10:00 c1"]


async def test_a_notice_that_could_not_be_queued_keeps_the_distance_to_the_one_before(
    desk: Desk,
) -> None:
    """Ten minutes count from what was told, not from what was tried."""
    incidents = desk.incidents()
    incidents.note(Trouble.JOB, ValueError("x"))
    await incidents.tell()
    desk.watch.set("2026-07-29T10:10")
    incidents.note(Trouble.JOB, ValueError("x"))
    desk.records.outbox.failure = StorageUnavailable("locked")
    await incidents.tell()
    desk.records.outbox.failure = None
    await incidents.tell()

    assert desk.told() == ["1 JOB 10:00 c1", "1 JOB 10:10 c2"]


async def test_a_clock_that_was_set_back_silences_nobody(desk: Desk) -> None:
    """Otherwise an hour's correction would be an hour without news."""
    incidents = desk.incidents()
    incidents.note(Trouble.JOB, ValueError("x"))
    await incidents.tell()
    desk.watch.set("2026-07-29T09:00")
    incidents.note(Trouble.JOB, ValueError("x"))
    await incidents.tell()

    assert len(desk.told()) == 2


async def test_without_operators_chats_everything_is_in_the_log_alone(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing piles up either."""
    incidents = desk.incidents(places=())
    code = incidents.note(Trouble.JOB, ValueError("x"))
    await incidents.tell()
    (record,) = caplog.records

    assert (desk.told(), code) == ([], "c1")
    assert (record.levelno, record.getMessage(), vars(record)["code"]) == (
        logging.ERROR,
        "background job failed",
        "c1",
    )
    assert record.exc_info is not None


@given(st.lists(st.tuples(st.sampled_from(Trouble), st.integers(0, 400)), max_size=30))
async def test_every_incident_is_counted_in_exactly_one_notice(
    happened: list[tuple[Trouble, int]],
) -> None:
    """Whenever they come: none is lost, none told twice, never two of a kind in ten minutes."""
    desk = Desk()
    incidents, second = desk.incidents(), 0
    for trouble, later in happened:
        second += later
        desk.watch.now = at("2026-07-29T08:00").fromtimestamp(
            at("2026-07-29T08:00").timestamp() + second, at("2026-07-29T08:00").tzinfo
        )
        incidents.note(trouble, ValueError("x"))
        await incidents.tell()
    desk.watch.set("2026-07-29T23:00")
    await incidents.tell()
    counts = {kind: sum(kind is one for one, _ in happened) for kind in Trouble}
    told = dict.fromkeys(Trouble, 0)
    for text in desk.told():
        number, name, *_ = text.split()
        told[Trouble[name]] += int(number)

    assert told == counts


async def test_notices_say_nothing_of_what_the_exception_says(desk: Desk) -> None:
    """Exception texts carry addresses with tokens in them."""
    incidents = desk.incidents()
    incidents.note(Trouble.JOB, ValueError("the secret"))
    await incidents.tell()

    assert "secret" not in desk.told()[0]
