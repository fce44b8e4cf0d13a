"""Small made-up forecasts, outcomes and tallies, for tests of the scoreboard."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.board import Board
from bot.domain.forecast import Model
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Outcome, Recorded, Tally
from tests.share_bars import B3, ITUB4, at

MODEL = Model("fechamento", "1", "0" * 64)

WEDNESDAY = Recorded(
    ticker=ITUB4,
    session=date(2026, 7, 29),
    made_at=at("2026-07-29T09:00"),
    expected=42.0,
    low80=41.0,
    high80=43.0,
    low95=40.0,
    high95=44.0,
    last_close=41.5,
    last_session=date(2026, 7, 28),
    model=MODEL,
    made=Made.LIVE,
)
"""Wednesday 2026-07-29: 41.50 on Tuesday, 42.00 expected."""


def forecast_of(
    session: date, ticker: Ticker = ITUB4, made: Made = Made.LIVE, level: float = 42.0
) -> Recorded:
    """Wednesday's forecast of another session, share or price."""
    factor = level / WEDNESDAY.expected
    (before,) = B3.before(session, 1)
    return replace(
        WEDNESDAY,
        ticker=ticker,
        session=session,
        made_at=B3.opening(session) - timedelta(hours=1),
        expected=level,
        low80=WEDNESDAY.low80 * factor,
        high80=WEDNESDAY.high80 * factor,
        low95=WEDNESDAY.low95 * factor,
        high95=WEDNESDAY.high95 * factor,
        last_close=WEDNESDAY.last_close * factor,
        last_session=before,
        made=made,
    )


def outcome(close: float, forecast: Recorded = WEDNESDAY, factor: float = 1.0) -> Outcome:
    """What became of a forecast, settled as soon as its close was final."""
    return Outcome(forecast, close, factor, B3.final(forecast.session))


@dataclass(frozen=True, slots=True)
class Season:
    """What a made-up stretch of sessions was like.

    Attributes:
        shares: with an outcome in each session.
        spread: standard deviation of the naive forecast's errors.
        worse: how many times as much the bot erred.
        pointing, replayed: whether forecasts pointed up or down, and were made by replay.
    """

    shares: int = 1
    spread: float = 0.012
    worse: float = 1.0
    pointing: bool = False
    replayed: bool = False

    def tally(self, day: date, dice: random.Random) -> Tally:
        """One session of it."""
        naive = [abs(dice.gauss(0, self.spread)) for _ in range(self.shares)]
        return Tally(
            session=day,
            count=self.shares,
            error=40 * self.worse * sum(naive),
            naive_error=40 * sum(naive),
            relative_error=self.worse * sum(naive),
            naive_relative_error=sum(naive),
            inside80=sum(error < 1.28 * self.spread for error in naive),
            directed=self.shares if self.pointing else 0,
            hits=sum(dice.random() < 0.5 for _ in naive) if self.pointing else 0,
            replayed=self.shares if self.replayed else 0,
        )


def tallies(count: int, season: Season = Season(), seed: int = 1) -> tuple[Tally, ...]:
    """`count` sessions up to 2026-07-28, oldest first."""
    dice = random.Random(seed)
    return tuple(season.tally(day, dice) for day in B3.before(date(2026, 7, 29), count))


def board(
    found: Sequence[Tally], ticker: Ticker | None = ITUB4, read_at: datetime | None = None
) -> Board:
    """A board that was read on Tuesday evening."""
    return Board(ticker, tuple(found), read_at or at("2026-07-28T18:00"))
