"""Widgets of a CloudWatch dashboard, laid out three a row.

Source of the format: CloudWatch API, "Dashboard body structure and syntax".  A value that only
CloudFormation knows becomes `${…}` in the text, which is filled in by Fn::Sub.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from deploy.stack.cloudformation import Json, filled_in
from deploy.stack.metrics import Series

WIDTH, HEIGHT, ACROSS = 8, 6, 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: a series, or a formula over names that hidden lines carry.

    Attributes:
        label: in Portuguese, with the unit.
        name: by which a formula refers to this line.
    """

    label: str
    series: Series | None = None
    name: str = ""
    formula: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over time.

    Attributes:
        mark: a horizontal line to compare with, and its label.
        seconds: length of a point.
    """

    title: str
    lines: tuple[Line, ...]
    mark: tuple[str, float] | None = None
    seconds: int = 300


def laid_out(charts: Sequence[Chart], region: str, top: int) -> list[Json]:
    """The widgets, from the row `top` down."""
    return [
        {
            "type": "metric",
            "x": at % ACROSS * WIDTH,
            "y": top + at // ACROSS * HEIGHT,
            "width": WIDTH,
            "height": HEIGHT,
            "properties": _properties(chart, region),
        }
        for at, chart in enumerate(charts)
    ]


def _properties(chart: Chart, region: str) -> Json:
    found: Json = {
        "title": chart.title,
        "region": region,
        "view": "timeSeries",
        "period": chart.seconds,
        "yAxis": {"left": {"min": 0, "showUnits": False}},
        "metrics": [_line(line) for line in chart.lines],
    }
    if chart.mark:
        label, value = chart.mark
        found["annotations"] = {"horizontal": [{"label": label, "value": value}]}
    return found


def _line(line: Line) -> list[str | Json]:
    look: Json = {"label": line.label}
    if line.name:
        look["id"] = line.name
    if line.hidden:
        look["visible"] = False
    if line.series is None:
        return [{**look, "expression": line.formula}]
    metric = line.series.metric
    pairs = [text for name, value in metric.dimensions for text in (name, filled_in(value))]
    return [metric.namespace, metric.name, *pairs, {**look, "stat": line.series.statistic}]
