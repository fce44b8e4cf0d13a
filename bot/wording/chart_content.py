"""What a chart says, before anything is placed or painted.

    Outlook + Horizon ──content()──▶ heading · past closes · forecasts · tags at the right edge

Today's chart starts from the closes before D+0, so that a final close can be seen beside what had
been forecast; the one of the coming sessions starts from the newest close there is.  Prices are in
the share's currency, sessions ascending.
"""

from dataclasses import dataclass
from enum import Enum

from bot.domain.closes import Origin
from bot.domain.forecast import Forecast, Outlook
from bot.domain.sessions import Phase
from bot.domain.tickers import shown
from bot.wording import numbers
from bot.wording.buttons import Horizon
from bot.wording.known import Close, closes_before_today, known_closes

PAST_SHOWN = 60
"""Closes that the line of the past consists of, in sessions."""


class Kind(Enum):
    """What a marked price is; each has its own marker, so that colour is not all that tells."""

    LAST_CLOSE = "last close"
    FORECAST = "forecast"
    RUNNING = "running price"
    FINAL = "final close"


@dataclass(frozen=True, slots=True)
class Tag:
    """A price that is marked in the picture and written at its right edge.

    Attributes:
        kind: what the price is.
        price: where it belongs.
        words: what it is, for people.
        step: where it stands: 0 is the last close, 1 the first forecast, 0.5 between the two.
    """

    kind: Kind
    price: float
    words: str
    step: float


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that one chart shows.

    Attributes:
        share: as people read it.
        subject: what is forecast, the rest of the heading.
        past: closes that happened, oldest first, at most `PAST_SHOWN`.
        forecasts: what may follow, nearest first; never empty.
        tags: marked prices.
        simulated: whether the prices are invented.
    """

    share: str
    subject: str
    past: tuple[Close, ...]
    forecasts: tuple[Forecast, ...]
    tags: tuple[Tag, ...]
    simulated: bool

    @property
    def prices(self) -> tuple[float, ...]:
        """Every price that has to be inside the picture."""
        bands = [edge for forecast in self.forecasts for edge in (forecast.low95, forecast.high95)]
        return (*(close.price for close in self.past), *bands, *(tag.price for tag in self.tags))


def content(outlook: Outlook, horizon: Horizon) -> Content:
    """Choose what the chart of `outlook` shows."""
    # With no session left to look at beyond D+0, the picture of D+0 is the one there is.
    ahead = horizon is Horizon.COMING and bool(outlook.coming)
    past = (known_closes if ahead else closes_before_today)(outlook)[-PAST_SHOWN:]
    forecasts = _coming(outlook) if ahead else (outlook.today,)
    return Content(
        share=shown(outlook.ticker),
        subject=_coming_subject(outlook) if ahead else _today_subject(outlook),
        past=past,
        forecasts=forecasts,
        tags=(
            *_ends(past, forecasts, outlook),
            *(_market_ahead(outlook) if ahead else _market(outlook)),
        ),
        simulated=outlook.window.origin is Origin.SIMULATED,
    )


def _coming(outlook: Outlook) -> tuple[Forecast, ...]:
    """The fan: from D+0 on, or from D+1 on once D+0 is no forecast any more."""
    return outlook.coming if outlook.closed is not None else (outlook.today, *outlook.coming)


def _today_subject(outlook: Outlook) -> str:
    what = "próximo pregão" if outlook.phase is Phase.HOLIDAY else "fechamento de hoje"
    return f"{what}, {numbers.day(outlook.today.session)}"


def _coming_subject(outlook: Outlook) -> str:
    return f"previsão até {numbers.day(outlook.coming[-1].session)}"


def _ends(
    past: tuple[Close, ...], forecasts: tuple[Forecast, ...], outlook: Outlook
) -> tuple[Tag, Tag]:
    """The newest close and the farthest forecast, each with its day."""
    newest, last = past[-1], forecasts[-1]
    over = outlook.closed is not None and last.session == outlook.today.session
    return (
        Tag(Kind.LAST_CLOSE, newest.price, f"fechou {numbers.day_month(newest.session)}", 0),
        Tag(
            Kind.FORECAST,
            last.expected,
            f"{'previu' if over else 'prevê'} {numbers.day_month(last.session)}",
            len(forecasts),
        ),
    )


def _market(outlook: Outlook) -> tuple[Tag, ...]:
    """What the market itself said of D+0: the final close, or the price of the moment."""
    if outlook.closed is not None:
        words = f"fechou {numbers.day_month(outlook.today.session)}"
        return (Tag(Kind.FINAL, outlook.closed, words, 1),)
    running = outlook.today.running
    if running is None:
        return ()
    # Its moment lies between the two closes, and there it covers neither.
    return (Tag(Kind.RUNNING, running.price, f"às {numbers.clock(running.at)}", 0.5),)


def _market_ahead(outlook: Outlook) -> tuple[Tag, ...]:
    """The same in the picture of the coming sessions, where a final close is the newest close."""
    return _market(outlook) if outlook.closed is None else ()
