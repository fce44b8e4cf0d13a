"""What operators read: short enough for a phone, and never more than a kind, a count and a code."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.operations import Incident, Trouble
from bot.wording.markup import plain, telegram_length
from bot.wording.operators import TROUBLES, status, stopped, trouble
from tests.wording.pushed import NOW, STATUS, WELL

PHONE = 42
"""Characters of a line that a narrow phone shows without breaking it, about."""


@pytest.mark.parametrize("name", STATUS)
def test_no_line_of_the_status_breaks_on_a_phone(name: str) -> None:
    """Operators look at it in the street."""
    assert [line for line in plain(status(STATUS[name])).splitlines() if len(line) > PHONE] == []


@given(st.integers(0, 10**6))
def test_the_status_fits_into_one_message_however_much_there_is(many: int) -> None:
    """Shares are counted beyond the first ones."""
    closes = WELL.closes * (many % 500)
    backlog = replace(WELL.storage, seconds=float(many))

    assert telegram_length(status(replace(WELL, closes=closes, storage=backlog))) <= 1000


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3600, "há 0 s"),
        (0, "há 0 s"),
        (59.9, "há 59 s"),
        (60, "há 1 min"),
        (3599, "há 59 min"),
        (3600, "há 1 h"),
        (3660, "há 1 h 1 min"),
        (86_399, "há 23 h 59 min"),
        (86_400, "há 1 d"),
        (90_000, "há 1 d 1 h"),
    ],
)
def test_how_long_ago_is_said_with_two_units_at_most(seconds: float, said: str) -> None:
    """A glance is enough; a clock that was set back gives no negative age."""
    heading = status(replace(WELL, started=NOW - timedelta(seconds=seconds))).splitlines()[0]

    assert heading.endswith(said)


def test_every_kind_of_trouble_has_its_words() -> None:
    """A kind without words would be an error while telling of an error."""
    assert set(TROUBLES) == set(Trouble)


def test_a_code_or_version_cannot_carry_markup() -> None:
    """A notice that Telegram refuses tells nobody anything."""
    told = trouble(Incident(Trouble.JOB, 1, NOW, "<b>"))

    assert told.text.endswith("código <code>&lt;b&gt;</code>")
    assert stopped("<1>").text == "Bot encerrado, versão &lt;1&gt;."
