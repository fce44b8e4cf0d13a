"""What the evaluation saw, from the reason's data and, where there is none, from its sentence.

    "Threshold Crossed: 2 out of the last 3 datapoints [93.1 (23/11/26 15:00:00), 85.0 (…)] were
    greater than the threshold (80.0) (minimum 2 datapoints for OK -> ALARM transition)."

Notifications of SNS have the sentence alone.  A sentence that somebody else wrote tells nothing.
"""

import re
from datetime import UTC, datetime

from bot.domain.alarms.alarm import Evidence
from bot.domain.alarms.conditions import Rule
from bot.domain.alarms.fields import Fields, as_number

LONGEST = 2_000
"""Characters of a reason that are read; CloudWatch writes at most 1,023 (API, StateReason)."""

_VALUES = re.compile(
    r"(?:datapoints?|query results?)(?: which crossed the threshold:)? "
    r"(?:\[(?P<dated>[^\]]*)\]|\((?P<bare>[^)]*)\))"
)
_DATES = re.compile(r"\([^)]*\)")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_COMPARED = re.compile(r"(greater|less) than( or equal to)? the threshold \(([^)]*)\)")
_LOWER = re.compile(r"lower thresholds \[([^\]]*)\]")
_UPPER = re.compile(r"upper thresholds \[([^\]]*)\]")
_OUT_OF = re.compile(r"[0-9]+ out of the last ([0-9]{1,9}) (?:datapoints|query results)")
_NEEDED = re.compile(r"minimum ([0-9]{1,9}) datapoints? for OK -> ALARM")
_RECEIVED = re.compile(r"no datapoints were received for ([0-9]{1,9}) period")
_UNKNOWN = re.compile(r"([0-9]{1,9}) datapoints? (?:was|were) unknown")
_TREATED = re.compile(r"treated as \[(\w+)\]")
_CONTRIBUTORS = re.compile(
    r"([0-9]{1,9}) out of ([0-9]{1,9}) (?:time series|contributors) evaluated to ALARM"
)
_NEVER = datetime.min.replace(tzinfo=UTC)


def read_evidence(reason: str | None, details: Fields) -> Evidence:
    """What was seen.

    Args:
        reason: the sentence.
        details: the reason's data, as CloudWatch documents it; may be empty.
    """
    sentence = (reason or "")[:LONGEST]
    values = _evaluated(details) or _in_sentence(sentence) or _recent(details, "recentdatapoints")
    contributors = _CONTRIBUTORS.search(sentence)
    lower = _recent(details, "recentlowerthresholds") or _numbers_in(_LOWER, sentence)
    upper = _recent(details, "recentupperthresholds") or _numbers_in(_UPPER, sentence)
    return Evidence(
        values=values,
        lower=lower[0] if lower else None,
        upper=upper[0] if upper else None,
        empty=None if values else _count(_RECEIVED, sentence) or _count(_UNKNOWN, sentence),
        contributors=(int(contributors[1]), int(contributors[2])) if contributors else None,
    )


def read_rule(reason: str | None, details: Fields) -> Rule:
    """The rule, as far as the reason tells it."""
    sentence = (reason or "")[:LONGEST]
    compared = _COMPARED.search(sentence)
    threshold = details.number("threshold")
    treated = _TREATED.search(sentence)
    return Rule(
        comparison=_comparison(compared) if compared else _band_side(sentence),
        threshold=as_number(compared[3]) if threshold is None and compared else threshold,
        periods=_count(_OUT_OF, sentence),
        needed=_count(_NEEDED, sentence),
        missing=treatment(treated[1] if treated else None),
    )


_TREATMENTS = {
    "missing": "missing",
    "breaching": "breaching",
    "notbreaching": "notBreaching",
    "nonbreaching": "notBreaching",
    "ignore": "ignore",
}


def treatment(text: str | None) -> str | None:
    """One of the four words; some messages have them as `- TreatMissingData:   missing`."""
    return _TREATMENTS.get((text or "").rpartition(":")[2].strip().lower())


def _comparison(found: re.Match[str]) -> str:
    return f"{found[1].title()}Than{'OrEqualTo' if found[2] else ''}Threshold"


def _band_side(sentence: str) -> str | None:
    below, above = bool(_LOWER.search(sentence)), bool(_UPPER.search(sentence))
    return {
        (True, True): "LessThanLowerOrGreaterThanUpperThreshold",
        (True, False): "LessThanLowerThreshold",
        (False, True): "GreaterThanUpperThreshold",
    }.get((below, above))


def _evaluated(details: Fields) -> tuple[float, ...]:
    """Values with their moments, newest first; `results` are those of alarms on logs."""
    rows = details.rows("evaluateddatapoints", "results")
    found = (row.number("value") for row in sorted(rows, key=_when, reverse=True))
    return tuple(value for value in found if value is not None)


def _when(row: Fields) -> datetime:
    return row.moment("timestamp") or _NEVER


def _in_sentence(sentence: str) -> tuple[float, ...]:
    found = _VALUES.search(sentence)
    if not found:
        return ()
    return _numbers(_DATES.sub("", found["dated"]) if found["dated"] else found["bare"] or "")


def _recent(details: Fields, name: str) -> tuple[float, ...]:
    """Values without moments, which CloudWatch lists oldest first; here newest first."""
    listed = details.value(name)
    found = [as_number(value) for value in listed] if isinstance(listed, list) else []
    return tuple(value for value in reversed(found) if value is not None)


def _numbers_in(pattern: re.Pattern[str], sentence: str) -> tuple[float, ...]:
    found = pattern.search(sentence)
    return _numbers(_DATES.sub("", found[1])) if found else ()


def _numbers(text: str) -> tuple[float, ...]:
    found = (as_number(number) for number in _NUMBER.findall(text))
    return tuple(number for number in found if number is not None)


def _count(pattern: re.Pattern[str], sentence: str) -> int | None:
    found = pattern.search(sentence)
    return int(found[1]) if found else None
