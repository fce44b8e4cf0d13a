"""Notices of starting and stopping: queued like everything else, never in the way."""

import asyncio
from collections.abc import Callable

import pytest

from bot.domain.outbox import Content, Kind, Occasion
from bot.domain.places import Place
from bot.errors import StorageUnavailable
from bot.flow.health.notices import Notices
from tests.fakes_records import FakeRecords
from tests.push_day import Watch
from tests.share_bars import at

UP = Content("Bot no ar, versão 1.")


@pytest.fixture
def watch() -> Watch:
    """Ten o'clock."""
    return Watch(at("2026-07-29T10:00"))


@pytest.fixture
def records() -> FakeRecords:
    """Nothing is queued."""
    return FakeRecords()


def nobody() -> None:
    """Nobody listens."""


def notices(records: FakeRecords, watch: Watch, queued: Callable[[], None] = nobody) -> Notices:
    """Two operators' chats, one a topic of a forum."""
    return Notices(records.outbox, (Place(5), Place(-100, 7)), watch, queued)


async def test_a_notice_goes_to_every_operators_chat_for_a_day(
    records: FakeRecords, watch: Watch
) -> None:
    """After that it is no news any more."""
    nudges: list[None] = []
    told = notices(records, watch, lambda: nudges.append(None))
    await told.say_at_most_once_a_minute("started", UP)
    items = list(records.tables.items.values())

    assert [item.outgoing.place for item in items] == [Place(5), Place(-100, 7)]
    assert {(item.outgoing.occasion, item.outgoing.content, item.expires) for item in items} == {
        (Occasion(Kind.NOTICE, "started 10:00", watch().date()), UP, at("2026-07-30T10:00"))
    }
    assert len(nudges) == 1


async def test_a_bot_that_restarts_all_the_time_says_so_once_a_minute(
    records: FakeRecords, watch: Watch
) -> None:
    """A crash every second must not fill the operators' chat."""
    told = notices(records, watch)
    for moment in ("10:00", "10:00", "10:00", "10:01"):
        watch.set(f"2026-07-29T{moment}")
        await told.say_at_most_once_a_minute("started", UP)

    assert len(records.tables.items) == 2 * 2


async def test_a_database_that_is_away_does_not_keep_the_bot_from_starting(
    records: FakeRecords, watch: Watch
) -> None:
    """The notice is lost, the log has it."""
    records.outbox.failure = StorageUnavailable("locked")

    await notices(records, watch).say_at_most_once_a_minute("started", UP)

    assert records.tables.items == {}


async def test_the_last_notice_is_queued_before_anybody_tries_to_send_it(
    records: FakeRecords, watch: Watch
) -> None:
    """If it cannot be sent now, whoever leads next sends it."""
    seen: list[int] = []

    async def send() -> None:
        seen.append(len(records.tables.items))

    await notices(records, watch).say_goodbye("stopped", UP, send)

    assert seen == [2]


async def test_stopping_waits_for_nobody(records: FakeRecords, watch: Watch) -> None:
    """A supervisor kills what does not stop."""
    for_ever = asyncio.Event()

    await notices(records, watch).say_goodbye("stopped", UP, for_ever.wait, patience=0)

    assert len(records.tables.items) == 2  # for whoever leads next
