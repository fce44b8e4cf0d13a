"""What the bot measures of itself, for whoever watches it.

Names and units are what the deployment's alarms are defined on.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Name(Enum):
    """What is measured; the value is the metric's name.

    A heartbeat is 1 while the bot runs.  `CLOSES_AGE` is by how much the newest close lags behind
    the newest that is final: 0 while nothing is missing, whatever the day.
    """

    HEARTBEAT = "Heartbeat"
    FORECASTS_SERVED = "ForecastsServed"
    LATENCY = "Latency"
    FORECAST_ERROR = "ForecastError"
    NAIVE_ERROR = "NaiveError"
    BAND_HITS = "BandHits"
    OUTBOX_AGE = "OutboxAge"
    CLOSES_AGE = "ClosesAge"


class Unit(Enum):
    """What a value counts; the value is CloudWatch's word."""

    COUNT = "Count"
    SECONDS = "Seconds"
    PERCENT = "Percent"


UNITS = {
    Name.HEARTBEAT: Unit.COUNT,
    Name.FORECASTS_SERVED: Unit.COUNT,
    Name.LATENCY: Unit.SECONDS,
    Name.FORECAST_ERROR: Unit.PERCENT,
    Name.NAIVE_ERROR: Unit.PERCENT,
    Name.BAND_HITS: Unit.PERCENT,
    Name.OUTBOX_AGE: Unit.SECONDS,
    Name.CLOSES_AGE: Unit.SECONDS,
}
"""Errors are means of percentages of the close over 20 sessions and all shares; hits are 100 inside
of the 80 % band and 0 outside, close by close."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Values of one thing, all of one minute.

    Attributes:
        name: what was measured.
        values: in the unit of `UNITS`; never empty.
        moment: aware.
    """

    name: Name
    values: tuple[float, ...]
    moment: datetime
