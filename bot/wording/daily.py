"""The day's message: what /hoje says in words, and how the session before went.

    Outlook, Outcome of the session before ──daily()──▶ text and buttons

Telegram HTML, far below the 4096 units of a message.  "Ontem" is said of the day before only;
after a weekend or a holiday the session is named by its date.
"""

from datetime import timedelta

from bot.domain.forecast import Outlook
from bot.domain.outbox import Button, Content
from bot.domain.tickers import shown
from bot.domain.track_record import Outcome
from bot.wording import numbers
from bot.wording.buttons import CHART_ASKED, Horizon
from bot.wording.messages import caption
from bot.wording.subscription_buttons import BELOW, CANCEL

CHART = "Gráfico"


def daily(outlook: Outlook, before: Outcome | None, caution: str = "") -> Content:
    """The message of one share.

    Args:
        outlook: of the share, before its session's closing call.
        before: how the forecast of the session before went; None when nothing is known of it.
        caution: what the scoreboard has to add, as in `bot.wording.messages.caption`.
    """
    *lines, disclaimer = caption(outlook, Horizon.TODAY, caution).split("\n")
    went = [_went(outlook, before)] if before else []
    return Content("\n".join((*lines, *went, disclaimer)), (_buttons(outlook),))


def _went(outlook: Outlook, before: Outcome) -> str:
    """What had been said of the session before, what came, and what naivety would have said."""
    forecast, close = before.forecast, before.close
    said, naive = (price * before.factor for price in (forecast.expected, forecast.last_close))
    missed, missed_naively = (numbers.percent(abs(each / close - 1)) for each in (said, naive))
    yesterday = outlook.today.session - timedelta(days=1)
    when = "Ontem" if forecast.session == yesterday else f"Em {numbers.day(forecast.session)},"
    return (
        f"{when} previ {numbers.brl(said)}, fechou {numbers.brl(close)}, erro {missed}; "
        f"repetir o fechamento anterior ({numbers.brl(naive)}) teria errado {missed_naively}."
    )


def _buttons(outlook: Outlook) -> tuple[Button, ...]:
    ticker = shown(outlook.ticker)
    return (
        Button(CHART, data=f"{CHART_ASKED}:{ticker}"),
        Button(CANCEL, data=f"{BELOW}:{ticker}"),
    )
