"""Forecasts offered while somebody types `@bot ITUB4` in any chat: title and description.

The message that is sent when one is chosen is the caption of /hoje.  Titles and descriptions are
plain text.
"""

from bot.domain.closes import Origin
from bot.domain.forecast import Outlook
from bot.domain.tickers import shown
from bot.errors import ForecastError
from bot.wording import numbers
from bot.wording.about import BAND_80
from bot.wording.apologies import apology
from bot.wording.markup import plain

OPEN_CHAT = "Gráfico e próximos pregões"
NOTHING_NOW = "Sem previsões agora: abrir a conversa"

SIMULATED = "SIMULADO"


def title(outlook: Outlook) -> str:
    """`ITUB4 · qua., 29/07 · R$ 42,86`, or the close once there is one."""
    price = numbers.brl(outlook.today.expected)
    if outlook.closed is not None:
        price = f"fechou {numbers.brl(outlook.closed)}"
    simulated = f"{SIMULATED} · " if outlook.window.origin is Origin.SIMULATED else ""
    day = numbers.day(outlook.today.session)
    return f"{simulated}{shown(outlook.ticker)} · {day} · {price}"


def description(outlook: Outlook) -> str:
    """The band, and what had been said of a close that is known."""
    today = outlook.today
    band = f"{BAND_80}: {numbers.brl(today.low80)} a {numbers.brl(today.high80)}"
    if outlook.closed is None:
        return band
    return f"Previ {numbers.brl(today.expected)}, {band}"


def sorry(error: ForecastError | None) -> str:
    """The button over an empty list: the first sentence of the apology; it opens the chat."""
    if error is None:
        return NOTHING_NOW
    sentence, _, _ = plain(apology(error)).partition(". ")
    return sentence.rstrip(".")
