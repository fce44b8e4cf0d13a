"""A chat with a bot that keeps a scoreboard, in a database that is made up."""

from dataclasses import dataclass

import pytest

from bot.domain.tickers import Ticker
from bot.domain.track_record import Tally
from bot.edges.telegram.answers import Answers
from bot.edges.telegram.pictures import DrawnOnce, Pictures
from bot.edges.telegram.scoreboard import ScoreboardCommand
from bot.flow.forecasts.recording import RecordedForecaster, Recorder
from bot.flow.record.scoreboard import Scoreboard
from bot.flow.record.settling import Settler
from bot.wording.chart import draw
from tests.conversations.conftest import LISTED, Chat
from tests.fakes_track_record import FakeTrackRecord
from tests.pictures import png
from tests.share_bars import B3, at

SERVED = tuple(map(Ticker, LISTED))


@dataclass
class ScoredChat:
    """A chat, and what happens behind it: forecasts asked for, closes settled.

    Attributes:
        drawn: how many outcomes each picture drawn so far shows.
    """

    chat: Chat
    record: FakeTrackRecord
    scoreboard: Scoreboard
    forecaster: RecordedForecaster
    settler: Settler
    drawn: list[int]

    async def passes(self, day: str, *shares: str) -> None:
        """Let somebody ask for shares at nine on a day, and the day end."""
        self.chat.watch.now = at(f"{day}T09:00")
        for share in shares:
            await self.forecaster.outlook(share)
        await self.forecaster.recorder.written()
        self.chat.watch.now = at(f"{day}T17:30")
        await self.scoreboard.settle(self.settler)


@pytest.fixture
def scored(chat: Chat) -> ScoredChat:
    """The usual chat on Wednesday morning, with an empty scoreboard."""
    record, drawn = FakeTrackRecord(), list[int]()
    scoreboard = Scoreboard(record, B3, chat.watch)
    forecaster = RecordedForecaster(
        chat.prices,
        chat.model,
        B3,
        chat.watch,
        SERVED,
        recorder=Recorder(record, B3, chat.watch),
    )

    def draw_scores(_: Ticker | None, tallies: tuple[Tally, ...]) -> bytes:
        drawn.append(len(tallies))
        return png(len(tallies))

    command = ScoreboardCommand(
        scoreboard, forecaster.ticker, Answers(Pictures(draw)), DrawnOnce(draw_scores)
    )
    command.register(chat.bot)
    handlers = chat.bot.handlers[0]
    handlers.insert(0, handlers.pop())  # as wiring has it, before what answers unknown commands
    settler = Settler(chat.prices, record, B3, chat.watch)
    return ScoredChat(chat, record, scoreboard, forecaster, settler, drawn)
