"""What sources say of a share, unchecked: daily bars, a running price, known splits.

Prices are in the share's own currency, days are B3 sessions as the source claims.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from bot.domain.tickers import Ticker

SMALLEST_PRICE, LARGEST_PRICE = 1e-6, 1e9
"""Splits since then make the oldest prices of a share tiny, but not that tiny."""


class Origin(Enum):
    """Where bars come from, as it has to be said to people."""

    YAHOO = "yahoo"
    FILE = "file"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Bar:
    """One session's prices; NaN where the source had nothing."""

    session: date
    open: float
    high: float
    low: float
    close: float
    volume: float

    @property
    def has_close(self) -> bool:
        """Whether the close is a price at all."""
        return is_price(self.close)

    def rebased(self, factor: float) -> "Bar":
        """The same session on another price basis: prices times `factor`, volume divided by it."""
        return replace(
            self,
            open=self.open * factor,
            high=self.high * factor,
            low=self.low * factor,
            close=self.close * factor,
            volume=self.volume / factor,
        )


@dataclass(frozen=True, slots=True)
class RunningPrice:
    """A price of a session that is still open.

    Attributes:
        price: in the share's currency.
        at: moment of the trade, aware.
    """

    price: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Split:
    """A split or stock bonus that the source knows of.

    Attributes:
        session: first session on the new price basis.
        ratio: shares after for each share before: 1.5 for 3:2, 1.1 for a 10 % bonus, 0.1 for a
            reverse split of ten into one.
    """

    session: date
    ratio: float


@dataclass(frozen=True, slots=True)
class DailyBars:
    """What a source said of one share, unchecked.

    Attributes:
        ticker: the share.
        bars: oldest first, one per day as the source claims; split-adjusted, not
            dividend-adjusted; the last one may be of a session that is still open.
        origin: where they come from.
        fetched_at: when the source was asked, aware.
        running: the newest price of an open session, when the source knows one.
        kept: the source is away, and these are the last good bars it gave before.
        splits: corporate actions that the source knows of; its bars may be adjusted or not.
    """

    ticker: Ticker
    bars: tuple[Bar, ...]
    origin: Origin
    fetched_at: datetime
    running: RunningPrice | None = None
    kept: bool = False
    splits: tuple[Split, ...] = ()


def is_price(value: float) -> bool:
    """Whether `value` can be a price; NaN, infinities, zero and absurd sizes cannot."""
    return SMALLEST_PRICE <= value <= LARGEST_PRICE
