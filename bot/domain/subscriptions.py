"""Who gets which share's forecast each session day, and when."""

from dataclasses import dataclass
from datetime import time

from bot.domain.places import Place
from bot.domain.tickers import Ticker


@dataclass(frozen=True, slots=True)
class Subscription:
    """One share, sent to one place on every session day.

    Attributes:
        place: where it is sent; a place has each share at most once.
        ticker: the share.
        at: the slot: hour and whole minute in São Paulo, naive.
        silent: delivered without a sound.
    """

    place: Place
    ticker: Ticker
    at: time
    silent: bool = False
