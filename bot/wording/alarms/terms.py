"""CloudWatch's words in Portuguese, one by one.

A word that CloudWatch invents later is shown as it stands rather than hidden.
"""

from datetime import timedelta

from bot.domain.alarms import Severity, State

_STATES = {
    State.ALARM: ("🔴", "em alarme"),
    State.OK: ("🟢", "normal"),
    State.INSUFFICIENT_DATA: ("⚪", "sem dados suficientes"),
}
_UNKNOWN = "❔"

_STATISTICS = {
    "average": "média",
    "sum": "soma",
    "maximum": "máximo",
    "minimum": "mínimo",
    "samplecount": "contagem de amostras",
    "iqm": "média interquartil",
}

_COMPARISONS = {
    "greaterthanthreshold": "acima de",
    "greaterthanorequaltothreshold": "igual ou acima de",
    "lessthanthreshold": "abaixo de",
    "lessthanorequaltothreshold": "igual ou abaixo de",
}

_SIDES = {
    "greaterthanupperthreshold": "acima da faixa esperada",
    "lessthanlowerthreshold": "abaixo da faixa esperada",
    "lessthanlowerorgreaterthanupperthreshold": "fora da faixa esperada",
}

_TREATMENTS = {
    "missing": "a falta de dados suspende a avaliação",
    "breaching": "a falta de dados conta como violação",
    "notBreaching": "a falta de dados conta como normal",
    "ignore": "a falta de dados mantém o estado anterior",
}

_SEVERITIES = {Severity.CRITICAL: "crítico", Severity.WARNING: "", Severity.INFO: "informativo"}

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
_PERIODS = ((_DAY, "dia", "dias"), (_HOUR, "h", "h"), (_MINUTE, "min", "min"))


def state(word: str) -> str:
    """A state, to stand inside a sentence; an unknown one as CloudWatch calls it."""
    if word in _STATES:
        return _STATES[State(word)][1]
    return f"em estado desconhecido ({word})" if word else "em estado desconhecido"


def icon(word: str) -> str:
    """A coloured sign for a state."""
    return _STATES[State(word)][0] if word in _STATES else _UNKNOWN


def statistic(word: str | None) -> str:
    """`média`, `p95`, …; empty when it is not known."""
    return _STATISTICS.get((word or "").lower(), word or "")


def comparison(word: str | None, limit: str) -> str:
    """`acima de 80 %`."""
    return f"{_COMPARISONS.get((word or '').lower(), word or '')} {limit}".strip()


def side(word: str | None) -> str:
    """Which side of the expected band is an alarm."""
    return _SIDES.get((word or "").lower(), _SIDES["lessthanlowerorgreaterthanupperthreshold"])


def treatment(word: str | None) -> str:
    """What a lack of data means to the alarm; empty when it is not known."""
    return _TREATMENTS.get(word or "", "")


def severity(grade: Severity) -> str:
    """The severity, where it is worth a word."""
    return _SEVERITIES[grade]


def period(seconds: int) -> str:
    """`5 min`, `90 s`, `1 dia`: the largest unit that gives a whole number."""
    for size, one, more in _PERIODS:
        if seconds % size == 0:
            count = seconds // size
            return f"{count} {one if count == 1 else more}"
    return f"{seconds} s"


def duration(lasted: timedelta) -> str:
    """`menos de 1 min`, `12 min`, `3 h 05 min`, `2 dias e 3 h`."""
    minutes = int(lasted.total_seconds() // _MINUTE)
    hours, days = minutes // 60, minutes // (60 * 24)
    if minutes < 1:
        return "menos de 1 min"
    if days:
        rest = f" e {hours % 24} h" if hours % 24 else ""
        return f"{days} dia{'s' if days > 1 else ''}{rest}"
    return f"{hours} h {minutes % 60:02} min" if hours else f"{minutes} min"


def of_periods(needed: int, periods: int) -> str:
    """`3 de 3 períodos`."""
    return f"{needed} de {periods} período{'s' if periods > 1 else ''}"
