"""JSON of which nothing is certain: asked for a text, it gives a text or None, and never fails.

CloudWatch writes the same names as `AlarmName`, `alarmName` and, in rows of the API, with other
prefixes; keys are found in any case, and by the first of several names that holds something.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import NoReturn

from bot.domain.alarms.conditions import Pairs

_EARLIEST, _LATEST = 1970, 2200
"""Years in which an alarm can have changed; what lies outside cannot be shown in a time zone."""


_LONGEST_NUMBER = 10**20
"""No account has a longer one."""

_UNCOUNTED = 1e9
"""Seconds or periods that no alarm has; CloudWatch looks back over a week at most."""


_LONGEST_READ, _DEEPEST_READ = 20_000, 12
"""Characters, several times what fits into a message; and levels of nesting."""


class Fields:
    """One JSON object; anything else counts as an empty one."""

    __slots__ = ("_values",)

    def __init__(self, value: object) -> None:
        pairs = value.items() if isinstance(value, Mapping) else ()
        self._values = {str(key).lower(): each for key, each in pairs if each is not None}

    def __bool__(self) -> bool:
        return bool(self._values)

    def value(self, *names: str) -> object:
        """Whatever stands under the first of `names` that is there; None if none is."""
        return next((self._values[name] for name in names if name in self._values), None)

    def text(self, *names: str) -> str | None:
        """The first text that is not empty; whole numbers count, as account numbers may be."""
        return next((found for name in names if (found := as_text(self.value(name)))), None)

    def number(self, *names: str) -> float | None:
        """The first finite number, also when it is written as a text."""
        found = (as_number(self.value(name)) for name in names)
        return next((number for number in found if number is not None), None)

    def count(self, *names: str) -> int | None:
        """A positive whole number, as of periods or seconds; the first number must be one."""
        number = self.number(*names)
        return int(number) if number is not None and 1 <= number < _UNCOUNTED else None

    def moment(self, *names: str) -> datetime | None:
        """The first moment, UTC."""
        found = (as_moment(self.text(name)) for name in names)
        return next((moment for moment in found if moment), None)

    def inner(self, *names: str) -> "Fields":
        """The object there, also when it is JSON inside a text."""
        found = self.value(*names)
        return Fields(parsed(found) if isinstance(found, str) else found)

    def rows(self, *names: str) -> list["Fields"]:
        """The objects in the list there."""
        found = self.value(*names)
        listed = found if isinstance(found, list) else []
        return [Fields(row) for row in listed if isinstance(row, Mapping)]

    def pairs(self, *names: str) -> Pairs:
        """Names and values, from an object or from a list of objects with name (key) and value."""
        found = self.value(*names)
        if isinstance(found, Mapping):
            named = [(as_text(name), as_text(value)) for name, value in found.items()]
        else:
            rows = self.rows(*names)
            named = [(row.text("name", "key"), row.text("value")) for row in rows]
        return tuple((name, value or "") for name, value in named if name)

    def texts(self, *names: str) -> tuple[str, ...]:
        """The texts in the list there."""
        found = self.value(*names)
        each = [as_text(one) for one in found] if isinstance(found, list) else []
        return tuple(text for text in each if text)


def parsed(text: str) -> object:
    """What the JSON in `text` stands for; None when it is none, or null."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def laid_out(text: str) -> str | None:
    """The JSON object or list in `text`, with a line for each value; None when there is none.

    None as well when it is too long to be read by a person, or nested beyond all sense: each level
    is another indentation.
    """
    value = parsed(text) if len(text) <= _LONGEST_READ else None
    if not isinstance(value, dict | list) or _nested_below(value, _DEEPEST_READ):
        return None
    return json.dumps(value, indent=2, ensure_ascii=False)


def _nested_below(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_nested_below(each, levels - 1) for each in inner)


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def as_text(value: object) -> str | None:
    """A text with something to be seen in it, in valid Unicode, trimmed; None otherwise."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < _LONGEST_NUMBER else None
    if not isinstance(value, str):
        return None
    return value.encode("utf-8", "replace").decode("utf-8").strip() or None


def as_number(value: object) -> float | None:
    """A finite number; a text counts when it is one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def as_moment(text: str | None) -> datetime | None:
    """A moment as `2026-11-23T12:00:00.000+0000`, `…Z` or any other ISO form; UTC unless it says.

    None when it is no moment, or one that no alarm can have.
    """
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if not _EARLIEST <= moment.year < _LATEST:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
