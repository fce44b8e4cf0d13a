"""Alarms of CloudWatch: what they say, how grave they are, where they are looked at.

text of a message ──read()──▶ Alarm(condition, evidence) │ Text
"""

from bot.domain.alarms.alarm import Alarm, Evidence, State, Text
from bot.domain.alarms.arns import alarm_name, console_url
from bot.domain.alarms.conditions import (
    AnomalyBand,
    Child,
    Composite,
    Condition,
    Expression,
    Metric,
    Pairs,
    Rule,
    Series,
)
from bot.domain.alarms.fields import laid_out
from bot.domain.alarms.reading import read
from bot.domain.alarms.severity import Severity, severity

__all__ = [
    "Alarm",
    "AnomalyBand",
    "Child",
    "Composite",
    "Condition",
    "Evidence",
    "Expression",
    "Metric",
    "Pairs",
    "Rule",
    "Series",
    "Severity",
    "State",
    "Text",
    "alarm_name",
    "console_url",
    "laid_out",
    "read",
    "severity",
]
