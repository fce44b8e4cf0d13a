"""What is left of a broadcast when the process is killed at any moment, as often as it likes."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.outbox import Closed, Moved, NotSent, Outcome, Outgoing, Refused, Result, Unknown
from bot.errors import StorageUnavailable
from tests.fakes_records import FakeOutbox
from tests.sending_office import Office, office, sender

CHATS = range(1, 9)


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Fate:
    """Kills the process, or takes the database away, at the moments that are told."""

    moments: list[str]

    def strikes(self) -> None:
        """One more moment passes."""
        what = self.moments.pop(0) if self.moments else "nothing"
        if what == "kill":
            raise Killed
        if what == "lock":
            raise StorageUnavailable("locked")


def fatal_outbox(fate: Fate) -> type[FakeOutbox]:
    """An outbox that a kill strikes before and after each transaction."""

    class Fatal(FakeOutbox):
        async def advance(
            self, results: Sequence[Result], claimed: Sequence[Outgoing], now: datetime
        ) -> frozenset[int]:
            fate.strikes()
            sendable = await super().advance(results, claimed, now)
            fate.strikes()
            return sendable

    return Fatal


def fatal_way(fate: Fate) -> Callable[[], Awaitable[None]]:
    """A way to Telegram on which only kills happen."""

    async def on_the_way() -> None:
        if fate.moments and fate.moments[0] == "kill":
            fate.strikes()

    return on_the_way


async def _until_done(at: Office) -> int:
    """Start the process again after each kill; gives how many there were."""
    kills = 0
    while True:
        try:
            await at.works()
        except Killed:
            kills += 1
            at.sender = sender(at.records, at.post, at.pace, at.hours)
        else:
            return kills


MOMENTS = st.lists(st.sampled_from(["nothing", "nothing", "nothing", "kill", "lock"]), max_size=40)
OUTCOMES = st.lists(
    st.sampled_from(
        [NotSent("down"), Unknown("silent"), Refused("no"), Closed("blocked"), Moved(-99)]
    ),
    max_size=8,
)


@settings(max_examples=300, deadline=None)
@given(MOMENTS)
def test_nothing_is_lost_and_each_kill_repeats_one_at_most(moments: list[str]) -> None:
    """People forgive a message that comes twice now and then, and not one that never comes."""

    async def broadcast() -> tuple[Office, int]:
        fate = Fate(list(moments))
        at = office(outbox=fatal_outbox(fate))
        await at.queue(*CHATS)
        at.post.on_the_way = fatal_way(fate)
        return at, await _until_done(at)

    at, kills = asyncio.run(broadcast())

    assert set(at.post.chats) == set(CHATS)
    assert len(at.post.chats) - len(CHATS) <= kills
    assert set(at.states.values()) == {"sent"}


@settings(max_examples=300, deadline=None)
@given(OUTCOMES)
def test_every_item_comes_to_one_end_whatever_telegram_answers(outcomes: list[Outcome]) -> None:
    """An item that waits for ever would keep its broadcast from ever being reported."""

    async def broadcast() -> Office:
        at = office(*outcomes)
        await at.queue(*CHATS)
        await at.works()
        return at

    at = asyncio.run(broadcast())
    again = sum(isinstance(outcome, NotSent | Unknown | Moved) for outcome in outcomes)
    ends = Counter(item.state for item in at.records.tables.items.values())

    assert set(ends) <= {"sent", "refused", "closed"}
    assert len(at.post.tried) <= len(CHATS) + again
