"""What an alarm watches, from any of the shapes in which CloudWatch tells it.

A notification has `Trigger`, a row of the API has the same keys at its top, an event has
`configuration` with a list of metrics and no rule at all: what is missing there is taken from the
sentence of the reason.
"""

from collections.abc import Sequence

from bot.domain.alarms.alarm import Evidence
from bot.domain.alarms.arns import alarm_name
from bot.domain.alarms.conditions import (
    AnomalyBand,
    Child,
    Composite,
    Condition,
    Expression,
    Metric,
    Rule,
    Series,
)
from bot.domain.alarms.evidence_reading import treatment
from bot.domain.alarms.fields import Fields

_BAND = "ANOMALY_DETECTION_BAND"


def read_condition(source: Fields, told: Rule, evidence: Evidence) -> Condition | None:
    """What `source` says is watched; None when it does not say.

    Args:
        source: `Trigger`, a row, or `configuration`.
        told: the rule as far as the reason's sentence tells it.
        evidence: for the bounds of a band.
    """
    rule, rows = _rule(source, told), source.rows("metrics")
    band = _band(source, rows)
    if band:
        return _anomaly(band, rows, rule, evidence)
    formulas = [row for row in rows if row.text("expression")]
    if formulas:
        return _expression(source, formulas, rows, rule)
    series = [found for row in rows if (found := _series(row))]
    direct = series[0] if series else _direct(source)
    return Metric(direct, rule) if direct.name or rule.threshold is not None else None


def read_composite(rule: str | None, children: Sequence[Fields]) -> Composite:
    """An alarm about alarms; `children` are the objects of those that led to the change."""
    return Composite(rule, tuple(child for row in children if (child := _child(row))))


def _child(row: Fields) -> Child | None:
    name, state = row.text("arn", "alarmarn", "name", "alarmname"), row.inner("state")
    if not name:
        return None
    return Child(alarm_name(name), state.text("value"), state.moment("timestamp"))


def _rule(source: Fields, told: Rule) -> Rule:
    threshold, periods = source.number("threshold"), source.count("evaluationperiods")
    return Rule(
        comparison=source.text("comparisonoperator") or told.comparison,
        threshold=told.threshold if threshold is None else threshold,
        periods=periods or told.periods,
        needed=source.count("datapointstoalarm") or (None if periods else told.needed),
        missing=treatment(source.text("treatmissingdata")) or told.missing,
    )


def _band(source: Fields, rows: Sequence[Fields]) -> Fields | None:
    limit = source.text("thresholdmetricid")
    for row in rows:
        formula = row.text("expression") or ""
        if formula and (formula.startswith(_BAND) or (limit and row.text("id") == limit)):
            return row
    return None


def _anomaly(band: Fields, rows: Sequence[Fields], rule: Rule, evidence: Evidence) -> AnomalyBand:
    others = [row for row in rows if row is not band]
    returned = [row for row in others if row.value("returndata") is True]
    watched = [found for row in (*returned, *others) if (found := _series(row) or _labelled(row))]
    formula = band.text("expression") or _BAND
    first = watched[0] if watched else None
    return AnomalyBand(first, formula, evidence.lower, evidence.upper, rule)


def _expression(
    source: Fields, formulas: Sequence[Fields], rows: Sequence[Fields], rule: Rule
) -> Expression:
    returned = [row for row in formulas if row.value("returndata") is True]
    row = (returned or formulas)[0]
    series = tuple(found for each in rows if (found := _series(each)))
    inside = next((each.period for each in series if each.period), None)
    period = row.count("period") or source.count("period") or inside
    return Expression(row.text("expression") or "", row.text("label"), series, period, rule)


def _series(row: Fields) -> Series | None:
    """The metric in a row of `Metrics`; None when it is a formula."""
    stat = row.inner("metricstat")
    metric = stat.inner("metric")
    name = metric.text("metricname", "name")
    if not name:
        return None
    return Series(
        namespace=metric.text("namespace"),
        name=name,
        dimensions=metric.pairs("dimensions"),
        statistic=stat.text("stat"),
        period=stat.count("period"),
        unit=stat.text("unit"),
    )


def _labelled(row: Fields) -> Series | None:
    name = row.text("label", "expression")
    return Series(name=name, period=row.count("period")) if name else None


def _direct(source: Fields) -> Series:
    return Series(
        namespace=source.text("namespace"),
        name=source.text("metricname"),
        dimensions=source.pairs("dimensions"),
        statistic=source.text("statistic", "extendedstatistic"),
        period=source.count("period"),
        unit=source.text("unit"),
    )
