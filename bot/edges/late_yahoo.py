"""Yahoo, imported at the start, and only where it can be reached at all.

Importing yfinance costs a second and 100 MB: the first person who asks need not wait for it, and a
laptop without network, which answers from its simulated series, need not spend it at all.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from socket import getservbyname
from urllib.parse import urlsplit
from urllib.request import getproxies

from bot.domain.closes import DailyBars
from bot.domain.tickers import Ticker
from bot.errors import ClosesUnavailable
from bot.ports.forecasting import ClosesSource
from bot.single_flight import SingleFlight

YAHOO = "https://query2.finance.yahoo.com"
PROBE_SECONDS = 1.5
"""A name server or a firewall that swallows packets costs no more than this."""


class LateYahoo:
    """A source of closes that is made at the start, or with the first question that reaches it.

    Args:
        make: imports and makes the source; runs in a thread.
        reachable: whether it is worth making it.
    """

    def __init__(
        self, make: Callable[[], ClosesSource], reachable: Callable[[], Awaitable[bool]]
    ) -> None:
        self._make = make
        self._reachable = reachable
        self._made: ClosesSource | None = None
        self._making: SingleFlight[ClosesSource | None] = SingleFlight()

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """Ask the source; while it cannot be reached it is not made.

        Raises:
            ClosesUnavailable: it cannot be reached.
            ForecastError: whatever the source raises.
        """
        await self.load()
        if self._made is None:
            raise ClosesUnavailable(ticker, "Yahoo cannot be reached from here")
        return await self._made.daily(ticker, now)

    async def load(self) -> None:
        """Make the source unless it is made already or cannot be reached."""
        if self._made is None:
            self._made = await self._making.ask("make", self._try)

    async def _try(self) -> ClosesSource | None:
        return await asyncio.to_thread(self._make) if await self._reachable() else None


async def reachable(address: str = "", seconds: float = PROBE_SECONDS) -> bool:
    """Whether a connection to `address` can be opened; behind a proxy only the client can tell.

    Args:
        address: of the server, as a URL; empty for Yahoo.
        seconds: how long to wait for the connection.
    """
    if getproxies():
        return True
    server = urlsplit(address or YAHOO)
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(seconds):
            port = server.port or getservbyname(server.scheme)
            _, writer = await asyncio.open_connection(server.hostname, port)
        writer.close()
        return True
    return False
