"""How an answer reaches a person: picture with caption, and what is left of it when that fails.

    file_id ─refused─▶ freshly drawn PNG ─refused─▶ text alone ─markup refused─▶ plain text

A refused picture or tag never costs anybody the numbers.  Failures of the network are tried again
below this, in `bot.edges.telegram.retries`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Message
from telegram.error import BadRequest

from bot.domain.forecast import Outlook
from bot.domain.tickers import shown
from bot.edges.telegram.pictures import Chart, Pictures
from bot.wording.buttons import REFRESH, Horizon, label
from bot.wording.markup import plain
from bot.wording.messages import caption

log = logging.getLogger(__name__)

UNCHANGED = "message is not modified"
"""How Telegram says that an edit would change nothing."""


def _nothing(_outlook: Outlook) -> str:
    """Nothing to add."""
    return ""


@dataclass(frozen=True, slots=True)
class Answers:
    """Sends forecasts and sentences to a chat.

    Attributes:
        pictures: draws and remembers charts.
        caution: what the scoreboard adds to today's forecast, at once; empty for nothing.
    """

    pictures: Pictures
    caution: Callable[[Outlook], str] = _nothing

    async def send(self, asked: Message, chart: Chart) -> None:
        """Answer a message with a chart and its caption.

        Raises:
            TelegramError: not even plain text could be sent.
        """
        text, keyboard = self._caption(chart), keyboard_of(chart)
        for _ in range(2):  # the second time without the file_id that was refused
            picture = await self.pictures.of(chart)
            try:
                sent = await asked.reply_photo(picture, caption=text, reply_markup=keyboard)
            except BadRequest as refusal:
                await self._refused(chart, refusal)
            else:
                await self._uploaded(chart, sent)
                return
        await self.say(asked, text, keyboard)

    async def replace(self, shown_now: Message, chart: Chart) -> bool:
        """Put another chart and caption in the place of a message; whether that changed it.

        Raises:
            TelegramError: the message cannot be edited.
        """
        try:
            await self._edit(shown_now, chart)
        except BadRequest as refusal:
            if UNCHANGED in refusal.message.lower():
                return False
            await self._refused(chart, refusal)
            await self._edit(shown_now, chart)
        return True

    async def say(
        self, asked: Message, text: str, keyboard: InlineKeyboardMarkup | None = None
    ) -> None:
        """Answer a message with words alone.

        Raises:
            TelegramError: not even plain text could be sent.
        """
        try:
            await asked.reply_text(text, reply_markup=keyboard)
        except BadRequest as refusal:
            log.warning("markup refused", extra={"reason": refusal.message})
            await asked.reply_text(plain(text), parse_mode=None, reply_markup=keyboard)

    async def _edit(self, shown_now: Message, chart: Chart) -> None:
        text, keyboard = self._caption(chart), keyboard_of(chart)
        if not shown_now.photo:
            await shown_now.edit_text(text, reply_markup=keyboard)
            return
        media = InputMediaPhoto(await self.pictures.of(chart), caption=text)
        edited = await shown_now.edit_media(media, reply_markup=keyboard)
        if isinstance(edited, Message):
            await self._uploaded(chart, edited)

    def _caption(self, chart: Chart) -> str:
        today = chart.horizon is Horizon.TODAY
        return caption(*chart, self.caution(chart.outlook) if today else "")

    async def _uploaded(self, chart: Chart, sent: Message) -> None:
        if sent.photo:
            await self.pictures.uploaded(chart, sent.photo[-1].file_id)

    async def _refused(self, chart: Chart, refusal: BadRequest) -> None:
        log.warning("picture refused", extra={"reason": refusal.message})
        await self.pictures.refused(chart)


def keyboard_of(chart: Chart) -> InlineKeyboardMarkup:
    """The buttons under a chart: to the other horizon, and the same one again."""
    ticker, here = shown(chart.outlook.ticker), chart.horizon
    return InlineKeyboardMarkup.from_row(
        [
            InlineKeyboardButton(label(here.other), callback_data=f"{here.other.value}:{ticker}"),
            InlineKeyboardButton(REFRESH, callback_data=f"{here.value}:{ticker}"),
        ]
    )
