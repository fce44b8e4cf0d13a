"""Values of metrics as Brazilians read them: 93,1 % · 2,02 MB · 850 ms · 45.628.

A figure has four digits that count, and more where a value would read like the limit that it
broke.  Times and sizes go to the unit in which they are short; sizes are decimal (1 MB is 10⁶ B).
"""

from math import floor, isfinite, log10

from bot.domain.alarms import Series
from bot.wording import numbers

DIGITS = 4
_MOST_DIGITS = 15
_HUGE, _TINY = 1e15, 1e-6
"""Beyond these a number is read more easily with its power of ten."""

_TIME = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
_SIZES = (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 1.0))
_BYTES = tuple((size, f"{prefix}B") for prefix, size in _SIZES)
_BITS = tuple((size, f"{prefix}bit") for prefix, size in _SIZES)
_UNITS = {
    "seconds": (1.0, _TIME),
    "milliseconds": (1e-3, _TIME),
    "microseconds": (1e-6, _TIME),
    "percent": (1.0, ((1.0, "%"),)),
    **{
        f"{name}{stem}": (size, steps)
        for name, size in zip(
            ("tera", "giga", "mega", "kilo", ""), dict(_SIZES).values(), strict=True
        )
        for stem, steps in (("bytes", _BYTES), ("bits", _BITS))
    },
}
"""Units of CloudWatch (API, MetricDatum) by the factor to their base and the steps to show."""

_KNOWN = {
    "ModelLatency": "Microseconds",
    "OverheadLatency": "Microseconds",
    "ModelSetupTime": "Microseconds",
    "NetworkIn": "Bytes",
    "NetworkOut": "Bytes",
    "Duration": "Milliseconds",
    "TargetResponseTime": "Seconds",
    "ApproximateAgeOfOldestMessage": "Seconds",
}
"""Units that AWS documents for metrics whose alarms do not repeat them (SageMaker, EC2, …)."""


def unit_of(series: Series) -> str | None:
    """The unit in which a metric of AWS is given; None when nobody says."""
    name, namespace = series.name or "", (series.namespace or "").lower()
    if (series.statistic or "").lower() == "samplecount":
        return None
    if series.unit and series.unit.lower() != "none":
        return series.unit
    if not namespace.startswith(("aws/", "/aws/")):
        return None
    if name.endswith("Utilization"):
        return "Percent"
    return "Bytes" if name.endswith("Bytes") else _KNOWN.get(name)


def figures(values: tuple[float, ...], unit: str | None) -> list[str]:
    """The values with their unit, so exact that different ones read differently."""
    for digits in range(DIGITS, _MOST_DIGITS):
        shown = [figure(value, unit, digits) for value in values]
        if len(set(shown)) == len(set(values)):
            return shown
    return [figure(value, unit, _MOST_DIGITS) for value in values]


def figure(value: float, unit: str | None, digits: int = DIGITS) -> str:
    """One value with its unit."""
    base, _, per = (unit or "").partition("/")
    factor, steps = _UNITS.get(base.lower(), (1.0, ((1.0, ""),)))
    size = value * factor
    if not isfinite(size):
        return _number(value, digits)  # no unit is that large
    at_most = abs(size) or 1.0  # nothing at all is 0 s and 0 B
    step, sign = next((each for each in steps if at_most >= each[0]), steps[-1])
    rate = "/s" if per else ""
    return f"{_number(size / step, digits)} {sign}{rate}".removesuffix(" ").replace(" /", "/")


def _number(value: float, digits: int) -> str:
    if value and not _TINY <= abs(value) < _HUGE:
        return f"{value:.{digits - 1}e}".replace(".", ",").replace("-", numbers.MINUS)
    decimals = max(0, digits - 1 - floor(log10(abs(value)))) if value else 0
    text = numbers.decimal(value, decimals)
    return text.rstrip("0").rstrip(",") if "," in text else text
