"""A day of pushes with nothing real in it but the flow: a clock to set, prices that can fail."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from bot.domain.closes import DailyBars, Origin
from bot.domain.forecast import Outlook
from bot.domain.operations import Trouble
from bot.domain.outbox import Content
from bot.domain.places import ChatKind, Place
from bot.domain.subscriptions import Subscription
from bot.domain.tickers import Ticker
from bot.domain.track_record import Outcome
from bot.errors import ForecastError
from bot.flow.forecasts.forecaster import Forecaster
from bot.flow.pushes.push import DailyPush
from bot.flow.pushes.slots import Slots
from tests.fakes_endpoint import FakeEndpoint
from tests.fakes_records import FakeRecords
from tests.share_bars import B3, at, walk

ITAU, PETRO, VALE = Ticker("ITUB4.SA"), Ticker("PETR4.SA"), Ticker("VALE3.SA")
NINE, TEN = time(9), time(10)


@dataclass
class Watch:
    """A clock that stands still until it is set."""

    now: datetime

    def __call__(self) -> datetime:
        """The time that it was set to."""
        return self.now

    def set(self, text: str) -> None:
        """Set it to a moment in São Paulo."""
        self.now = at(text)


@dataclass
class Prices:
    """Fulfils `bot.ports.forecasting.ClosesSource` with one walk, or fails share by share."""

    failures: dict[Ticker, ForecastError] = field(default_factory=dict)
    origin: Origin = Origin.FILE
    asked: list[Ticker] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """The same walk for every share."""
        self.asked.append(ticker)
        self.meanwhile()
        if ticker in self.failures:
            raise self.failures[ticker]
        return DailyBars(ticker, walk(at("2026-08-05T00:00").date()), self.origin, now)


def words(outlook: Outlook, before: Outcome | None) -> Content:
    """The share, the session, and whether it is known how the session before went."""
    return Content(f"{outlook.ticker} {outlook.today.session} {'after' if before else 'alone'}")


@dataclass
class PushDay:
    """Wednesday 2026-07-29 at nine, with the fakes of every port."""

    watch: Watch = field(default_factory=lambda: Watch(at("2026-07-29T09:00")))
    prices: Prices = field(default_factory=Prices)
    model: FakeEndpoint = field(default_factory=FakeEndpoint)
    records: FakeRecords = field(default_factory=FakeRecords)
    noted: list[tuple[Trouble, BaseException]] = field(default_factory=list)
    nudges: list[datetime] = field(default_factory=list)
    nudged: asyncio.Event = field(default_factory=asyncio.Event)

    def forecaster(self) -> Forecaster:
        """The real one, over the made-up prices and model."""
        return Forecaster(self.prices, self.model, B3, self.watch)

    def push(self) -> DailyPush:
        """The daily push."""
        return DailyPush(
            self.forecaster(),
            self.records.subscriptions,
            self.records.outbox,
            self.records.track_record,
            B3,
            words,
            self.nudge,
        )

    def slots(self) -> Slots:
        """All slots, as a process that has just started knows them."""
        return Slots(self.push(), self.records.subscriptions, B3, self.watch, self.note)

    def nudge(self) -> None:
        """Something was queued."""
        self.nudges.append(self.watch())
        self.nudged.set()

    def note(self, trouble: Trouble, error: BaseException) -> str:
        """Fulfils `bot.flow.health.incidents.Note`."""
        self.noted.append((trouble, error))
        return "c0de01"

    async def subscribe(self, chat: int, shares: Sequence[Ticker], slot: time = NINE) -> None:
        """Somebody subscribes in a private chat."""
        wanted = [Subscription(Place(chat), share, slot) for share in shares]
        await self.records.subscriptions.add(ChatKind.PRIVATE, wanted, self.watch())

    def queued(self) -> list[tuple[int, str]]:
        """What is in the outbox, by chat, in the order of queueing."""
        items = (item.outgoing for item in self.records.tables.items.values())
        return [(item.place.chat_id, item.content.text) for item in items]
