"""Daily bars of B3 shares from Yahoo Finance, asked through yfinance.

    daily() ──thread──▶ yfinance ──HTTP, one session──▶ Yahoo
      ◀── DailyBars: closes split-adjusted but not dividend-adjusted, today's row included

Today's row is a running price until the session is final; the domain decides which it is.  Every
vendor's exception leaves as one of ours, every wait is bounded, nothing is printed or logged by
yfinance.  yfinance keeps its session, its switches and its cookie cache per process, so one
`YahooCloses` per process is enough.
"""

import asyncio
import logging
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yfinance
from curl_cffi import CurlError, requests
from peewee import PeeweeException
from yfinance.data import YfData
from yfinance.exceptions import YFException, YFPricesMissingError, YFRateLimitError

from bot.domain.bars import Bar, DailyBars, Origin, RunningPrice, Split, is_price
from bot.domain.sessions import SAO_PAULO
from bot.domain.tickers import Ticker
from bot.errors import ClosesUnavailable, UnknownTicker

HISTORY = timedelta(days=400)
"""A year of sessions: the window, what is typical of the share before it, and a chart."""

THREADS = 4
"""Fetches at once; more would only meet Yahoo's rate limit sooner."""

_COLUMNS = ("Open", "High", "Low", "Close", "Volume")

_CHARTS = "/v8/finance/chart/"
_COOKIE_MAY_HELP = frozenset({401, 403, 429})

_NO_SUCH_SHARE = re.compile(r"not found|no data found|delisted|data doesn't exist", re.IGNORECASE)

# What yfinance lets through when Yahoo answers something unexpected, its own cookie cache included.
_RUBBISH = (
    YFException,
    CurlError,
    PeeweeException,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
)


class YahooCloses:
    """Asks Yahoo for a year of daily bars of one share at a time."""

    def __init__(
        self, cache: Path, *, timeout: float = 6.0, patience: float = 15.0, base_url: str = ""
    ) -> None:
        """Prepare yfinance; nothing is asked yet.

        Args:
            cache: writable folder for yfinance's cookies.
            timeout: seconds that one HTTP request may take.
            patience: seconds that one answer may take, with its cookie and its retries.
            base_url: another server that speaks Yahoo's API, such as `http://127.0.0.1:9000`.
        """
        cache.mkdir(parents=True, exist_ok=True)
        yfinance.set_tz_cache_location(str(cache))
        yfinance.config.debug.hide_exceptions = False
        logging.getLogger("yfinance").setLevel(logging.CRITICAL)
        self._session = _BoundedSession(timeout, base_url)
        self._timeout = timeout
        self._patience = patience
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="yahoo")

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """Fetch the bars of the year before `now`, with the running price of an open session.

        Raises:
            UnknownTicker: Yahoo says that there is no such share, or no longer.
            ClosesUnavailable: no answer in time, too many requests, or rubbish.
        """
        asking = asyncio.get_running_loop().run_in_executor(self._threads, self._fetch, ticker, now)
        try:
            return await asyncio.wait_for(asking, self._patience)
        except TimeoutError as error:
            raise ClosesUnavailable(ticker, f"no answer within {self._patience:g} s") from error

    def close(self) -> None:
        """Let go of the threads; fetches under way end by their timeout."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _fetch(self, ticker: Ticker, now: datetime) -> DailyBars:
        try:
            return self._asked(ticker, now)
        except YFRateLimitError as error:
            raise ClosesUnavailable(ticker, "too many requests") from error
        except YFPricesMissingError as error:
            if _NO_SUCH_SHARE.search(error.yahoo_reason or ""):
                raise UnknownTicker(ticker) from error
            raise ClosesUnavailable(ticker, error.yahoo_reason or "no prices") from error
        except _RUBBISH as error:
            raise ClosesUnavailable(ticker, f"{type(error).__name__}: {error}"[:90]) from error

    def _asked(self, ticker: Ticker, now: datetime) -> DailyBars:
        # Once imported, yfinance shows its own deprecations, which are no business of ours.
        warnings.filterwarnings("ignore", module="yfinance")
        # It keeps answers about the past for good, failures included.
        YfData.cache_get.cache_clear()
        today = now.astimezone(SAO_PAULO).date()
        share = _B3Share(ticker, session=self._session)
        frame = share.history(
            interval="1d",
            start=today - HISTORY,
            end=today + timedelta(days=1),  # exclusive
            auto_adjust=False,
            timeout=self._timeout,
        )
        table = frame[frame.index.notna()]  # a row without its moment is nobody's day
        days = list(table.index.date)
        bars = tuple(_bars(days, table))
        if not bars:
            raise ClosesUnavailable(ticker, "no bars")
        ratios = zip(days, table["Stock Splits"].tolist(), strict=True)
        return DailyBars(
            ticker=ticker,
            bars=bars,
            origin=Origin.YAHOO,
            fetched_at=now,
            running=_running(share.get_history_metadata(), bars[-1], now),
            splits=tuple(Split(day, ratio) for day, ratio in ratios if is_price(ratio)),
        )


class _B3Share(yfinance.Ticker):  # type: ignore[misc]  # yfinance has no types
    """A share whose time zone is known, which spares a request and a table of time zones."""

    def _get_ticker_tz(self, timeout: float) -> str:  # noqa: ARG002  # yfinance's signature
        return SAO_PAULO.key


class _CookieNotNeeded(OSError):
    """Charts are given without; as an error of the network, it makes yfinance go on without."""


class _BoundedSession(requests.Session[requests.Response]):
    """A browser-like session that asks for nothing longer or earlier than need be.

    yfinance waits half a minute for each cookie, which is longer than people do.  It also wants a
    cookie and a crumb before each chart for as long as it gets none, though Yahoo gives charts
    without: here neither is asked for until Yahoo has refused a chart.
    """

    def __init__(self, timeout: float, base_url: str) -> None:
        super().__init__(impersonate="chrome", trust_env=not base_url)
        self._longest = timeout
        self._base = base_url.rstrip("/")
        self._insists = False

    def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> requests.Response:
        """Send the request to the server that was given, in no more than the time given."""
        path = urlsplit(url).path or "/"
        is_chart = path.startswith(_CHARTS)
        if not (is_chart or self._insists):
            raise _CookieNotNeeded(f"{path} before a chart was refused")
        kwargs["timeout"] = self._longest
        answer = super().request(method, self._base + path if self._base else url, *args, **kwargs)
        if is_chart and _is_refused(answer):
            self._insists = True
        return answer


def _is_refused(answer: requests.Response) -> bool:
    """Whether a cookie may help; in Europe a page asks for consent, with status 200."""
    page = answer.ok and not answer.content.startswith(b"{")
    return page or answer.status_code in _COOKIE_MAY_HELP


def _bars(days: Sequence[date], table: Any) -> Iterator[Bar]:
    """By columns: a dictionary for each row takes ten times as long."""
    columns = (map(float, table[name].tolist()) for name in _COLUMNS)
    return map(Bar, days, *columns)


def _running(meta: Mapping[str, Any], newest: Bar, now: datetime) -> RunningPrice | None:
    """The price of today's trading, if Yahoo's own today is today at `now`.

    Under a clock set back, Yahoo's newest row of that day is its close, so that without a time of
    the trade the trading hours must show that Yahoo speaks of the same day.
    """
    price, at = meta.get("regularMarketPrice"), meta.get("regularMarketTime")
    if isinstance(at, datetime) and isinstance(price, (int, float)):
        traded = datetime.fromtimestamp(at.timestamp(), SAO_PAULO)  # no pandas beyond this file
        return RunningPrice(float(price), traded) if _same_day(traded, now) else None
    hours = meta.get("currentTradingPeriod", {}).get("regular", {})
    live = hours and hours["start"] <= now <= hours["end"]
    if live and newest.session == now.astimezone(SAO_PAULO).date() and newest.has_close:
        return RunningPrice(newest.close, now)
    return None


def _same_day(traded: datetime, now: datetime) -> bool:
    return traded <= now and traded.date() == now.astimezone(SAO_PAULO).date()
