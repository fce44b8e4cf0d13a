"""What the leading process does unasked: push, send, record, settle, tell the operators."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from fastapi import APIRouter

from bot.domain.forecast import Outlook
from bot.domain.outbox import Content
from bot.domain.track_record import Outcome
from bot.edges.telegram.schedule import Schedule
from bot.flow.alarms.desk import Desk
from bot.flow.health.incidents import Incidents
from bot.flow.health.notices import Notices
from bot.flow.outbox.broadcast_reports import BroadcastReports
from bot.flow.outbox.send_waits import Pace
from bot.flow.outbox.sending import Sender
from bot.flow.pushes.push import DailyPush
from bot.flow.pushes.slots import Slots
from bot.flow.pushes.upkeep import Upkeep
from bot.flow.replicas.late import Late
from bot.flow.replicas.leading import Leading
from bot.flow.replicas.together import together
from bot.ports.alarms import AlarmMessages
from bot.ports.delivery import Delivery
from bot.settings import Settings
from bot.wiring import machine
from bot.wiring.forecasts import Forecasts
from bot.wiring.records import Records
from bot.wiring.relay import Relay
from bot.wiring.sources import Sources
from bot.wording import operators
from bot.wording.daily import daily
from bot.wording.reports import broadcast_report


@dataclass(frozen=True, slots=True)
class Way:
    """How messages leave."""

    delivery: Delivery
    pace: Pace
    alarm_messages: AlarmMessages


Channel = Callable[[], Way]
"""Asked only when sending begins, when the application is there."""


@dataclass(frozen=True, slots=True)
class Duties:
    """Who does what when nobody asks.

    Attributes:
        routes: where services push to us, by HTTP.
    """

    notices: Notices
    incidents: Incidents
    leading: Leading
    schedule: Schedule
    desk: Desk
    routes: tuple[APIRouter, ...]

    @classmethod
    def of(  # noqa: PLR0913, PLR0917, everything meets here
        cls,
        settings: Settings,
        sources: Sources,
        forecasts: Forecasts,
        records: Records,
        relay: Relay,
        channel: Channel,
    ) -> "Duties":
        """Build them; nothing is done yet."""
        sender = Late(lambda: _sender(settings, sources, records, channel()))
        rounds = Late(lambda: relay.rounds(channel().alarm_messages, sender.nudge))

        def queued() -> None:
            sender.nudge()
            rounds.nudge()

        intake = relay.intake(queued)
        notices = Notices(records.outbox, settings.alarm_chat_ids, sources.clock, sender.nudge)
        incidents = Incidents(notices, sources.clock, machine.code, operators.trouble)
        act = together(sender.run, rounds.run, *relay.reading(intake))
        leading = Leading(records.lease, act, incidents.note, asyncio.sleep)
        schedule = Schedule(
            _slots(sources, forecasts, records, incidents, sender.nudge),
            _upkeep(settings, sources, forecasts, records),
            incidents,
            leading.leads,
            sources.clock,
            monotonic,
        )
        leading.when_taken.append(schedule.take_over)
        leading.each_beat.append(schedule.beat)
        return cls(
            notices, incidents, leading, schedule, relay.desk(rounds.nudge), relay.routes(intake)
        )


def _sender(settings: Settings, sources: Sources, records: Records, way: Way) -> Sender:
    reports = BroadcastReports(records.outbox, settings.alarm_chat_ids, broadcast_report)
    timing = machine.timing(sources.clock)
    return Sender(records.outbox, way.delivery, way.pace, reports, timing, settings.push_in_flight)


def _slots(
    sources: Sources,
    forecasts: Forecasts,
    records: Records,
    incidents: Incidents,
    queued: Callable[[], None],
) -> Slots:
    def told(outlook: Outlook, before: Outcome | None) -> Content:
        return daily(outlook, before, forecasts.caution(outlook))

    push = DailyPush(
        forecasts.forecaster,
        records.subscriptions,
        records.outbox,
        records.track_record,
        sources.sessions,
        told,
        queued,
    )
    return Slots(push, records.subscriptions, sources.sessions, sources.clock, incidents.note)


def _upkeep(settings: Settings, sources: Sources, forecasts: Forecasts, records: Records) -> Upkeep:
    return Upkeep(
        forecasts.forecaster,
        records.subscriptions,
        records.outbox,
        sources.sessions,
        sources.clock,
        tuple(dict.fromkeys((settings.default_ticker, *settings.tickers))),
        forecasts.settle,
        sources.warm_up().once,
    )
