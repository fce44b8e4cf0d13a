"""Where settings become edges and edges meet the flow; the only place that knows them all.

    settings ─▶ closes, endpoint, calendar ─▶ Forecaster ─▶ Commands ─▶ Telegram application

Also the only place that reads the machine's clock and throws its dice.
"""

import asyncio
import logging
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from telegram.error import InvalidToken
from telegram.ext import Application

from bot.domain.sessions import SAO_PAULO, Sessions
from bot.edges import b3_calendar, late_yahoo
from bot.edges.csv_closes import CsvCloses
from bot.edges.endpoint import SageMakerEndpoint, runtime_client
from bot.edges.kept_closes import KeptCloses
from bot.edges.kept_forecasts import KeptForecasts
from bot.edges.local_processes import LOCAL_ENDPOINT, LOCAL_TOKEN
from bot.edges.simulated import OrSimulated, SimulatedCloses
from bot.edges.telegram.answers import Answers
from bot.edges.telegram.application import ALLOWED_UPDATES, POLL_SECONDS, Connection, application
from bot.edges.telegram.commands import Commands
from bot.edges.telegram.pictures import Pictures
from bot.edges.telegram.retries import PatientCalls
from bot.edges.telegram.unexpected import Unexpected
from bot.errors import TokenRefused
from bot.flow.forecaster import Forecaster
from bot.ports.forecasting import Clock, ClosesSource, Endpoint
from bot.settings import Settings
from bot.wording.chart import draw

log = logging.getLogger(__name__)

StandInUrls = tuple[str | None, str | None]
"""Addresses of the local chat and of the Runtime route; None where the real thing is used."""

SIMULATION_SEED = 20260723
"""Any number; it stays the same so that a restart shows the same invented prices."""


def clock(at: datetime | None) -> Clock:
    """The machine's clock, or one that starts at `at` (aware) now and runs on."""

    def machine() -> datetime:
        return datetime.now(SAO_PAULO)  # noqa: TID251, every other place asks this function

    if at is None:
        return machine
    shift = at - machine()
    return lambda: machine() + shift


def run(settings: Settings, urls: StandInUrls, now: Clock) -> int:
    """Answer until the process is asked to stop.

    Raises:
        TokenRefused: Telegram does not know the token.
    """
    chat_url, runtime_url = urls
    forecaster = _forecaster(settings, runtime_url, now)
    built = _application(settings, chat_url, forecaster)
    if chat_url:
        log.info("chat with the bot in a browser", extra={"address": chat_url})
    try:
        built.run_polling(
            timeout=timedelta(seconds=POLL_SECONDS),
            bootstrap_retries=-1,
            allowed_updates=ALLOWED_UPDATES,
            drop_pending_updates=False,
        )
    except InvalidToken:
        raise TokenRefused from None
    return 0


def _application(settings: Settings, chat_url: str | None, forecaster: Forecaster) -> Application:  # type: ignore[type-arg]
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else LOCAL_TOKEN
    api_url = chat_url or str(settings.telegram_api_url).rstrip("/")
    commands = Commands(forecaster, Answers(Pictures(draw)), settings.default_ticker)
    unexpected = Unexpected(code=lambda: secrets.token_hex(3))
    return application(
        Connection(token, api_url, PatientCalls(asyncio.sleep)), commands, unexpected
    )


def _forecaster(settings: Settings, runtime_url: str | None, now: Clock) -> Forecaster:
    sessions = b3_calendar.load()
    if b3_calendar.runs_out(sessions, now()):
        log.warning("the calendar of B3 ends soon", extra={"last": str(sessions.last_known)})
    return Forecaster(
        closes=_closes(settings, sessions),
        endpoint=KeptForecasts(_endpoint(settings, runtime_url)),
        sessions=sessions,
        clock=now,
        served=settings.tickers,
    )


def _closes(settings: Settings, sessions: Sessions) -> ClosesSource:
    source, _, directory = settings.closes.partition(":")
    if source == "csv":
        return CsvCloses(Path(directory))
    simulated = SimulatedCloses(SIMULATION_SEED, sessions)
    if source == "simulated":
        return simulated
    address = str(settings.yahoo_url or "")
    yahoo = late_yahoo.LateYahoo(
        lambda: _yahoo(settings.data_dir, address), lambda: late_yahoo.reachable(address)
    )
    real_only = settings.telegram_token is not None
    return KeptCloses(
        yahoo if real_only else OrSimulated(yahoo, simulated),
        settings.data_dir / "closes",
        sessions,
    )


def _yahoo(data_dir: Path, address: str) -> ClosesSource:
    from bot.edges.yahoo import YahooCloses  # noqa: PLC0415, yfinance is slow to import and large

    return YahooCloses(data_dir / "yfinance", base_url=address)


def _endpoint(settings: Settings, runtime_url: str | None) -> Endpoint:
    name = settings.sagemaker_endpoint or LOCAL_ENDPOINT
    return SageMakerEndpoint(runtime_client(settings.aws_region, runtime_url), name)
