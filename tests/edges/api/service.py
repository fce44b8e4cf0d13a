"""The API without a socket: real routes and a real forecaster; prices, model and clock made up."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

import httpx
from fastapi import FastAPI

from bot.domain.bars import DailyBars, Origin, RunningPrice
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Outcome, Recorded
from bot.edges.api.application import create_app
from bot.edges.api.door import Access
from bot.edges.api.parts import Check, Parts
from bot.errors import UnknownTicker
from bot.flow.forecasts.forecaster import Forecaster
from bot.flow.record.scoreboard import Scoreboard
from tests.fakes_endpoint import FAKE_MODEL, FakeEndpoint
from tests.fakes_track_record import FakeTrackRecord
from tests.share_bars import B3, at, walk

WEDNESDAY = at("2026-07-29T08:30")
LISTED = ("ITUB4.SA", "PETR4.SA")
HOST = "http://fechamento.test"


@dataclass
class Prices:
    """Fulfils `bot.ports.forecasting.ClosesSource` with a random walk, or fails as it is told."""

    failure: Exception | None = None
    origin: Origin = Origin.FILE
    running: RunningPrice | None = None
    newest: str = "2026-07-30"
    count: int = 130
    kept_at: datetime | None = None
    asked: int = 0

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """The same walk for every listed share."""
        self.asked += 1
        if self.failure:
            raise self.failure
        if ticker not in LISTED:
            raise UnknownTicker(ticker)
        bars = walk(at(f"{self.newest}T00:00").date(), self.count)
        at_ = self.kept_at or now
        return DailyBars(ticker, bars, self.origin, at_, self.running, kept=bool(self.kept_at))


@dataclass
class Service:
    """Everything around the API, to be turned for a test before `api` is asked for the first time.

    Attributes:
        now: what every clock says.
        seconds: what the clock of the limits says.
        reported: exceptions that nobody foresaw.
    """

    now: datetime = WEDNESDAY
    seconds: float = 0.0
    prices: Prices = field(default_factory=Prices)
    model: FakeEndpoint = field(default_factory=FakeEndpoint)
    record: FakeTrackRecord = field(default_factory=lambda: FakeTrackRecord(B3.close))
    checks: dict[str, Check] = field(default_factory=dict)
    reported: list[Exception] = field(default_factory=list)
    served: tuple[Ticker, ...] = ()

    def parts(self) -> Parts:
        """What the API is made of; no limit of rate."""
        forecaster = Forecaster(self.prices, self.model, B3, lambda: self.now, self.served)
        return Parts(
            outlook=forecaster.outlook,
            ticker=forecaster.ticker,
            scoreboard=Scoreboard(self.record, B3, lambda: self.now).board,
            checks=self.checks,
            report=self._report,
            sessions=B3,
            clock=lambda: self.now,
            default_ticker=Ticker("ITUB4.SA"),
            version="1.2.3",
            served=self.served,
            access=Access(rate=None),
            monotonic=lambda: self.seconds,
        )

    def passes(self, **how: float) -> None:
        """Let time go by, on both clocks."""
        step = timedelta(**how)
        self.now += step
        self.seconds += step.total_seconds()

    async def settle(self, sessions: int) -> None:
        """Put outcomes of the last `sessions` on record, each forecast 1 % too low."""
        days = B3.before(self.now.date(), sessions + 1)
        for before, day in pairwise(days):
            made_at, close = B3.opening(day), 30.0
            prices = (close * 0.99, close * 0.97, close * 1.01, close * 0.95, close * 1.03)
            forecast = Recorded(
                Ticker("ITUB4.SA"), day, made_at, *prices, 29.85, before, FAKE_MODEL, Made.LIVE
            )
            await self.record.record([forecast])
            await self.record.settle([Outcome(forecast, close, 1.0, B3.final(day))])

    def _report(self, error: Exception) -> str:
        self.reported.append(error)
        return "c0de01"


def asking(app: FastAPI, address: str = "203.0.113.7") -> httpx.AsyncClient:
    """A client of `app` at an address of its own."""
    transport = httpx.ASGITransport(app, client=(address, 50_000))
    return httpx.AsyncClient(transport=transport, base_url=HOST)


def with_access(service: Service, access: Access) -> FastAPI:
    """The API of `service` with its doors set."""
    return create_app(replace(service.parts(), access=access))
