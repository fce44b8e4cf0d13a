"""A chat with a bot that pushes: schedule, outbox and sender work between prices and chat."""

from dataclasses import dataclass, field

import pytest

from bot.domain.places import Place
from bot.edges.telegram.answers import Answers
from bot.edges.telegram.delivery import TelegramDelivery
from bot.edges.telegram.operators import Operators
from bot.edges.telegram.pace import Pace
from bot.edges.telegram.pictures import Pictures
from bot.flow.forecasts.forecaster import Forecaster
from bot.flow.health.incidents import Incidents
from bot.flow.health.measuring import Heard, MeasuredCloses, MeasuredEndpoint
from bot.flow.health.notices import Notices
from bot.flow.health.operations import Operations
from bot.flow.outbox.broadcast_reports import BroadcastReports
from bot.flow.outbox.sending import Sender, Timing
from bot.flow.pushes.push import DailyPush
from bot.flow.pushes.slots import Slots
from bot.wording import operators
from bot.wording.daily import daily
from bot.wording.reports import broadcast_report
from tests.conversations.conftest import Chat
from tests.pictures import png
from tests.share_bars import B3, at

OPERATORS_CHAT = 900
OPERATOR = 77
"""The person who may ask for the status."""


@dataclass
class Seconds:
    """Seconds that pass only while somebody waits."""

    passed: float = 0.0

    def __call__(self) -> float:
        """Seconds so far."""
        return self.passed

    async def sleep(self, seconds: float) -> None:
        """Let them pass."""
        self.passed += seconds


@dataclass
class PushingChat:
    """A chat, and what a day does behind it."""

    chat: Chat
    seconds: Seconds = field(default_factory=Seconds)
    slots: Slots = field(init=False)
    sender: Sender = field(init=False)
    incidents: Incidents = field(init=False)
    endpoint: MeasuredEndpoint = field(init=False)

    def __post_init__(self) -> None:
        chat, records = self.chat, self.chat.records
        self.endpoint = MeasuredEndpoint(chat.model, self.seconds)
        closes = MeasuredCloses(chat.prices, B3)
        forecaster = Forecaster(closes, self.endpoint, B3, chat.watch)
        notices = Notices(records.outbox, (Place(OPERATORS_CHAT),), chat.watch, self.nudge)
        self.incidents = Incidents(notices, chat.watch, lambda: "c0de01", operators.trouble)
        push = DailyPush(
            forecaster,
            records.subscriptions,
            records.outbox,
            records.track_record,
            B3,
            daily,
            self.nudge,
        )
        self.slots = Slots(push, records.subscriptions, B3, chat.watch, self.incidents.note)
        reports = BroadcastReports(records.outbox, (Place(OPERATORS_CHAT),), broadcast_report)
        delivery = TelegramDelivery(chat.bot.bot)
        timing = Timing(chat.watch, self.seconds, self.seconds.sleep)
        self.sender = Sender(records.outbox, delivery, Pace(self.seconds), reports, timing)
        heard = Heard(chat.watch)
        operations = Operations(
            version="0.1.0",
            database="SQLite",
            started=chat.watch(),
            clock=chat.watch,
            counter=self.seconds,
            leads=lambda: True,
            outbox=records.outbox,
            endpoint=self.endpoint,
            closes=closes,
            heard=heard,
        )
        answers = Answers(Pictures(lambda *_: png(1)))
        Operators(operations, heard, answers, frozenset({OPERATOR})).register(chat.bot)
        handlers = chat.bot.handlers[0]
        handlers.insert(0, handlers.pop())  # as wiring has it, before what answers unknown commands

    def nudge(self) -> None:
        """Something was queued."""
        self.sender.nudge()

    async def at(self, moment: str) -> None:
        """Set the clock, and let the bot do what is due then."""
        self.chat.watch.now = at(moment)
        await self.slots.catch_up()
        await self.incidents.tell()
        for _ in range(20):
            await self.seconds.sleep(await self.sender.step())

    async def reads(self, chat: int = 1) -> list[str]:
        """What has arrived in a chat since the last look."""
        return [str(m.get("text") or m.get("caption")) for m in await self.chat.read(chat)]


@pytest.fixture
def pushing(chat: Chat) -> PushingChat:
    """The usual chat on Wednesday morning."""
    return PushingChat(chat)
