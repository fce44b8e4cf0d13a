"""Whatever happens in whatever order, the databases and the fake of the tests stay alike.

A history is played on a database and on the fake, step by step; in the end both are asked
everything.  What the fake does is a page of plain Python, so this is the databases' oracle.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.outbox import (
    Closed,
    Content,
    Kind,
    Moved,
    NotSent,
    Occasion,
    Outcome,
    Outgoing,
    Refused,
    Result,
    Sent,
    Unknown,
)
from bot.domain.places import ChatKind, Place
from bot.domain.subscriptions import Subscription
from bot.domain.tickers import Ticker
from bot.edges.database.opening import FILE, open_database
from tests.records import BOTH, SQLITE, Records, emptied_database, records_in_memory, records_of

pytest_plugins = ["tests.databases"]

NOON = datetime(2026, 7, 29, 12, tzinfo=UTC)
SESSION = NOON.date()
CHATS = (1, 2, -3, -4)
PLACES = [Place(chat, thread) for chat in CHATS for thread in (0, 9)]
SHARES = [Ticker("ITUB4.SA"), Ticker("PETR4.SA")]
SLOTS = [time(9), time(10)]


@dataclass(slots=True)
class World:
    """A database, and a sender that uses it."""

    records: Records
    flying: list[Outgoing] = field(default_factory=list)

    async def claim(self, now: datetime) -> None:
        """The sender takes what is due."""
        self.flying += await self.records.outbox.due(now, 3)
        await self.records.outbox.advance([], self.flying, now)

    async def settle(self, outcome: Outcome, again: datetime | None, now: datetime) -> None:
        """It hears what became of what it took first."""
        if self.flying:
            results = [Result(self.flying.pop(0), outcome, again)]
            await self.records.outbox.advance(results, [], now)


def nameless(items: Sequence[Outgoing]) -> list[Outgoing]:
    """Without the numbers of rows, which each side gives as it likes."""
    return [replace(item, id=0) for item in items]


Step = Callable[[World, datetime], Awaitable[Any]]


@st.composite
def wishes(draw: st.DrawFn) -> Step:
    """Somebody subscribes, changes or takes back something."""
    place, share = draw(st.sampled_from(PLACES)), draw(st.sampled_from(SHARES))
    wanted = Subscription(place, share, draw(st.sampled_from(SLOTS)), draw(st.booleans()))
    chat, other = draw(st.sampled_from(CHATS)), draw(st.sampled_from(CHATS))
    common: list[Step] = [
        lambda on, now: on.records.subscriptions.add(ChatKind.GROUP, [wanted], now),
    ]
    rare: list[Step] = [
        lambda on, _: on.records.subscriptions.cancel(place, share),
        lambda on, _: on.records.subscriptions.cancel(place, None),
        lambda on, _: on.records.subscriptions.silence(place, silent=wanted.silent),
        lambda on, now: on.records.subscriptions.closed(chat, now),
        lambda on, _: on.records.subscriptions.opened(chat),
        lambda on, _: on.records.subscriptions.moved(chat, other),
        lambda on, _: on.records.subscriptions.erase(chat),
    ]
    return draw(st.one_of(st.sampled_from(common), st.sampled_from(rare)))


@st.composite
def pushes(draw: st.DrawFn) -> Step:
    """Something is queued."""
    places = draw(st.lists(st.sampled_from(PLACES), max_size=3))
    occasion = Occasion(draw(st.sampled_from(list(Kind)[:3])), draw(st.sampled_from("ab")), SESSION)
    content, slot = Content(draw(st.sampled_from("xy"))), draw(st.sampled_from(SLOTS))
    life = draw(st.sampled_from([None, timedelta(minutes=2), timedelta(hours=9)]))
    contents = dict.fromkeys(draw(st.sets(st.sampled_from(SHARES))), content)
    steps: list[Step] = [
        lambda on, now: on.records.outbox.put(
            places, occasion, content, now=now, silent=slot == SLOTS[0], expires=later(now, life)
        ),
        lambda on, now: on.records.outbox.fill(
            slot, SESSION, contents, now=now, expires=now + (life or timedelta(hours=1))
        ),
    ]
    return draw(st.sampled_from([*steps, steps[-1]]))


def later(now: datetime, wait: timedelta | None) -> datetime | None:
    """After the wait, if there is one."""
    return None if wait is None else now + wait


@st.composite
def sendings(draw: st.DrawFn) -> Step:
    """The sender gets on."""
    final: list[Outcome] = [Sent(5), Refused("no"), Closed("blocked")]
    other: list[Outcome] = [NotSent("away"), Unknown("silence"), *map(Moved, CHATS)]
    outcome = draw(st.one_of(st.sampled_from(final), st.sampled_from(other)))
    waits = [None] if outcome in final else [None, timedelta(minutes=1)]
    wait = draw(st.sampled_from(waits))
    steps: list[Step] = [
        lambda on, now: on.claim(now),
        lambda on, now: on.claim(now),
        lambda on, now: on.settle(outcome, later(now, wait), now),
        lambda on, now: on.settle(outcome, later(now, wait), now),
        lambda on, _: on.records.outbox.recover(),
        lambda on, now: on.records.outbox.expire(now),
        lambda on, now: on.records.outbox.forget(now - timedelta(minutes=3)),
    ]
    return draw(st.sampled_from(steps))


async def told(on: World, now: datetime) -> dict[str, Any]:
    """Everything that can be asked."""
    people, outbox = on.records.subscriptions, on.records.outbox
    return {
        "due": nameless(await outbox.due(now, 100)),
        "backlog": await outbox.backlog(now),
        "finished": [replace(one, began=NOON) for one in await outbox.finished()],
        "last push": await outbox.last_push(),
        "recovered": await outbox.recover(),
        "due then": nameless(await outbox.due(now, 100)),
        "subscriptions": [await people.of(place) for place in PLACES],
        "kept": [await people.kept(chat) for chat in CHATS],
        "slots": await people.slots(),
        "shares": [await people.shares(at) for at in (None, *SLOTS)],
    }


@contextmanager
def fresh(request: pytest.FixtureRequest, which: str, directory: Path) -> Iterator[Records]:
    """A database without a row, for one history."""
    address = None
    if which == SQLITE:
        copy(request.getfixturevalue("sqlite_file"), directory / FILE)
    else:
        address = emptied_database(request.getfixturevalue("postgresql"))
    with closing(open_database(address, directory)) as database:
        yield records_of(database)


steps = st.tuples(st.one_of(wishes(), wishes(), pushes(), sendings()), st.integers(0, 2))


@pytest.mark.parametrize("which", BOTH)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(history=st.lists(steps, min_size=8, max_size=25))
async def test_a_database_and_the_fake_stay_alike(
    request: pytest.FixtureRequest, tmp_path: Path, which: str, history: list[tuple[Step, int]]
) -> None:
    """Each step gives the same, and in the end both tell the same."""
    with fresh(request, which, tmp_path) as records:
        real, model = World(records), World(records_in_memory())
        now = NOON
        for step, minutes in history:
            now += timedelta(minutes=minutes)
            assert await step(real, now) == await step(model, now)

        assert await told(real, now) == await told(model, now)
