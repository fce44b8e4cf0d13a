"""`@bot ITUB4` typed in any chat: the forecast as a message that can be sent there.

    ""  the usual shares        "IT"  the usual shares that begin so        "ITUB4"  that share

People type faster than answers come; those to a question that Telegram no longer waits for are
dropped.  Needs /setinline at @BotFather.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.error import BadRequest
from telegram.ext import ContextTypes, InlineQueryHandler
from telegram.helpers import create_deep_linked_url

from bot.domain.forecast import Outlook
from bot.domain.tickers import Ticker, shown
from bot.edges.telegram.parts import Built
from bot.errors import ForecastError, UnknownTicker
from bot.flow.forecasts.forecaster import Forecaster
from bot.wording import inline as wording
from bot.wording.buttons import Horizon
from bot.wording.messages import caption

log = logging.getLogger(__name__)

Context: TypeAlias = ContextTypes.DEFAULT_TYPE

USUAL = tuple(map(Ticker, ("ITUB4.SA", "PETR4.SA", "VALE3.SA", "BBDC4.SA", "BBAS3.SA", "B3SA3.SA")))
"""What is offered before anything is typed: shares that many people hold."""

SECONDS_KEPT = 60
"""How long Telegram gives the same answer to everybody; the running price is older than that."""
SECONDS_KEPT_SORRY = 5
START = "inline"
"""What the button over an empty list makes `/start` say; the greeting answers."""


@dataclass(frozen=True, slots=True)
class InlineForecasts:
    """The part that answers inline queries.

    Attributes:
        usual: shares offered without a name, the default one first; those not served are left out.
    """

    forecaster: Forecaster
    usual: tuple[Ticker, ...] = USUAL

    def register(self, built: Built) -> None:
        """Answer inline queries."""
        built.add_handler(InlineQueryHandler(self.asked))

    async def asked(self, update: Update, context: Context) -> None:
        """Somebody types; offer what fits so far."""
        query = update.inline_query
        if query is None:
            return
        try:
            found = await self._found(query.query)
        except ForecastError as error:
            log.info("nothing to offer inline", extra={"error": repr(error)})
            await _sorry(query, error)
        else:
            await _offer(query, found, context.bot.username)

    async def _found(self, text: str) -> list[Outlook]:
        typed = text.strip().removeprefix("$").upper()
        try:
            return [await self.forecaster.outlook(typed)]
        except UnknownTicker:
            usual = [share for share in self._served() if share.startswith(typed)]
            if not usual:
                raise
        outlooks = (await self.forecaster.outlooks(usual)).values()
        found = [one for one in outlooks if isinstance(one, Outlook)]
        if not found:
            raise next(one for one in outlooks if isinstance(one, ForecastError))
        return found

    def _served(self) -> Sequence[Ticker]:
        served = self.forecaster.served
        return [share for share in self.usual if not served or share in served]


async def _offer(query: InlineQuery, outlooks: Sequence[Outlook], username: str) -> None:
    results = [_article(outlook, username) for outlook in outlooks]
    await _answer(query, results, SECONDS_KEPT, None)


async def _sorry(query: InlineQuery, error: ForecastError) -> None:
    button = InlineQueryResultsButton(wording.sorry(error), start_parameter=START)
    await _answer(query, [], SECONDS_KEPT_SORRY if error.retry else SECONDS_KEPT, button)


async def _answer(
    query: InlineQuery,
    results: Sequence[InlineQueryResultArticle],
    seconds: int,
    button: InlineQueryResultsButton | None,
) -> None:
    try:
        await query.answer(results, cache_time=seconds, is_personal=False, button=button)
    except BadRequest as refusal:  # typed on meanwhile
        log.info("inline answer refused", extra={"reason": refusal.message})


def _article(outlook: Outlook, username: str) -> InlineQueryResultArticle:
    share = shown(outlook.ticker)
    link = create_deep_linked_url(username, share)
    return InlineQueryResultArticle(
        id=f"{share}:{outlook.today.session}",
        title=wording.title(outlook),
        description=wording.description(outlook),
        input_message_content=InputTextMessageContent(caption(outlook, Horizon.TODAY)),
        reply_markup=InlineKeyboardMarkup.from_button(
            InlineKeyboardButton(wording.OPEN_CHAT, url=link)
        ),
    )
