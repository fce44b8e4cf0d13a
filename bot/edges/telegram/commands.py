"""What people type and press, handed to the flow; one method per command, registered in wiring.

Parse, ask, send: whatever decides about money, dates or words lives in domain, flow or wording.
Only members who speak to the bot get a sentence for what it did not understand: in groups it
stays out of other people's conversations.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes

from bot.domain.tickers import Ticker, parse_ticker, shown
from bot.edges.telegram.answers import Answers
from bot.edges.telegram.guarded import reachable, told
from bot.edges.telegram.pictures import Chart
from bot.errors import ForecastError, UnknownTicker
from bot.flow.forecasts.forecaster import Forecaster
from bot.wording import about, apologies, buttons
from bot.wording.buttons import Horizon
from bot.wording.markup import plain
from bot.wording.subscriptions import invitation

log = logging.getLogger(__name__)

TYPING_AFTER = 0.3
"""Seconds after which people begin to wonder; most answers are there before, and who is answered
at once needs no sign, which would cost as much as the answer."""
TYPING_SECONDS = 4.5
"""Telegram shows the typing action for five seconds, or until the answer comes."""

Context = ContextTypes.DEFAULT_TYPE

_ASKED = {each.value: each for each in Horizon} | {buttons.CHART_ASKED: Horizon.TODAY}
"""What buttons under forecasts ask for."""


@dataclass(frozen=True, slots=True)
class Commands:
    """What the bot does for each command, button and message."""

    forecaster: Forecaster
    answers: Answers
    default_ticker: Ticker

    async def hoje(self, update: Update, context: Context) -> None:
        """/hoje [papel]: the close expected of today's session, or of the one that comes next."""
        await self._forecast(update, context.args or [], Horizon.TODAY)

    async def proximos(self, update: Update, context: Context) -> None:
        """/proximos [papel]: the closes expected of the five sessions after that."""
        await self._forecast(update, context.args or [], Horizon.COMING)

    async def start(self, update: Update, context: Context) -> None:
        """/start: who this is and what to try; with a share, which a link types, its forecast."""
        try:
            ticker = parse_ticker(" ".join(context.args or []))
        except UnknownTicker:
            await self._say(update, about.greeting())
        else:
            if await self._forecast(update, [shown(ticker)], Horizon.TODAY):
                await self._say(update, invitation(ticker))

    async def ajuda(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """/ajuda: every command with an example, and how to read a forecast."""
        await self._say(update, about.help_text())

    async def sobre(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """/sobre: which model forecasts, and what it can and cannot do."""
        try:
            model = (await self.forecaster.outlook(self.default_ticker)).model
        except ForecastError as error:
            _log_failure("sobre", error)
            model = None
        await self._say(update, about.about_the_model(model))

    async def text(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """Words in a private chat: a share's name alone asks for its forecast."""
        message = update.effective_message
        words = (message.text or "").split() if message else []
        try:
            parse_ticker(words[0] if len(words) == 1 else "")
        except UnknownTicker:
            captioned = bool(message and (message.caption or "").startswith("/"))
            await self._say(update, apologies.CAPTIONED if captioned else apologies.NOT_UNDERSTOOD)
        else:
            await self._forecast(update, words, Horizon.TODAY)

    async def unknown(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """A command in a private chat that the bot does not have."""
        await self._say(update, apologies.UNKNOWN_COMMAND)

    async def pressed(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """A button under a forecast: put the horizon it names in the message's place."""
        query = update.callback_query
        if query is None:
            return
        message = reachable(query)
        asked, _, text = (query.data or "").partition(":")
        if message is None or asked not in _ASKED:
            await told(query, buttons.TOO_OLD)
            return
        try:
            outlook = await self.forecaster.outlook(text)
            word = await self._shown(message, Chart(outlook, _ASKED[asked]), asked)
        except ForecastError as error:
            _log_failure(asked, error)
            await told(query, plain(apologies.apology(error)), alert=True)
        except BadRequest as refusal:
            log.warning("message could not be edited", extra={"reason": refusal.message})
            await told(query, buttons.TOO_OLD)
        else:
            await told(query, word)

    async def _shown(self, pressed: Message, chart: Chart, asked: str) -> str:
        """Show a chart below a day's message, or in the place of another; the word for it."""
        if asked == buttons.CHART_ASKED:
            await self.answers.send(pressed, chart)
            return ""
        changed = await self.answers.replace(pressed, chart)
        return buttons.REFRESHED if changed else buttons.UNCHANGED

    async def _forecast(self, update: Update, words: list[str], horizon: Horizon) -> bool:
        """Answer with a forecast, or with the reason why there is none; whether there is one."""
        message = update.effective_message
        if message is None:  # channel edits and other updates without a message
            return False
        if len(words) > 1:
            await self.answers.say(message, apologies.ONE_SHARE)
            return False
        text = words[0] if words else shown(self.default_ticker)
        async with typing_shown(message):
            try:
                outlook = await self.forecaster.outlook(text)
            except ForecastError as error:
                _log_failure(horizon.value, error)
                await self.answers.say(message, apologies.apology(error))
                return False
            await self.answers.send(message, Chart(outlook, horizon))
        return True

    async def _say(self, update: Update, text: str) -> None:
        if update.effective_message:
            await self.answers.say(update.effective_message, text)


@asynccontextmanager
async def typing_shown(message: Message) -> AsyncIterator[None]:
    """Show that an answer to `message` is on its way for as long as the context lasts."""
    done = asyncio.Event()
    typing = asyncio.create_task(show_typing(message, done))
    try:
        yield
    finally:
        done.set()
        await typing


async def show_typing(
    message: Message,
    done: asyncio.Event,
    after: float = TYPING_AFTER,
    every: float = TYPING_SECONDS,
) -> None:
    """Show that an answer is on its way until it is; not worth a word when it fails."""
    with suppress(TelegramError):
        while not await _set_within(done, after):
            await message.reply_chat_action(ChatAction.TYPING)
            after = every


async def _set_within(done: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(done.wait(), seconds)
    return done.is_set()


def _log_failure(horizon: str, error: ForecastError) -> None:
    log.warning("no forecast", extra={"command": horizon, "error": repr(error)})
