"""Alarms to be told, and who tells them: messages as AWS writes them, the real words, two chats."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.alarms import Severity
from bot.domain.alarms.keeping import Routes
from bot.domain.alarms.mail import Arrived, message_number
from bot.domain.places import Place
from bot.flow.alarms.names import Names
from bot.flow.alarms.telling import Telling
from bot.wording import alarms as words

NOW = datetime(2026, 7, 29, 14, 43, tzinfo=UTC)
"""Wednesday, 11:43 in São Paulo."""

TEAM = Place(-900)
CALM = Place(-900, 7)
REGION, ACCOUNT = "sa-east-1", "111122223333"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:fechamento-alarms"
OPERATOR = 77

_WATCHED = {
    "MetricName": "CPUUtilization",
    "Namespace": "AWS/ECS",
    "StatisticType": "Statistic",
    "Statistic": "AVERAGE",
    "Unit": None,
    "Dimensions": [{"value": "fechamento", "name": "ServiceName"}],
    "Period": 300,
    "EvaluationPeriods": 3,
    "DatapointsToAlarm": 3,
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 80.0,
}


def later(**how: float) -> datetime:
    """So long after `NOW`."""
    return NOW + timedelta(**how)


def arn(name: str) -> str:
    """Of an alarm."""
    return f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"


def body(name: str, state: str = "ALARM", since: datetime = NOW, **more: Any) -> str:
    """What CloudWatch publishes when an alarm changes."""
    side = "greater" if state == "ALARM" else "not greater"
    return json.dumps(
        {
            "AlarmName": name,
            "AlarmDescription": None,
            "AWSAccountId": ACCOUNT,
            "NewStateValue": state,
            "NewStateReason": "Threshold Crossed: 1 datapoint [93.1 (29/07/26 14:40:00)] was "
            f"{side} than the threshold (80.0).",
            "StateChangeTime": since.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000",
            "Region": "South America (Sao Paulo)",
            "AlarmArn": arn(name),
            "OldStateValue": "OK" if state == "ALARM" else "ALARM",
            "AlarmActions": [TOPIC],
            "Trigger": _WATCHED,
            **more,
        }
    )


def number(text: str) -> str:
    """A message's number, always the same for the same text."""
    return message_number(text)


def arrived(
    name: str, state: str = "ALARM", since: datetime = NOW, message_id: str | None = None
) -> Arrived:
    """A message about an alarm."""
    text = body(name, state, since)
    return Arrived(number(message_id or text), f"{state}: {name}", text, since)


def text(words_of_it: str, message_id: str | None = None) -> Arrived:
    """A message that is no alarm."""
    return Arrived(number(message_id or words_of_it), None, words_of_it, NOW)


def guard(
    usual: Sequence[Place] = (TEAM,), calm: Sequence[Place] = (), *, pictures: bool = False
) -> Telling:
    """Tells everything in the team's chat, and what is merely informative perhaps elsewhere."""
    apart = {Severity.INFO: tuple(calm)} if calm else {}
    return Telling(words, Routes(tuple(usual), apart), Names(), pictures)
