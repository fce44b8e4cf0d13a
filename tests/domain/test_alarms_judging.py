"""What follows from messages in whatever order they come."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from bot.domain.alarms import Alarm, Text
from bot.domain.alarms.judging import STORM, judge, next_reminder, reminders_past
from bot.domain.alarms.keeping import Form, Kept, Known
from tests.alarm_guard import NOW, later


def alarm(state: str, since: datetime | None = NOW, name: str = "cpu") -> Alarm:
    """A change of state."""
    return Alarm(name, state, since=since)


def kept(number: int, since: datetime) -> Kept:
    """A change into alarm that is open."""
    return Kept(number, f"m{number}", "cpu", alarm("ALARM", since), since, since)


def test_an_alarm_is_on_from_the_moment_that_it_names() -> None:
    """Messages may be hours late."""
    found = judge(alarm("ALARM"), later(hours=1), Known(), later(hours=2))

    assert (found.since, found.resolved_at, found.next_reminder) == (
        NOW,
        None,
        later(hours=2, minutes=15),
    )
    assert (found.form, found.late, found.waits, found.silent) == (Form.CHANGE, False, False, False)


@pytest.mark.parametrize(("moment", "since"), [(later(hours=1), later(hours=1)), (None, NOW)])
def test_without_a_moment_it_is_that_of_the_message(
    moment: datetime | None, since: datetime
) -> None:
    """Minimal messages say nothing of when."""
    assert judge(alarm("ALARM", None), moment, Known(), NOW).since == since


def test_ok_ends_what_was_on_before() -> None:
    """How long it lasted is told from the first of them."""
    known = Known((kept(1, NOW), kept(2, later(minutes=5))), ("ALARM", later(minutes=5)))
    found = judge(alarm("OK", later(minutes=12)), None, known, later(minutes=13))

    assert (found.over, found.replaces, found.lasted) == ((1, 2), False, timedelta(minutes=12))
    assert (found.form, found.silent) == (Form.OVER, True)


def test_ok_of_an_older_moment_changes_nothing() -> None:
    """It belongs to an alarm before."""
    known = Known((kept(1, later(minutes=20)),), ("ALARM", later(minutes=20)))
    found = judge(alarm("OK", later(minutes=12)), None, known, later(minutes=21))

    assert (found.over, found.form, found.late) == ((), Form.CHANGE, True)


def test_a_lack_of_data_ends_no_alarm() -> None:
    """Nobody has said that all is well."""
    known = Known((kept(1, NOW),), ("ALARM", NOW))
    found = judge(alarm("INSUFFICIENT_DATA", later(minutes=1)), None, known, later(minutes=1))

    assert (found.over, found.next_reminder, found.silent) == ((), None, True)


def test_what_is_more_than_a_few_a_minute_waits() -> None:
    """It is told with the others."""
    waits = [judge(alarm("ALARM"), None, Known(lately=count), NOW).waits for count in range(7)]

    assert waits == [False] * STORM + [True] * 2


def test_silence_that_is_over_is_no_silence() -> None:
    """Only until then."""
    ended, going = (
        judge(alarm("ALARM"), None, Known(silenced_until=until), NOW)
        for until in (NOW, later(hours=1))
    )

    assert (ended.silent, ended.silenced_until) == (False, None)
    assert (going.silent, going.silenced_until) == (True, later(hours=1))
    assert going.next_reminder == later(hours=1)


@pytest.mark.parametrize(
    ("says", "silent"),
    [
        (alarm("ALARM", name="critico-x"), False),
        (alarm("ALARM", name="info-x"), True),
        (alarm("OK"), True),
        (alarm("INSUFFICIENT_DATA"), True),
        (alarm("SOMETHING_NEW"), True),
        (Text("Aviso", "Manutenção"), False),
    ],
)
def test_only_what_is_in_alarm_rings_and_what_people_wrote(
    says: Alarm | Text, *, silent: bool
) -> None:
    """A phone at night."""
    assert judge(says, NOW, Known(), NOW).silent is silent


def test_reminders_come_at_their_hours_and_end() -> None:
    """Then /alarmes is the place to look."""
    assert [next_reminder(NOW, past, None) for past in range(4)] == [
        later(minutes=15),
        later(hours=1),
        later(hours=4),
        None,
    ]
    assert [reminders_past(NOW, later(minutes=each)) for each in (14, 15, 61, 999)] == [0, 1, 2, 3]


def test_a_silence_ends_with_a_reminder_even_after_the_last() -> None:
    """Silenced is not forgotten."""
    assert next_reminder(NOW, 3, later(hours=9)) == later(hours=9)
    assert next_reminder(NOW, 0, later(minutes=5)) == later(minutes=15)


CHANGES = (
    ("ALARM", NOW),
    ("OK", later(minutes=10)),
    ("ALARM", later(minutes=20)),
    ("OK", later(minutes=30)),
)


@pytest.mark.parametrize("last", [3, 4])
def test_in_whatever_order_they_come_the_end_is_the_same(last: int) -> None:
    """SQS promises no order."""
    ends = {_end(order) for order in permutations(CHANGES[:last])}

    assert ends == {(later(minutes=20),) if last == 3 else ()}


def _end(order: tuple[tuple[str, datetime], ...]) -> tuple[datetime, ...]:
    """When those began that are on once all have come."""
    going: dict[int, Kept] = {}
    told: list[tuple[datetime, str]] = []
    for number, (state, since) in enumerate(order):
        newest = max(told) if told else None
        known = Known(
            tuple(sorted(going.values(), key=lambda each: each.since)),
            (newest[1], newest[0]) if newest else None,
        )
        found = judge(alarm(state, since), None, known, later(hours=1))
        for each in found.over:
            del going[each]
        if state == "ALARM" and found.resolved_at is None:
            going[number] = kept(number, since)
        told.append((since, state))
    return tuple(each.since for each in going.values())
