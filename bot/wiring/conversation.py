"""The Telegram application with every part of the conversation."""

import asyncio
from dataclasses import dataclass
from time import monotonic, perf_counter

from bot.edges.local_processes import LOCAL_TOKEN
from bot.edges.telegram.alarms import AlarmCommands
from bot.edges.telegram.answers import Answers
from bot.edges.telegram.application import Connection, application
from bot.edges.telegram.commands import Commands
from bot.edges.telegram.inline import USUAL, InlineForecasts
from bot.edges.telegram.late import LateAnswers
from bot.edges.telegram.members import Members
from bot.edges.telegram.membership import Membership
from bot.edges.telegram.operators import Operators
from bot.edges.telegram.operators_menu import OperatorsMenu
from bot.edges.telegram.pace import Pace
from bot.edges.telegram.parts import Built, Part
from bot.edges.telegram.pictures import DrawnOnce, Pictures, Shelf
from bot.edges.telegram.privacy import PrivacyCommands
from bot.edges.telegram.retries import PatientCalls
from bot.edges.telegram.scoreboard import ScoreboardCommand
from bot.edges.telegram.subscribing import SubscriptionCommands
from bot.edges.telegram.unexpected import Unexpected
from bot.edges.telegram.waiting_room import WaitingRoom
from bot.edges.telegram.watchdog import Watchdog
from bot.flow.health.measuring import Heard
from bot.flow.health.operations import Operations
from bot.flow.pushes.subscribing import Subscribing
from bot.ports.forecasting import Clock
from bot.settings import Settings
from bot.wiring import charts, machine
from bot.wiring.duties import Duties
from bot.wiring.forecasts import Forecasts
from bot.wiring.records import Records
from bot.wiring.sources import Sources


@dataclass(frozen=True, slots=True)
class Conversation:
    """The application, where its updates wait, and who watches whether Telegram is heard."""

    application: Built
    room: WaitingRoom
    menu: OperatorsMenu
    watchdog: Watchdog
    pace: Pace


def conversation(  # noqa: PLR0913, PLR0917, everything meets here
    settings: Settings,
    chat_url: str | None,
    sources: Sources,
    forecasts: Forecasts,
    records: Records,
    duties: Duties,
) -> Conversation:
    """Build the application; nothing is called yet."""
    pace, room, heard = Pace(monotonic), WaitingRoom(), Heard(sources.clock)
    admins = frozenset(settings.admin_ids)
    menu = OperatorsMenu(admins)
    watchdog = Watchdog(duties.incidents, monotonic, asyncio.sleep)
    shelf = _shelf(settings, records, sources.clock)
    answers = Answers(Pictures(charts.forecast, shelf), forecasts.caution)
    built = application(
        _connection(settings, chat_url, PatientCalls(asyncio.sleep, pace, room.aside), watchdog),
        Commands(forecasts.forecaster, answers, settings.default_ticker),
        Unexpected(machine.code, duties.incidents.report),
        (
            *_parts(settings, sources, forecasts, records, answers, shelf),
            AlarmCommands(duties.desk, answers, admins),
            Operators(_operations(sources, records, duties, heard), heard, answers, admins),
            menu,
        ),
        room,
    )
    return Conversation(built, room, menu, watchdog, pace)


def _connection(
    settings: Settings, chat_url: str | None, calls: PatientCalls, watchdog: Watchdog
) -> Connection:
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else LOCAL_TOKEN
    api_url = chat_url or str(settings.telegram_api_url).rstrip("/")
    return Connection(token, api_url, calls, heard=watchdog.heard)


def _shelf(settings: Settings, records: Records, now: Clock) -> Shelf | None:
    """None for the local chat, which forgets its pictures whenever it ends."""
    if settings.telegram_token is None:
        return None
    number = settings.telegram_token.get_secret_value().partition(":")[0]
    return Shelf(records.file_ids, now, f"{number} {machine.VERSION}")


def _parts(  # noqa: PLR0913, PLR0917, everything meets here
    settings: Settings,
    sources: Sources,
    forecasts: Forecasts,
    records: Records,
    answers: Answers,
    shelf: Shelf | None,
) -> tuple[Part, ...]:
    forecaster, members = forecasts.forecaster, Members(sources.clock)
    subscribing = Subscribing(
        records.subscriptions, forecaster, settings.default_ticker, settings.push_time
    )
    usual = tuple(dict.fromkeys((settings.default_ticker, *(settings.tickers or USUAL))))
    return (
        LateAnswers(answers, sources.clock),
        SubscriptionCommands(subscribing, answers, members),
        PrivacyCommands(records.subscriptions, answers, members),
        Membership(records.subscriptions, sources.clock),
        InlineForecasts(forecaster, usual),
        ScoreboardCommand(
            forecasts.scoreboard,
            forecaster.ticker,
            answers,
            DrawnOnce(charts.scoreboard, shelf),
        ),
    )


def _operations(sources: Sources, records: Records, duties: Duties, heard: Heard) -> Operations:
    return Operations(
        machine.VERSION,
        records.kind,
        sources.clock(),
        sources.clock,
        perf_counter,
        duties.leading.leads,
        records.outbox,
        sources.asked,
        sources.closes,
        heard,
    )
