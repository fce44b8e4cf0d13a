"""Rounds when something is away; what they do when all is well is in `tests/conversations`."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.domain.outbox import Content, NotSent, Outcome, Refused, Result, Sent
from bot.domain.places import Place
from bot.errors import StorageUnavailable
from bot.flow.alarms.postings import Postings
from bot.flow.alarms.rounds import Rounds
from tests.alarm_guard import OPERATOR, arrived
from tests.flow.alarms.conftest import Post


@dataclass
class FakeMessages:
    """Fulfils `bot.ports.alarms.AlarmMessages`: the outcomes told, then all is well."""

    outcomes: list[Outcome] = field(default_factory=list)
    edits: list[tuple[int, str]] = field(default_factory=list)
    edited: asyncio.Event = field(default_factory=asyncio.Event)

    async def edit(self, place: Place, message_id: int, content: Content) -> Outcome:
        """Take the next outcome."""
        del place
        self.edited.set()
        self.edits.append((message_id, content.text.splitlines()[-1]))
        return self.outcomes.pop(0) if self.outcomes else Sent(message_id)

    async def picture(self, place: Place, message_id: int, png: bytes) -> Outcome:
        """No picture comes here."""
        raise NotImplementedError

    async def first_name(self, chat_id: int, user_id: int) -> str | None:
        """Nobody is known."""
        del chat_id, user_id
        return None


@dataclass
class Guard:
    """Rounds over a post."""

    post: Post
    messages: FakeMessages = field(default_factory=FakeMessages)
    passed: float = 0.0
    rounds: Rounds = field(init=False)

    def __post_init__(self) -> None:
        telling, alarms = self.post.intake.telling, self.post.alarms
        postings = Postings(alarms, telling, self.messages, None, lambda: self.passed)
        self.rounds = Rounds(
            alarms, telling, postings, None, lambda: self.post.now, self._nothing, self._sleep
        )

    def _nothing(self) -> None:
        """Nobody is to be woken."""

    async def _sleep(self, seconds: float) -> None:
        self.passed += seconds
        await asyncio.Event().wait()

    async def sent(self) -> None:
        """All that waits is sent, as messages numbered by their items."""
        outbox = self.post.records.outbox
        due = await outbox.due(self.post.now, 100)
        await outbox.advance([Result(item, Sent(item.id)) for item in due], [], self.post.now)


@pytest.fixture
def guard(post: Post) -> Guard:
    """Nothing has come yet."""
    return Guard(post)


async def acknowledged(guard: Guard, *names: str) -> None:
    """Alarms that somebody has taken on, which their messages do not show."""
    for name in names:
        await guard.post.intake.take([arrived(name)])
    await guard.sent()
    for name in names:
        await guard.post.alarms.acknowledge(arrived(name).message_id, OPERATOR, guard.post.now)


async def test_without_the_database_rounds_grow_rarer(guard: Guard) -> None:
    """And are as usual when it is back."""
    guard.post.alarms.failure = StorageUnavailable("locked")
    pauses = [await guard.rounds.round() for _ in range(8)]
    guard.post.alarms.failure = None

    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    assert await guard.rounds.round() == 3.0


async def test_telegram_is_left_alone_for_as_long_as_it_wants(guard: Guard) -> None:
    """Edits count in its limits as messages do."""
    await acknowledged(guard, "cpu", "disk")
    guard.messages.outcomes = [NotSent("429", timedelta(seconds=40))]
    first = await guard.rounds.round()
    guard.passed = 39.0
    second = await guard.rounds.round()
    guard.passed = 40.0
    await guard.rounds.round()

    assert (first, second) == (40.0, 1.0)
    assert [number for number, _ in guard.messages.edits] == [1, 1, 2]


async def test_a_refused_edit_is_done_with(guard: Guard) -> None:
    """A message that somebody deleted is not edited for ever."""
    await acknowledged(guard, "cpu")
    guard.messages.outcomes = [Refused("message to edit not found")]
    for _ in range(3):
        await guard.rounds.round()

    assert len(guard.messages.edits) == 1


async def test_an_operator_without_a_name_is_told_by_number(guard: Guard) -> None:
    """Telegram may not say; the deed counts."""
    await acknowledged(guard, "cpu")
    await guard.rounds.round()

    ((_, words),) = guard.messages.edits
    assert words == "Reconhecido por operador <code>77</code> às 11:43."


async def test_what_has_changed_is_shown_soon(guard: Guard) -> None:
    """Not only with the next round."""
    stop = asyncio.Event()
    running = asyncio.create_task(guard.rounds.run(stop))
    await asyncio.sleep(0)
    await acknowledged(guard, "cpu")
    guard.rounds.nudge()
    await guard.messages.edited.wait()
    stop.set()
    await asyncio.wait_for(running, 5)

    assert len(guard.messages.edits) == 1


async def test_old_alarms_are_forgotten_once_a_day(guard: Guard) -> None:
    """After 90 days, as what was sent is."""
    await guard.post.intake.take([arrived("cpu", "OK")])
    guard.post.now += timedelta(days=89)
    await guard.rounds.round()
    kept = len(guard.post.alarms.rows)
    guard.post.now += timedelta(days=2)
    await guard.rounds.round()

    assert (kept, len(guard.post.alarms.rows)) == (1, 0)
