"""From the six steps of the model to dated forecasts, narrowed while the session is open.

    Window ──endpoint──▶ Steps ──dated()──▶ Forecast of D+0 … D+5 ──narrowed()──▶ D+0 at 15:00

Step 1 is the session after the newest close in the window, whatever day the question is asked.
Nothing feeds a forecast back in as if it had happened.  Prices are in the share's currency.
"""

from dataclasses import dataclass
from datetime import date

from bot.domain.closes import RunningPrice, Window
from bot.domain.sessions import Phase
from bot.domain.tickers import Ticker

STEPS = 6
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
    """Which model answered."""

    name: str
    version: str
    sha256: str


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
        closed: the final close of D+0, once there is one.
        coming: D+1 … D+5, nearest first; fewer when the newest close lies several sessions back.
        model: who forecast.
    """

    ticker: Ticker
    phase: Phase
    window: Window
    today: Forecast
    closed: float | None
    coming: tuple[Forecast, ...]
    model: Model


def dated(steps: Steps, sessions: tuple[date, ...]) -> tuple[Forecast, ...]:
    """Give each step the date of its session; `sessions` are those after the newest close."""
    return tuple(
        Forecast(day, step.median, step.low80, step.high80, step.low95, step.high95)
        for day, step in zip(sessions, steps.steps, strict=False)
    )
