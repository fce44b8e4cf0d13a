"""Where closes and forecasts come from, as the settings say."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bot.domain.sessions import Sessions
from bot.domain.tickers import Ticker
from bot.edges import b3_calendar
from bot.edges.csv_closes import CsvCloses
from bot.edges.endpoint import SageMakerEndpoint, runtime_client
from bot.edges.kept_closes import KeptCloses
from bot.edges.kept_forecasts import KeptForecasts
from bot.edges.late_yahoo import LateYahoo, reachable
from bot.edges.local_processes import LOCAL_ENDPOINT
from bot.edges.simulated import OrSimulated, SimulatedCloses
from bot.flow.forecasts.warming import WarmUp
from bot.flow.health.counted import CountedEndpoint
from bot.flow.health.measures import Counts
from bot.flow.health.measuring import MeasuredCloses, MeasuredEndpoint
from bot.ports.forecasting import Clock, ClosesSource, Endpoint
from bot.settings import Settings

log = logging.getLogger(__name__)

YAHOO, FILES = "yahoo", "csv:"
"""Words of the setting `CLOSES`; the third is `simulated`."""

SIMULATION_SEED = 20260723
"""Any number; it stays the same so that a restart shows the same invented prices."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Closes, the model and the calendar.

    Attributes:
        asked: the endpoint itself, timed; every question reaches it.
        endpoint: the same with a memory, for everybody.
        counts: what is counted of them for the bot's own measures; None where nobody reads it.
        yahoo: what is under `closes`, if that is Yahoo; `kept` remembers what it said.
    """

    closes: MeasuredCloses
    asked: MeasuredEndpoint
    endpoint: Endpoint
    sessions: Sessions
    clock: Clock
    default_ticker: Ticker
    counts: Counts | None
    yahoo: LateYahoo | None
    kept: KeptCloses | None

    @classmethod
    def of(cls, settings: Settings, runtime_url: str | None, now: Clock) -> "Sources":
        """Build them; nothing is asked yet."""
        sessions = b3_calendar.load()
        if b3_calendar.runs_out(sessions, now()):
            log.warning("the calendar of B3 ends soon", extra={"last": str(sessions.last_known)})
        asked = MeasuredEndpoint(sagemaker(settings, runtime_url), perf_counter)
        yahoo = _yahoo(settings) if settings.closes == YAHOO else None
        kept = _kept(settings, sessions, yahoo) if yahoo else None
        closes = MeasuredCloses(kept or _own_closes(settings, sessions), sessions)
        endpoint, counts = KeptForecasts(asked), Counts() if settings.metrics else None
        counted = CountedEndpoint(endpoint, counts, perf_counter) if counts else endpoint
        ticker = settings.default_ticker
        return cls(closes, asked, counted, sessions, now, ticker, counts, yahoo, kept)

    async def load(self) -> None:
        """Load what the first question would otherwise wait for; it finds out if that fails."""
        if self.yahoo is not None:
            with suppress(OSError):
                await self.yahoo.load()

    async def finish(self) -> None:
        """Wait until what was fetched survives a restart."""
        if self.kept is not None:
            await self.kept.written()

    def warm_up(self) -> WarmUp:
        """One question about the default share, past the memory."""
        return WarmUp(self.closes, self.asked, self.sessions, self.clock, self.default_ticker)


def sagemaker(settings: Settings, runtime_url: str | None) -> SageMakerEndpoint:
    """The endpoint that the settings name, or the one on this machine."""
    name = settings.sagemaker_endpoint or LOCAL_ENDPOINT
    return SageMakerEndpoint(runtime_client(settings.aws_region, runtime_url), name)


def _own_closes(settings: Settings, sessions: Sessions) -> ClosesSource:
    if settings.closes.startswith(FILES):
        return CsvCloses(Path(settings.closes.removeprefix(FILES)))
    return SimulatedCloses(SIMULATION_SEED, sessions)


def _kept(settings: Settings, sessions: Sessions, yahoo: LateYahoo) -> KeptCloses:
    real_only = settings.telegram_token is not None
    simulated = SimulatedCloses(SIMULATION_SEED, sessions)
    return KeptCloses(
        yahoo if real_only else OrSimulated(yahoo, simulated),
        settings.data_dir / "closes",
        sessions,
    )


def _yahoo(settings: Settings) -> LateYahoo:
    address = str(settings.yahoo_url or "")

    def make() -> ClosesSource:
        from bot.edges.yahoo import YahooCloses  # noqa: PLC0415, yfinance is slow to import and large

        return YahooCloses(settings.data_dir / "yfinance", base_url=address)

    return LateYahoo(make, lambda: reachable(address))
