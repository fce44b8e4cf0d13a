"""The operators' group with a bot that relays alarms: everything real but database and AWS."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.alarms.mail import Mail
from bot.domain.places import Place
from bot.edges.telegram.alarm_messages import TelegramAlarmMessages
from bot.edges.telegram.alarms import AlarmCommands
from bot.edges.telegram.answers import Answers
from bot.edges.telegram.delivery import TelegramDelivery
from bot.edges.telegram.pace import Pace
from bot.edges.telegram.pictures import Pictures
from bot.edges.telegram.replying import ReplyingDelivery
from bot.flow.alarms.desk import Desk
from bot.flow.alarms.intake import Intake
from bot.flow.alarms.postings import Postings
from bot.flow.alarms.rounds import Rounds
from bot.flow.alarms.telling import Telling
from bot.flow.outbox.broadcast_reports import BroadcastReports
from bot.flow.outbox.sending import Sender, Timing
from bot.wording.reports import broadcast_report
from tests.alarm_guard import NOW, OPERATOR, TOPIC, guard
from tests.conversations.conftest import Chat
from tests.fakes_alarms import FakeAlarms
from tests.fakes_aws import FakeCloudWatch, FakeTopics
from tests.pictures import png

TEAM_CHAT = -900


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
class GuardedChat:
    """The team's chat, and everything behind it."""

    chat: Chat
    seconds: Seconds = field(default_factory=Seconds)
    cloudwatch: FakeCloudWatch = field(default_factory=FakeCloudWatch)
    telling: Telling = field(default_factory=lambda: guard((Place(TEAM_CHAT),)))
    alarms: FakeAlarms = field(init=False)
    intake: Intake = field(init=False)
    rounds: Rounds = field(init=False)
    sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        records, watch, bot = self.chat.records, self.chat.watch, self.chat.bot.bot
        watch.now = NOW
        self.alarms = FakeAlarms(records.tables)
        self.sender = Sender(
            records.outbox,
            ReplyingDelivery(bot, TelegramDelivery(bot), self.alarms.answered),
            Pace(self.seconds),
            BroadcastReports(records.outbox, (), broadcast_report),
            Timing(watch, self.seconds, self.seconds.sleep),
        )
        topics = frozenset({TOPIC})
        nudge = self.sender.nudge
        self.intake = Intake(self.alarms, self.telling, topics, FakeTopics(), watch, nudge)
        postings = Postings(
            self.alarms, self.telling, TelegramAlarmMessages(bot), self.cloudwatch, self.seconds
        )
        self.rounds = Rounds(
            self.alarms, self.telling, postings, self.cloudwatch, watch, nudge, self.seconds.sleep
        )
        desk = Desk(self.alarms, self.telling.names, self.cloudwatch, watch, self.rounds.nudge)
        answers = Answers(Pictures(lambda *_: png(1)))
        handlers = self.chat.bot.handlers[0]
        before = len(handlers)
        AlarmCommands(desk, answers, frozenset({OPERATOR})).register(self.chat.bot)
        # As wiring has it: before what answers unknown commands and other buttons.
        self.chat.bot.handlers[0] = [*handlers[before:], *handlers[:before]]

    async def comes(self, *mail: Mail) -> None:
        """Messages arrive, and everything that follows from them happens."""
        await self.intake.take(mail)
        await self.works()

    async def after(self, **how: float) -> None:
        """Let time pass, and the bot work."""
        self.chat.watch.now += timedelta(**how)
        await self.works()

    async def works(self) -> None:
        """Send what waits, go one round, send what came of that."""
        for _ in range(2):
            for _ in range(60):
                await self.seconds.sleep(await self.sender.step())
            await self.rounds.round()

    async def presses(self, label: str, message: int = -1, *, by: int = OPERATOR) -> str:
        """Press a button under one of the bot's messages; what the press is answered."""
        posts = await self.posts()
        (button,) = (b for row in posts[message]["buttons"] for b in row if b["text"] == label)
        number = posts[message]["message_id"]
        word = await self.chat.presses_data(number, button["data"], TEAM_CHAT, by=by)
        await self.works()
        return word

    async def presses_stray(self, data: str) -> str:
        """Press a button that some older message carries; what the press is answered."""
        button = InlineKeyboardButton("?", callback_data=data)
        sent = await self.chat.bot.bot.send_message(
            TEAM_CHAT, "?", reply_markup=InlineKeyboardMarkup.from_button(button)
        )
        return await self.chat.presses_data(sent.message_id, data, TEAM_CHAT, by=OPERATOR)

    async def posts(self) -> list[dict[str, Any]]:
        """The bot's messages in the team's chat, as they stand now."""
        found = await self.chat.messages(TEAM_CHAT)
        return [message for message in found if message["from"] == "bot"]

    async def reads(self) -> list[str]:
        """Their words."""
        return [
            str(each.get("text") or each.get("caption") or "[foto]") for each in await self.posts()
        ]

    async def buttons(self, message: int = -1) -> list[list[str]]:
        """The labels under a message."""
        rows = (await self.posts())[message]["buttons"]
        return [[button["text"] for button in row] for row in rows]


@pytest.fixture
async def team(chat: Chat) -> GuardedChat:
    """The team's group on a quiet morning."""
    await chat.becomes(TEAM_CHAT, type="supergroup", title="Operação", admins=[OPERATOR])
    return GuardedChat(chat)
