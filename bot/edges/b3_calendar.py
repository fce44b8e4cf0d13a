"""B3's calendar, read from the tables beside this file.

    b3_holidays.txt ──┐
    b3_overrides.txt ─┴─load()──▶ Sessions

The holidays are generated (`make calendar`), the overrides are kept by hand: B3 announces changes
of days and hours that no library knows.  Another file of overrides may be given in their place.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib import resources
from pathlib import Path

from bot.domain.sessions import SAO_PAULO, Sessions

RUNS_OUT_WITHIN = timedelta(days=60)
"""A calendar that ends sooner than this has to be written again."""

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class BadOverride(ValueError):
    """A line of the overrides cannot be read; the message names file, line and what is wrong."""


@dataclass(slots=True)
class _Overrides:
    """What the lines of one file say."""

    closed: set[date] = field(default_factory=set)
    open: set[date] = field(default_factory=set)
    opens: dict[date, time] = field(default_factory=dict)
    closes: dict[date, time] = field(default_factory=dict)


def load(overrides: Path | None = None) -> Sessions:
    """Read the calendar of B3, corrected by `overrides` or by the file that comes with the bot.

    Raises:
        BadOverride: a line cannot be read, or gives hours to a day without a session.
        OSError: the given file cannot be read.
    """
    corrections, name = _packaged("b3_overrides.txt"), "b3_overrides.txt"
    if overrides is not None:
        corrections, name = overrides.read_text(encoding="utf-8"), str(overrides)
    changed = _parsed(corrections, name)
    holidays = [date.fromisoformat(line) for _, line in _lines(_packaged("b3_holidays.txt"))]
    days = _corrected(holidays, changed)
    for day in sorted({*changed.opens, *changed.closes} - set(days)):
        raise BadOverride(f"{name}: {day} has hours but no session")
    return Sessions(days, opens=changed.opens, closes=changed.closes)


def runs_out(sessions: Sessions, now: datetime) -> bool:
    """Whether the calendar ends so soon that its table has to be written again."""
    return sessions.last_known - now.astimezone(SAO_PAULO).date() < RUNS_OUT_WITHIN


def _packaged(name: str) -> str:
    return (resources.files("bot.edges") / name).read_text(encoding="utf-8")


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines that say something, comments taken off, with their numbers from 1."""
    said = (line.partition("#")[0].strip() for line in text.removeprefix("\ufeff").splitlines())
    return [(number, line) for number, line in enumerate(said, start=1) if line]


def _corrected(holidays: list[date], changed: _Overrides) -> tuple[date, ...]:
    """All sessions of the years that the holidays cover, ascending."""
    first = holidays[0].replace(month=1, day=1)
    last = holidays[-1].replace(month=12, day=31)
    days = (first + _ONE_DAY * index for index in range((last - first).days + 1))
    closed = (set(holidays) | changed.closed) - changed.open
    weekdays = {day for day in days if day.weekday() < _SATURDAY}
    return tuple(sorted((weekdays - closed) | changed.open))


def _parsed(text: str, name: str) -> _Overrides:
    overrides = _Overrides()
    for number, line in _lines(text):
        try:
            _apply(overrides, *line.split())
        except (TypeError, ValueError) as error:
            raise BadOverride(
                f"{name}, line {number}: {line!r} is none of 'DATE closed', 'DATE open', "
                f"'DATE opens HH:MM', 'DATE closes HH:MM'"
            ) from error
    return overrides


def _apply(overrides: _Overrides, day: str, what: str, hour: str | None = None) -> None:
    """Take one correction up; ValueError or TypeError when it makes no sense."""
    session = date.fromisoformat(day)
    match what, hour:
        case "closed", None:
            overrides.closed.add(session)
        case "open", None:
            overrides.open.add(session)
        case "opens", str():
            overrides.opens[session] = time.fromisoformat(hour)
        case "closes", str():
            overrides.closes[session] = time.fromisoformat(hour)
        case _:
            raise ValueError(what)
