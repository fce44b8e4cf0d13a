"""What an alarm watches: one metric, a formula, a band that is learnt, or other alarms.

Names, statistics and operators are CloudWatch's own words, as in its API; whatever a message does
not say is None.
"""

from dataclasses import dataclass
from datetime import datetime

Pairs = tuple[tuple[str, str], ...]
"""Names and values, such as dimensions and tags, in the order of the message."""


@dataclass(frozen=True, slots=True)
class Series:
    """A metric, and how its values are made.

    Attributes:
        namespace: such as `AWS/EC2`.
        name: such as `CPUUtilization`.
        dimensions: what it is a metric of.
        statistic: `Average`, `Sum`, `Maximum`, `Minimum`, `SampleCount`, `p95`, …; in any case.
        period: seconds that one value covers.
        unit: `Percent`, `Bytes`, …; usually None although the metric has one.
    """

    namespace: str | None = None
    name: str | None = None
    dimensions: Pairs = ()
    statistic: str | None = None
    period: int | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """When values make an alarm.

    Attributes:
        comparison: such as `GreaterThanThreshold`.
        threshold: in the unit of the metric; None when a band takes its place.
        periods: newest values that are looked at.
        needed: how many of them must break the limit.
        missing: `missing`, `breaching`, `notBreaching` or `ignore`.
    """

    comparison: str | None = None
    threshold: float | None = None
    periods: int | None = None
    needed: int | None = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric against a threshold."""

    series: Series
    rule: Rule


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula, or a query, against a threshold.

    Attributes:
        formula: metric math or Metrics Insights.
        label: how its author calls it.
        series: the metrics in it.
        period: seconds that one value covers.
        rule: when it is an alarm.
    """

    formula: str
    label: str | None
    series: tuple[Series, ...]
    period: int | None
    rule: Rule


@dataclass(frozen=True, slots=True)
class AnomalyBand:
    """A metric, or formula, against the band that CloudWatch expects.

    Attributes:
        watched: what must stay in the band; None when the message does not tell.
        band: the formula of the band.
        lower, upper: bounds at the newest value, in its unit.
        rule: its comparison says which side counts.
    """

    watched: Series | None
    band: str
    lower: float | None
    upper: float | None
    rule: Rule


@dataclass(frozen=True, slots=True)
class Child:
    """One alarm that a composite alarm looks at, and the state that it had."""

    name: str
    state: str | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Composite:
    """An alarm about alarms.

    Attributes:
        rule: in CloudWatch's language, such as `ALARM(a) OR ALARM("b")`.
        children: those whose change led to this message.
    """

    rule: str | None
    children: tuple[Child, ...]


Condition = Metric | Expression | AnomalyBand | Composite
