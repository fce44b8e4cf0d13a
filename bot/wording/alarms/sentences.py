"""What an alarm means, in one sentence without markup.

CPUUtilization média em 5 min ficou em 93,1 % (limite: acima de 80 %, 3 de 3 períodos).
"""

import operator
from collections.abc import Callable
from functools import singledispatch

from bot.domain.alarms import (
    Alarm,
    AnomalyBand,
    Composite,
    Expression,
    Metric,
    Rule,
    Series,
    State,
)
from bot.wording.alarms import terms
from bot.wording.alarms.figures import figures, unit_of
from bot.wording.messages import listed

CHILDREN_SHOWN = 5
"""Alarms that are named of those that led to a composite one; more are counted."""

_BREAKS: dict[str, Callable[[float, float], bool]] = {
    "greaterthanthreshold": operator.gt,
    "greaterthanorequaltothreshold": operator.ge,
    "lessthanthreshold": operator.lt,
    "lessthanorequaltothreshold": operator.le,
}
_UNCHECKED = "Unchecked: Initial alarm creation"
_NAMELESS, _FORMULA = "o valor vigiado", "o cálculo"


def sentence(alarm: Alarm) -> str:
    """The sentence; plain text, of any length."""
    if (alarm.reason or "").startswith(_UNCHECKED):
        return "O alarme acaba de ser criado ou alterado e ainda não foi avaliado."
    said = _of(alarm.condition, alarm)
    if alarm.evidence.contributors:
        some, every = alarm.evidence.contributors
        said = f"{said} {some} de {every} séries em alarme."
    return said


@singledispatch
def _of(_condition: object, alarm: Alarm) -> str:
    """When the message does not say what is watched."""
    if alarm.state == State.ALARM:
        return "O limite do alarme foi ultrapassado; a mensagem não diz qual."
    if alarm.state == State.OK:
        return "Tudo de volta ao normal; a mensagem não diz o que é vigiado."
    if alarm.state == State.INSUFFICIENT_DATA:
        return "Faltam dados para avaliar o alarme."
    return "A mensagem não diz o que mudou."


@_of.register
def _metric(condition: Metric, alarm: Alarm) -> str:
    what = watched_words(condition.series)
    return _against_threshold(what, unit_of(condition.series), condition.rule, alarm)


@_of.register
def _expression(condition: Expression, alarm: Alarm) -> str:
    label = condition.label or ""
    named = label and not label.removeprefix("Expression").isdecimal()
    what = label if named else _FORMULA  # CloudWatch's own labels count: Expression1
    period = f" em {terms.period(condition.period)}" if condition.period else ""
    return _against_threshold(what + period, None, condition.rule, alarm)


@_of.register
def _anomaly(condition: AnomalyBand, alarm: Alarm) -> str:
    series = condition.watched or Series()
    unit, values = unit_of(series), alarm.evidence.values[:1]
    bounds = [bound for bound in (condition.lower, condition.upper) if bound is not None]
    shown = figures((*values, *bounds), unit)
    band = _band(condition, shown[len(values) :])
    limit = _in_brackets([band, _periods(condition.rule)])
    return _said(watched_words(series), shown[0] if values else None, limit, condition.rule, alarm)


@_of.register
def _composite(condition: Composite, alarm: Alarm) -> str:
    if not condition.children:
        return f"Alarme composto, agora {terms.state(alarm.state)}."
    children = [
        f"“{child.name}” {terms.state(child.state)}" if child.state else f"“{child.name}”"
        for child in condition.children[:CHILDREN_SHOWN]
    ]
    more = len(condition.children) - len(children)
    return (
        f"Alarme composto; mudou com {listed([*children, f'mais {more}'] if more else children)}."
    )


def _against_threshold(what: str, unit: str | None, rule: Rule, alarm: Alarm) -> str:
    value, threshold = _telling(alarm, rule), rule.threshold
    numbers = tuple(number for number in (value, threshold) if number is not None)
    shown = figures(numbers, unit)
    limit = "" if threshold is None else f"limite: {terms.comparison(rule.comparison, shown[-1])}"
    brackets = _in_brackets([limit, _periods(rule)])
    return _said(what, shown[0] if value is not None else None, brackets, rule, alarm)


def _said(what: str, value: str | None, limit: str, rule: Rule, alarm: Alarm) -> str:
    empty = alarm.evidence.empty
    # Names of metrics keep their letters also where a sentence begins.
    start = what[0].upper() + what[1:] if what.startswith((_NAMELESS, _FORMULA)) else what
    if alarm.state == State.INSUFFICIENT_DATA or (value is None and empty):
        since = f" por {empty} período{'s' if empty > 1 else ''}" if empty else ""
        treated = f"; {terms.treatment(rule.missing)}" if rule.missing else ""
        return f"{start} ficou sem dados{since}{limit}{treated}."
    if value is None:
        return f"Este alarme vigia {what}{limit}."
    back = alarm.state == State.OK and alarm.previous == State.ALARM
    return f"{start} {'voltou a' if back else 'ficou em'} {value}{limit}."


def _telling(alarm: Alarm, rule: Rule) -> float | None:
    """The newest value, and in alarm the newest that broke the limit: a few others may be good."""
    values, breaks = alarm.evidence.values, _BREAKS.get((rule.comparison or "").lower())
    if alarm.state == State.ALARM and breaks and rule.threshold is not None:
        values = (*(value for value in values if breaks(value, rule.threshold)), *values)
    return values[0] if values else None


def watched_words(series: Series) -> str:
    """A metric as it is spoken of: `CPUUtilization média em 5 min`."""
    period = f"em {terms.period(series.period)}" if series.period else ""
    words = (series.name or _NAMELESS, terms.statistic(series.statistic), period)
    return " ".join(word for word in words if word)


def _band(condition: AnomalyBand, bounds: list[str]) -> str:
    if not bounds:
        return f"limite: {terms.side(condition.rule.comparison)}"
    if len(bounds) == 1:
        return f"faixa esperada: {'até' if condition.lower is None else 'a partir de'} {bounds[0]}"
    return f"faixa esperada: {bounds[0]} a {bounds[1]}"


def _periods(rule: Rule) -> str:
    periods = rule.periods or rule.needed
    return terms.of_periods(rule.needed or periods, periods) if periods else ""


def _in_brackets(parts: list[str]) -> str:
    said = ", ".join(part for part in parts if part)
    return f" ({said})" if said else ""
