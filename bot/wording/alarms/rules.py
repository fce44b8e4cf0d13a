"""The rule of a composite alarm as a sentence.

    ALARM("arn:…:alarm:a") AND NOT OK(b)   ──in_words()──▶   “a” em alarme e não “b” normal

Source of the language: CloudWatch API, PutCompositeAlarm, AlarmRule.  What is not of it stays.
"""

import re

from bot.domain.alarms import alarm_name
from bot.wording.alarms import terms

_WORDS = {"AND": "e", "OR": "ou", "NOT": "não", "TRUE": "sempre", "FALSE": "nunca"}
_TOKEN = re.compile(
    r"\b(?P<state>ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>[^()\"]+?))\s*\)"
    r"|(?P<text>\"[^\"]*\")"
    r"|\b(?P<word>AND|OR|NOT|TRUE|FALSE)\b"
)


def in_words(rule: str) -> str:
    """The rule in Portuguese, with names in place of ARNs."""
    return " ".join(_TOKEN.sub(_token, rule).split())


def _token(found: re.Match[str]) -> str:
    if found["state"]:
        name = found["quoted"] if found["quoted"] is not None else found["bare"]
        return f"“{alarm_name(name)}” {terms.state(found['state'])}"
    return _WORDS[found["word"]] if found["word"] else found["text"]
