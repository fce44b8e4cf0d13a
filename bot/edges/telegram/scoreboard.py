"""/placar, handed to the scoreboard; its picture goes the same way as a forecast's.

file_id ─refused─▶ freshly drawn PNG ─refused─▶ the words alone
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Message, Update
from telegram.error import BadRequest
from telegram.ext import CommandHandler, ContextTypes

from bot.domain.board import Board
from bot.domain.figures import JUDGED_OVER
from bot.domain.tickers import Ticker
from bot.domain.track_record import Tally
from bot.edges.telegram.answers import Answers
from bot.edges.telegram.parts import NEW, Built
from bot.edges.telegram.pictures import DrawnOnce
from bot.errors import ForecastError, StorageUnavailable
from bot.flow.record.scoreboard import Scoreboard
from bot.wording import apologies
from bot.wording import scoreboard as wording

log = logging.getLogger(__name__)

ScoreCharts = DrawnOnce[Ticker | None, tuple[Tally, ...]]
"""Pictures of the scoreboard, by what is drawn in them."""


@dataclass(frozen=True, slots=True)
class ScoreboardCommand:
    """What the bot does for /placar.

    Attributes:
        scoreboard: where the figures are.
        ticker: reads a share as typed; raises a ForecastError when it is none or not served.
        answers: sends words.
        pictures: draws, and remembers what Telegram has.
    """

    scoreboard: Scoreboard
    ticker: Callable[[str], Ticker]
    answers: Answers
    pictures: ScoreCharts

    def register(self, built: Built) -> None:
        """Tell the application that /placar is answered here."""
        built.add_handler(CommandHandler("placar", self.placar, filters=NEW))

    async def placar(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/placar [papel]: how far forecasts fell from the closes that came, of a share or all."""
        message, words = update.effective_message, context.args or []
        if message is None:  # channel edits and other updates without a message
            return
        if len(words) > 1:
            await self.answers.say(message, apologies.ONE_SHARE)
            return
        try:
            board = await self.scoreboard.board(self.ticker(words[0]) if words else None)
        except ForecastError as error:
            await self.answers.say(message, apologies.apology(error))
        except StorageUnavailable as error:
            log.warning("no scoreboard", extra={"error": repr(error)})
            await self.answers.say(message, wording.AWAY)
        else:
            await self._tell(message, board)

    async def _tell(self, message: Message, board: Board) -> None:
        if not board.tallies:
            await self.answers.say(message, wording.nothing_yet(board))
            return
        text, chart = wording.caption(board), (board.ticker, board.tallies[-JUDGED_OVER:])
        for _ in range(2):  # the second time without the file_id that was refused
            try:
                sent = await message.reply_photo(await self.pictures.of(chart), caption=text)
            except BadRequest as refusal:
                log.warning("picture refused", extra={"reason": refusal.message})
                await self.pictures.refused(chart)
            else:
                if sent.photo:
                    await self.pictures.uploaded(chart, sent.photo[-1].file_id)
                return
        await self.answers.say(message, text)
