"""What CloudWatch watches, when it rings, and what it tells the operator to do.

    Alarm ──▶ AWS::CloudWatch::Alarm named `<severity>-<stack>-<slug>`

The first word of the name is the severity that the bot reads.  An alarm that `about_bot` also goes
to e-mail, whose reader may be the only one left.  Descriptions are in Portuguese: people read them
in Telegram; each is explained in `docs/operacao.md` under its slug.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from deploy.stack.cloudformation import Json, Resources, ref, resource
from deploy.stack.metrics import Series
from deploy.stack.options import Options

CRITICAL = "critico"
WARNING = "aviso"

ABOVE = "GreaterThanThreshold"
AT_LEAST = "GreaterThanOrEqualToThreshold"
BELOW = "LessThanThreshold"

MISSING_IS_BAD = "breaching"
MISSING_IS_GOOD = "notBreaching"
MISSING_CHANGES_NOTHING = "ignore"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm.

    Attributes:
        slug: small word by which people and the runbook call it.
        says: what happened and what to do, in Portuguese.
        watched: one series, or several with the names that `formula` uses.
        formula: metric math over the names; empty when one series is watched as it is.
        seconds: length of a period.
        needed: breaching periods that ring, out of `periods`.
        missing: what a period without data means.
    """

    slug: str
    severity: str
    about_bot: bool
    says: str
    watched: tuple[tuple[str, Series], ...]
    comparison: str
    threshold: float
    seconds: int
    needed: int
    periods: int
    missing: str = MISSING_IS_GOOD
    formula: str = ""


def alarm_name(alarm: Alarm, options: Options) -> str:
    """The name that CloudWatch and the operators know it by."""
    return f"{alarm.severity}-{options.name}-{alarm.slug}"


def alarm_resources(watch: Iterable[Alarm], options: Options) -> Resources:
    """The resources, by logical ids made of the slugs."""
    return {logical_id(alarm): _resource(alarm, options) for alarm in watch}


def logical_id(alarm: Alarm) -> str:
    """`AlarmFilaDeEnvio` for `fila-de-envio`."""
    return "Alarm" + "".join(word.capitalize() for word in alarm.slug.split("-"))


def _resource(alarm: Alarm, options: Options) -> Json:
    by_email = alarm.about_bot or options.every_alarm_by_email
    topics = [ref("Alarms"), *([ref("BotAlarms")] if by_email else [])]
    return resource(
        "CloudWatch::Alarm",
        {
            "AlarmName": alarm_name(alarm, options),
            "AlarmDescription": alarm.says,
            "AlarmActions": topics,
            "OKActions": topics,
            "ComparisonOperator": alarm.comparison,
            "Threshold": alarm.threshold,
            "EvaluationPeriods": alarm.periods,
            "DatapointsToAlarm": alarm.needed,
            "TreatMissingData": alarm.missing,
            **(_math(alarm) if alarm.formula else _single(alarm)),
        },
    )


def _single(alarm: Alarm) -> Json:
    ((_, series),) = alarm.watched
    percentile = series.statistic.startswith("p")
    kind = "ExtendedStatistic" if percentile else "Statistic"
    return {**_metric(series), kind: series.statistic, "Period": alarm.seconds}


def _math(alarm: Alarm) -> Json:
    watched = [
        {
            "Id": name,
            "MetricStat": {
                "Metric": _metric(series),
                "Period": alarm.seconds,
                "Stat": series.statistic,
            },
            "ReturnData": False,
        }
        for name, series in alarm.watched
    ]
    result = {"Id": "result", "Expression": alarm.formula, "Label": alarm.slug, "ReturnData": True}
    return {"Metrics": [*watched, result]}


def _metric(series: Series) -> Json:
    metric = series.metric
    return {
        "Namespace": metric.namespace,
        "MetricName": metric.name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions],
    }
