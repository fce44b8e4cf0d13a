"""Small made-up series of daily bars, on true sessions of B3."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.bars import Bar, DailyBars, Origin
from bot.domain.sessions import SAO_PAULO, Sessions
from bot.domain.tickers import Ticker
from bot.edges.b3_calendar import load

ITUB4 = Ticker("ITUB4.SA")
B3: Sessions = load()


def at(text: str) -> datetime:
    """A moment in São Paulo: `2026-11-19T15:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SAO_PAULO)


def walk(newest: date, count: int = 130, *, seed: int = 1, start: float = 30.0) -> tuple[Bar, ...]:
    """A calm random walk of `count` sessions up to `newest`: nights within 1 %, days within 2 %."""
    dice = random.Random(seed)
    bars, close = [], start
    for session in B3.before(newest + timedelta(days=1), count):
        opened = close * math.exp(dice.uniform(-0.01, 0.01))
        close = opened * math.exp(dice.uniform(-0.015, 0.015))
        high, low = max(opened, close) * 1.01, min(opened, close) * 0.99
        bars.append(Bar(session, opened, high, low, close, 1e6))
    return tuple(bars)


def unadjusted(bars: Sequence[Bar], session: date, ratio: float) -> tuple[Bar, ...]:
    """The same bars as traded, had there been a split of `ratio` for one before `session`."""
    return tuple(bar.rebased(ratio) if bar.session < session else bar for bar in bars)


def closes_only(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """The same bars from a source that knows nothing but closes."""
    gone = math.nan
    return tuple(replace(bar, open=gone, high=gone, low=gone, volume=gone) for bar in bars)


def daily(bars: Sequence[Bar], fetched_at: datetime, origin: Origin = Origin.FILE) -> DailyBars:
    """The bars as a source of ITUB4 gives them."""
    return DailyBars(ITUB4, tuple(bars), origin, fetched_at)
