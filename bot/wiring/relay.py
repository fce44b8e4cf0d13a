"""Alarms on their way from AWS to the operators' chats, and what operators do about them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from fastapi import APIRouter

from bot.domain.alarms import Severity
from bot.domain.alarms.keeping import Routes
from bot.edges.api import sns as sns_route
from bot.edges.aws.alarms import KnownAlarms
from bot.edges.aws.calls import cloudwatch_client, sns_client, sqs_client
from bot.edges.aws.queue import SqsMailbox
from bot.edges.aws.topics import SnsTopics
from bot.edges.database.alarms import KeptAlarms
from bot.edges.sns import Certificates, Topic, Verifier, fetch_certificate
from bot.edges.sns.opening import SignedMail
from bot.flow.alarms.desk import Desk
from bot.flow.alarms.intake import Intake
from bot.flow.alarms.names import Names
from bot.flow.alarms.postings import Postings
from bot.flow.alarms.queue_reading import QueueReader
from bot.flow.alarms.rounds import Rounds
from bot.flow.alarms.telling import Telling
from bot.flow.replicas.leading import Act
from bot.ports.alarms import AlarmMessages
from bot.ports.forecasting import Clock
from bot.settings import Settings
from bot.wiring.records import Records
from bot.wording import alarms as words


@dataclass(frozen=True, slots=True)
class Relay:
    """Keeps what arrives, tells it, and follows up."""

    settings: Settings
    clock: Clock
    alarms: KeptAlarms
    telling: Telling
    cloudwatch: KnownAlarms | None
    names: Names

    @classmethod
    def of(cls, settings: Settings, records: Records, now: Clock) -> "Relay":
        """Build it; nothing is asked yet, and AWS only where alarms come from it."""
        from_aws = settings.alarm_queue_url or settings.alarm_topic_arns
        region = settings.aws_region
        cloudwatch = KnownAlarms(cloudwatch_client(region), region) if from_aws else None
        names = Names()
        telling = Telling(words, _routes(settings), names, pictures=cloudwatch is not None)
        return cls(settings, now, KeptAlarms(records.database), telling, cloudwatch, names)

    def rounds(self, messages: AlarmMessages, queued: Callable[[], None]) -> Rounds:
        """What is due as time goes by; `queued` is called when something was queued."""
        postings = Postings(self.alarms, self.telling, messages, self.cloudwatch, monotonic)
        return Rounds(
            self.alarms,
            self.telling,
            postings,
            self.cloudwatch,
            self.clock,
            queued,
            asyncio.sleep,
        )

    def intake(self, queued: Callable[[], None]) -> Intake:
        """The one path after both ways in."""
        topics, clients = frozenset(self.settings.alarm_topic_arns), SnsTopics(sns_client)
        return Intake(self.alarms, self.telling, topics, clients, self.clock, queued)

    def reading(self, intake: Intake) -> tuple[Act, ...]:
        """Reading the queue; nothing without one."""
        if self.settings.alarm_queue_url is None:
            return ()
        client = sqs_client(self.settings.aws_region)
        mailbox = SqsMailbox(client, str(self.settings.alarm_queue_url))
        topics = frozenset(self.settings.alarm_topic_arns)
        return (QueueReader(mailbox, intake, topics, asyncio.sleep).run,)

    def routes(self, intake: Intake) -> tuple[APIRouter, ...]:
        """`POST /sns`, open to signed messages of configured topics; nothing without any."""
        if not self.settings.alarm_topic_arns:
            return ()
        topics = [Topic.parse(arn) for arn in self.settings.alarm_topic_arns]
        certificates = Certificates(fetch_certificate, self.clock, self.settings.sns_certificates)
        oldest = timedelta(minutes=self.settings.sns_oldest_minutes)
        verifier = Verifier(topics, certificates, self.clock, oldest)
        return (sns_route.router(SignedMail(verifier).open, intake.take),)

    def desk(self, changed: Callable[[], None]) -> Desk:
        """What operators press and ask."""
        return Desk(self.alarms, self.names, self.cloudwatch, self.clock, changed)


def _routes(settings: Settings) -> Routes:
    apart = {
        Severity.CRITICAL: settings.alarm_critical_chat_ids,
        Severity.INFO: settings.alarm_info_chat_ids,
    }
    return Routes(settings.alarm_chat_ids, {grade: to for grade, to in apart.items() if to})
