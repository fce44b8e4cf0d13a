"""A sender at work on records in memory, with a clock that runs only while somebody waits."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.outbox import Broadcast, Content, Kind, Occasion, Outcome, Outgoing, Sent
from bot.domain.places import ChatKind, Place
from bot.domain.subscriptions import Subscription
from bot.domain.tickers import Ticker
from bot.edges.telegram.pace import Pace
from bot.flow.outbox.broadcast_reports import BroadcastReports
from bot.flow.outbox.sending import Sender, Timing
from bot.ports.delivery import Delivery
from tests.fakes_records import FakeOutbox, FakeRecords

BEGINS = datetime(2026, 7, 29, 12, tzinfo=UTC)
SESSION = date(2026, 7, 29)
OPERATORS = Place(-900)
ITUB4, SLOT = Ticker("ITUB4.SA"), time(9)


@dataclass
class Hours:
    """Two clocks: seconds that never go back, and a time of day that can be turned."""

    passed: float = 1_000.0
    turned: timedelta = timedelta()
    slept: list[float] = field(default_factory=list)

    def clock(self) -> datetime:
        """The time of day."""
        return BEGINS + timedelta(seconds=self.passed - 1_000) + self.turned

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return self.passed

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.slept.append(seconds)
        self.passed += seconds
        await asyncio.sleep(0)

    @property
    def timing(self) -> Timing:
        """As the sender takes it."""
        return Timing(self.clock, self.monotonic, self.sleep)


async def nothing() -> None:
    """Nothing happens while a message is on its way."""


@dataclass
class Post:
    """Fulfils `bot.ports.delivery.Delivery`: the outcomes told, then everything arrives.

    Attributes:
        tried: when, seconds from the beginning, and to which chat.
        on_the_way: happens while a message is.
        takes: seconds that each try takes.
    """

    hours: Hours
    pace: Pace
    outcomes: list[Outcome] = field(default_factory=list)
    by_chat: dict[int, Outcome] = field(default_factory=dict)
    tried: list[tuple[float, int]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    on_the_way: Callable[[], Awaitable[None]] = nothing
    takes: float = 0.01

    async def deliver(self, item: Outgoing) -> Outcome:
        """Take the next outcome."""
        chat = item.place.chat_id
        self.pace.wrote(chat)
        self.tried.append((round(self.hours.passed - 1_000, 3), chat))
        self.texts.append(item.content.text)
        await self.on_the_way()
        self.hours.passed += self.takes
        always = self.by_chat.get(chat)
        return always or (self.outcomes.pop(0) if self.outcomes else Sent(len(self.tried)))

    @property
    def chats(self) -> list[int]:
        """Where messages went, in order."""
        return [chat for _, chat in self.tried]


@dataclass
class Office:
    """A sender with everything around it."""

    hours: Hours
    records: FakeRecords
    pace: Pace
    post: Post
    sender: Sender

    async def queue(
        self,
        *chats: int,
        kind: Kind = Kind.NOTICE,
        subject: str = "aviso",
        expires: datetime | None = None,
    ) -> None:
        """Queue one message for each chat."""
        content = Content(f"{kind.value} {subject}")
        occasion = Occasion(kind, subject, SESSION)
        places = [Place(chat) for chat in chats]
        await self.records.outbox.put(
            places, occasion, content, now=self.hours.clock(), expires=expires
        )
        self.sender.nudge()

    async def subscribed(self, *chats: int) -> None:
        """Let chats be subscribed, and queue their message of the day."""
        for chat in chats:
            wanted = [Subscription(Place(chat), ITUB4, SLOT)]
            await self.records.subscriptions.add(ChatKind.PRIVATE, wanted, self.hours.clock())
        now = self.hours.clock()
        contents = {ITUB4: Content("bom dia")}
        until = now + timedelta(hours=8)
        await self.records.outbox.fill(SLOT, SESSION, contents, now=now, expires=until)

    async def works(self, seconds: float = 3_600, *, steps: int = 2_000) -> None:
        """Let the sender work until nothing waits any more, or for so long.

        Raises:
            AssertionError: it takes more steps than it can need.
        """
        until = self.hours.passed + seconds
        for _ in range(steps):
            wait = await self.sender.step()
            if self._is_done() or self.hours.passed >= until:
                return
            if wait:
                await self.hours.sleep(min(wait, until - self.hours.passed))
        raise AssertionError(f"still at work after {steps} steps")

    def _is_done(self) -> bool:
        if self.sender._unrecorded:
            return False
        states = {item.state for item in self.records.tables.items.values()}
        return not states & {"waiting", "sending"}

    @property
    def states(self) -> dict[int, str]:
        """What became of the items, by chat; the newest item of each."""
        items = self.records.tables.items.values()
        return {item.outgoing.place.chat_id: item.state for item in items}


def office(
    *outcomes: Outcome,
    in_flight: int = 1,
    hours: Hours | None = None,
    outbox: type[FakeOutbox] = FakeOutbox,
) -> Office:
    """A sender whose first tries end as told."""
    hours = hours or Hours()
    pace = Pace(hours.monotonic)
    records, post = FakeRecords(), Post(hours, pace, list(outcomes))
    records.outbox = outbox(records.tables)
    return Office(hours, records, pace, post, sender(records, post, pace, hours, in_flight))


def sender(
    records: FakeRecords, delivery: Delivery, pace: Pace, hours: Hours, in_flight: int = 1
) -> Sender:
    """A sender as a process that starts makes it."""
    reports = BroadcastReports(records.outbox, (OPERATORS,), told)
    return Sender(records.outbox, delivery, pace, reports, hours.timing, in_flight)


def told(broadcast: Broadcast) -> Content:
    """A report, short."""
    return Content(f"{broadcast.slot}: {broadcast.sent} sent, {broadcast.expired} expired")
