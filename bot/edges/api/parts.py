"""What the API is made of: wiring hands it over, nothing here is found by itself."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter

from bot.domain.board import Board
from bot.domain.forecast import Outlook
from bot.domain.sessions import Sessions
from bot.domain.tickers import Ticker
from bot.edges.api.answering import Report
from bot.edges.api.door import Access
from bot.edges.api.webhook import Webhook
from bot.ports.forecasting import Clock

Check = Callable[[], Awaitable[bool]]
"""Whether a dependency works; False or any exception means that it does not."""


def nowhere(_ticker: Ticker) -> str | None:
    """No chat to lead to."""
    return None


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that the routes ask.

    Attributes:
        outlook: all there is to say about a share; raises `ForecastError`.
        ticker: reads a share's name; raises `UnknownTicker` or `TickerNotServed`.
        scoreboard: of a share, or of all together; raises `StorageUnavailable`.
        checks: what `/saude` looks at, by the name that is shown.
        report: for exceptions that nobody foresaw; gives the code that leads to the log.
        sessions, clock: the calendar of B3, and the only clock.
        default_ticker: the share of questions without a name.
        version: of the bot.
        served: the allow-list, offered on the page; empty means any share.
        chat: address of a chat with the bot about a share, once it is known.
        access: who may ask, and how often.
        webhook: where Telegram brings updates; None while the bot polls.
        pushed: routes of other services that push to us, under the paths of `door.PUSHED`.
        monotonic: seconds that never go back, for limits.
    """

    outlook: Callable[[str], Awaitable[Outlook]]
    ticker: Callable[[str], Ticker]
    scoreboard: Callable[[Ticker | None], Awaitable[Board]]
    checks: Mapping[str, Check]
    report: Report
    sessions: Sessions
    clock: Clock
    default_ticker: Ticker
    version: str
    served: tuple[Ticker, ...] = ()
    chat: Callable[[Ticker], str | None] = nowhere
    access: Access = field(default_factory=Access)
    webhook: Webhook | None = None
    pushed: tuple[APIRouter, ...] = ()
    monotonic: Callable[[], float] = time.monotonic
