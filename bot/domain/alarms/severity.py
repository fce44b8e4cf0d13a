"""How grave an alarm is, as its author declared it.

Asked in this order; the first that names a severity decides:

1. the tag `severity` (or `severidade`);
2. the first word of the alarm's name: `critico-endpoint`, `[Aviso] fila longa`, `INFO/deploy`;
3. the first word of its description.

A word ends where its letters and digits end.  With no word an alarm is a warning: it rings.
"""

import re
import unicodedata
from enum import Enum

from bot.domain.alarms.conditions import Pairs


class Severity(Enum):
    """From what wakes somebody to what may wait."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


_TAGS = ("severity", "severidade")
_WORDS = {
    Severity.CRITICAL: ("critical", "crit", "critico", "critica", "sev1", "p1"),
    Severity.WARNING: ("warning", "warn", "aviso", "alerta", "sev2", "p2"),
    Severity.INFO: ("info", "informativo", "informativa", "notice", "sev3", "p3"),
}
_BY_WORD = {word: grade for grade, words in _WORDS.items() for word in words}
_FIRST_WORD = re.compile(r"[a-z0-9]+")


def severity(name: str, tags: Pairs = (), description: str | None = None) -> Severity:
    """The declared severity; a warning when none is declared."""
    tagged = (value for key, value in tags if key.strip().lower() in _TAGS)
    for text in (*tagged, name, description or ""):
        grade = _BY_WORD.get(_first_word(text))
        if grade:
            return grade
    return Severity.WARNING


def _first_word(text: str) -> str:
    """In small letters and without accents; empty when there is none."""
    bare = unicodedata.normalize("NFKD", text[:80]).encode("ascii", "ignore").decode("ascii")
    found = _FIRST_WORD.search(bare.lower())
    return found.group() if found else ""
