"""The messages about alarms, line by line.

Every line is cut to its length before it is escaped and tagged, and the lengths add up to less
than a message holds: tags are always balanced, and nothing has to be cut afterwards.
"""

import re
from datetime import timedelta
from html import escape

from bot.domain.alarms import (
    Alarm,
    AnomalyBand,
    Composite,
    Condition,
    Expression,
    Metric,
    Series,
    State,
    Text,
    laid_out,
    severity,
)
from bot.wording import numbers
from bot.wording.alarms import terms
from bot.wording.alarms.rules import in_words
from bot.wording.alarms.sentences import sentence, watched_words
from bot.wording.alarms.shortening import one_line, some_lines
from bot.wording.markup import bold

LONGEST = 4_096
"""UTF-16 units of a message once parsed; Bot API, sendMessage."""

_STATE, _NAME, _SENTENCE, _WHERE, _REASON, _WHOSE, _DESCRIPTION = 60, 300, 700, 350, 500, 200, 1_000
_RULE, _FORMULA, _METRICS = 600, 400, 200
_SUBJECT, _BODY = 300, 3_500
NO_NAME = "alarme sem nome"
_NO_TEXT = "(mensagem sem texto)"

_USUAL = re.compile(
    r"Thresholds? Crossed|Insufficient Data|Unchecked: Initial alarm creation"
    r"|\d+ out of \d+ (?:time series|contributors)"
    r"|arn:\S+ (?:transitioned to|was created and its alarm rule)"
)
"""How the sentences begin that CloudWatch itself writes as reasons; ours says the same."""


def alarm_message(alarm: Alarm) -> str:
    """What is read when an alarm changes its state."""
    lines = (
        _heading(alarm),
        escape(one_line(sentence(alarm), _SENTENCE)),
        _detail(alarm.condition),
        _where(alarm),
        _reason(alarm),
        _since(alarm),
        _whose(alarm),
        _description(alarm),
    )
    return "\n".join(line for line in lines if line)


def resolved(alarm: Alarm, lasted: timedelta | None) -> str:
    """A brief answer to the alarm's own message: it is over, and what it was like then.

    Args:
        alarm: its change back to normal.
        lasted: how long it was in alarm; None when the beginning is not known.
    """
    after = f" depois de {terms.duration(lasted)}" if lasted is not None else ""
    said = f"{terms.icon(State.OK)} {bold(_name(alarm))} voltou ao normal{after}."
    if not alarm.evidence.values:
        return said
    return f"{said}\n{escape(one_line(sentence(alarm), _SENTENCE))}"


def text_message(text: Text) -> str:
    """What is read of a message that is no alarm; JSON is set out in lines."""
    subject = one_line(text.subject or "", _SUBJECT)
    structure = laid_out(text.body)
    shown = escape(some_lines(structure or text.body, _BODY)) or _NO_TEXT
    lines = (bold(subject) if subject else "", f"<pre>{shown}</pre>" if structure else shown)
    return "\n".join(line for line in lines if line)


def _heading(alarm: Alarm) -> str:
    state = one_line(terms.state(alarm.state), _STATE)
    grade = terms.severity(severity(alarm.name, alarm.tags, alarm.description))
    heading = f"{terms.icon(alarm.state)} {bold(f'{_capital(state)}: {_name(alarm)}')}"
    return f"{heading} · {grade}" if grade and alarm.state != State.OK else heading


def _name(alarm: Alarm) -> str:
    return one_line(alarm.name, _NAME) or NO_NAME


def _detail(condition: Condition | None) -> str:
    """How it is worked out, where a name alone does not tell."""
    if isinstance(condition, Composite) and condition.rule:
        return escape(one_line(f"Regra: {in_words(condition.rule[: _RULE * 8])}.", _RULE))
    if isinstance(condition, Expression) and condition.formula:
        names = ", ".join(dict.fromkeys(watched_words(each) for each in condition.series))
        of = f", de {escape(one_line(names, _METRICS))}" if names else ""
        return f"Cálculo: <code>{escape(one_line(condition.formula, _FORMULA))}</code>{of}"
    return ""


def _where(alarm: Alarm) -> str:
    watched = _series(alarm.condition)
    pairs = dict.fromkeys(pair for each in watched for pair in each.dimensions)
    places = dict.fromkeys(each.namespace for each in watched if each.namespace)
    named = [f"{name}: {value}" for name, value in (*alarm.contributor, *pairs)]
    return escape(one_line(" · ".join((*places, *named)), _WHERE))


def _series(condition: Condition | None) -> tuple[Series, ...]:
    if isinstance(condition, Metric):
        return (condition.series,)
    if isinstance(condition, AnomalyBand):
        return (condition.watched,) if condition.watched else ()
    return condition.series if isinstance(condition, Expression) else ()


def _reason(alarm: Alarm) -> str:
    """What somebody wrote who set the state by hand, or what CloudWatch never wrote before."""
    reason = one_line(alarm.reason or "", _REASON)
    return f"Motivo informado: {escape(reason)}" if reason and not _USUAL.match(reason) else ""


def _since(alarm: Alarm) -> str:
    before = f"antes, {one_line(terms.state(alarm.previous), _STATE)}" if alarm.previous else ""
    since = f"desde {numbers.day_and_clock(alarm.since)}" if alarm.since else ""
    said = "; ".join(part for part in (since, before) if part)
    return f"{escape(_capital(said))}." if said else ""


def _whose(alarm: Alarm) -> str:
    account = f"Conta {alarm.account}" if alarm.account else ""
    return escape(one_line(" · ".join(part for part in (account, alarm.region) if part), _WHOSE))


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def _description(alarm: Alarm) -> str:
    words = some_lines(alarm.description or "", _DESCRIPTION)
    return f"<blockquote>{escape(words)}</blockquote>" if words else ""
