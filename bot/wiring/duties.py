"""What the leading process does unasked: push, send, record, settle, tell the operators."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from bot.domain.forecast import Outlook
from bot.domain.outbox import Content
from bot.domain.track_record import Outcome
from bot.edges.telegram.schedule import Schedule
from bot.flow.broadcast_reports import BroadcastReports
from bot.flow.incidents import Incidents
from bot.flow.late_sender import LateSender
from bot.flow.leading import Leading
from bot.flow.notices import Notices
from bot.flow.push import DailyPush
from bot.flow.send_waits import Pace
from bot.flow.sending import Sender
from bot.flow.slots import Slots
from bot.flow.upkeep import Upkeep
from bot.ports.delivery import Delivery
from bot.settings import Settings
from bot.wiring import machine
from bot.wiring.forecasts import Forecasts
from bot.wiring.records import Records
from bot.wiring.sources import Sources
from bot.wording import operators
from bot.wording.daily import daily
from bot.wording.reports import broadcast_report

Channel = Callable[[], tuple[Delivery, Pace]]
"""Gives how messages leave; asked only when sending begins, when the application is there."""


@dataclass(frozen=True, slots=True)
class Duties:
    """Who does what when nobody asks."""

    notices: Notices
    incidents: Incidents
    leading: Leading
    schedule: Schedule

    @classmethod
    def of(
        cls,
        settings: Settings,
        sources: Sources,
        forecasts: Forecasts,
        records: Records,
        channel: Channel,
    ) -> "Duties":
        """Build them; nothing is done yet."""
        sender = LateSender(lambda: _sender(settings, sources, records, channel))
        notices = Notices(records.outbox, settings.alarm_chat_ids, sources.clock, sender.nudge)
        incidents = Incidents(notices, sources.clock, machine.code, operators.trouble)
        leading = Leading(records.lease, sender.run, incidents.note, asyncio.sleep)
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
        return cls(notices, incidents, leading, schedule)


def _sender(settings: Settings, sources: Sources, records: Records, channel: Channel) -> Sender:
    delivery, pace = channel()
    reports = BroadcastReports(records.outbox, settings.alarm_chat_ids, broadcast_report)
    timing = machine.timing(sources.clock)
    return Sender(records.outbox, delivery, pace, reports, timing, settings.push_in_flight)


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
