"""From the six steps of the model to dated forecasts, narrowed while the session is open.

    Window ──endpoint──▶ Steps ──dated()──▶ Forecast of D+0 … D+5 ──narrowed()──▶ D+0 at 15:00

Step 1 is the session after the newest close in the window, whatever day the question is asked.
Nothing feeds a forecast back in as if it had happened.  Prices are in the share's currency.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import exp, log, sqrt

from bot.domain.closes import REACH, RunningPrice, Window
from bot.domain.sessions import Phase
from bot.domain.tickers import Ticker

OPEN_TO_CLOSE_VARIANCE = 0.78
"""Share of a day's close-to-close variance that is still to come when the session opens.

Measured on the daily bars of 19 B3 shares, 2015-01 to 2023-06: median 0.76 by squared and 0.80 by
absolute returns from open to close against those from close to close.
"""

U_SHAPE = 0.5
"""How much more variance per minute the ends of a session have than its middle.

The variance per unit of session time x is 1 + U_SHAPE (12 (x - 1/2)² - 1): twice the mean at the
open and the close, half of it at noon; the U shape of Wood, McInish and Ord (Journal of Finance
40, 1985).  The depth is an assumption: daily bars cannot tell it.
"""

CLOSING_AUCTION_VARIANCE = 0.01
"""Share of the day's variance left to the closing auction, a tenth of the day's usual move.

An assumption: daily bars cannot tell it; without it the band would shrink to nothing at 17:00.
"""

STEPS = REACH
"""Sessions that one call of the endpoint forecasts."""

DAYS_AHEAD = 5
"""Sessions that /proximos shows, after D+0."""


@dataclass(frozen=True, slots=True)
class Step:
    """The model's answer for one coming session: low95 ≤ low80 ≤ median ≤ high80 ≤ high95."""

    median: float
    low80: float
    high80: float
    low95: float
    high95: float


@dataclass(frozen=True, slots=True)
class Model:
    """Which model answered; an endpoint that does not tell has only a name, its own."""

    name: str
    version: str
    sha256: str

    @property
    def title(self) -> str:
        """Name and version, for people."""
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Steps:
    """Six coming sessions, nearest first, and who forecast them."""

    steps: tuple[Step, ...]
    model: Model


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one session's close is expected to be.

    Attributes:
        session: the session whose close is forecast.
        expected: median, in the share's currency.
        low80, high80: the close lies between them with 80 % probability.
        low95, high95: the same with 95 %.
        running: the running price that narrowed it; None for a forecast from closes alone.
    """

    session: date
    expected: float
    low80: float
    high80: float
    low95: float
    high95: float
    running: RunningPrice | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """All there is to say about one share at one moment.

    Attributes:
        ticker: the share.
        phase: part of the day in which it was asked.
        window: the closes that the forecasts start from.
        today: forecast of D+0; when its close is final, the one that had stood before the open.
        morning: the same from closes alone, which is what the scoreboard keeps.
        closed: the final close of D+0, once there is one.
        coming: D+1 … D+5, nearest first; fewer when the newest close lies several sessions back.
        model: who forecast.
    """

    ticker: Ticker
    phase: Phase
    window: Window
    today: Forecast
    morning: Forecast
    closed: float | None
    coming: tuple[Forecast, ...]
    model: Model


def dated(steps: Steps, sessions: tuple[date, ...]) -> tuple[Forecast, ...]:
    """Give each step the date of its session; `sessions` are those after the newest close."""
    return tuple(
        Forecast(day, step.median, step.low80, step.high80, step.low95, step.high95)
        for day, step in zip(sessions, steps.steps, strict=False)
    )


def narrowed(
    forecast: Forecast, last_close: float, running: RunningPrice, hours: tuple[datetime, datetime]
) -> Forecast:
    """Let the running price move and narrow the forecast of the session that is open.

    What was expected of the whole day is expected, in proportion, of the variance still to come:
    with the share r of it left, each quantile q becomes
    price · exp(r · log(median / last close) + √r · log(q / median)).

    Args:
        forecast: of the open session, from closes alone.
        last_close: the close that the forecast starts from, in the same currency.
        running: the newest price, of a moment inside `hours`.
        hours: opening and close of the session, aware.
    """
    left = variance_left(running.at, hours)
    centre = running.price * exp(left * log(forecast.expected / last_close))

    def moved(quantile: float) -> float:
        return centre * exp(sqrt(left) * log(quantile / forecast.expected))

    return replace(_with_prices(forecast, moved), running=running)


def scaled(forecast: Forecast, factor: float) -> Forecast:
    """The same forecast on another price basis; a factor of 1 changes nothing."""
    return _with_prices(forecast, lambda price: price * factor)


def _with_prices(forecast: Forecast, change: Callable[[float], float]) -> Forecast:
    return replace(
        forecast,
        expected=change(forecast.expected),
        low80=change(forecast.low80),
        high80=change(forecast.high80),
        low95=change(forecast.low95),
        high95=change(forecast.high95),
    )


def variance_left(at: datetime, hours: tuple[datetime, datetime]) -> float:
    """Share of the close-to-close variance still to come: 0.78 at the open, 0.01 at the close."""
    opening, close = hours
    elapsed = min(max((at - opening) / (close - opening), 0.0), 1.0)
    past = elapsed + U_SHAPE * (4 * (elapsed - 0.5) ** 3 - (elapsed - 0.5))
    before_auction = OPEN_TO_CLOSE_VARIANCE - CLOSING_AUCTION_VARIANCE
    return CLOSING_AUCTION_VARIANCE + before_auction * (1.0 - past)
