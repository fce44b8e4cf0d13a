"""What CloudWatch is to draw of an alarm: its metric over three hours, and its limit.

Source: CloudWatch API, "GetMetricWidgetImage: Metric Widget Structure and Syntax".  Formulas are
not drawn: the message that told of them names their parts without the letters that a formula uses.
"""

import json
import re
from typing import Any

from bot.domain.alarms import Alarm, AnomalyBand, Metric, Rule, Series

START = "-PT3H"
WIDTH, HEIGHT = 800, 400
USUAL_PERIOD = 300
"""Seconds; where the message does not say."""

_OF = re.compile(r"\(\s*\w+")
"""What the band is of: the first thing in the brackets of its formula."""

_STATISTICS = {
    "average": "Average",
    "sum": "Sum",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "samplecount": "SampleCount",
}
"""A notification writes them in capital letters, a widget wants them as the API does."""


def widget(alarm: Alarm) -> str | None:
    """The widget's JSON; None when there is no single metric to draw."""
    match alarm.condition:
        case Metric(series, rule) if series.namespace and series.name:
            return json.dumps(_drawn(alarm, [_row(series, {})], _limits(rule), series))
        case AnomalyBand(Series(namespace=str(), name=str()) as series, band):
            formula = {"expression": _OF.sub("(watched", band), "label": "faixa esperada"}
            rows = [_row(series, {"id": "watched"}), [formula]]
            return json.dumps(_drawn(alarm, rows, [], series))
        case _:
            return None


def _drawn(alarm: Alarm, rows: list[Any], limits: list[Any], series: Series) -> dict[str, Any]:
    return {
        "metrics": rows,
        "title": alarm.name,
        "region": alarm.region,
        "stat": _STATISTICS.get((series.statistic or "average").lower(), series.statistic),
        "period": series.period or USUAL_PERIOD,
        "start": START,
        "timezone": "-0300",
        "width": WIDTH,
        "height": HEIGHT,
        **({"annotations": {"horizontal": limits}} if limits else {}),
    }


def _row(series: Series, options: dict[str, str]) -> list[Any]:
    named = [part for pair in series.dimensions for part in pair]
    return [series.namespace, series.name, *named, options]


def _limits(rule: Rule) -> list[Any]:
    if rule.threshold is None:
        return []
    return [{"value": rule.threshold, "label": "limite", "color": "#d62728"}]
