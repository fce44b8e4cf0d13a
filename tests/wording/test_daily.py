"""The day's message: whole, as a file, and the rules that hold for all of them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.track_record import Outcome
from bot.wording.about import DISCLAIMER
from bot.wording.daily import daily
from bot.wording.markup import telegram_length
from tests.wording.golden import FOLDER
from tests.wording.pushed import FRIDAY_WENT, TUESDAY_WENT, messages
from tests.wording.scenes import REFERENCE, SCENES, at_level

MESSAGES = messages()
TEXT_LIMIT = 4096
"""Bot API, sendMessage."""
DATA_LIMIT = 64
"""Bot API, InlineKeyboardButton: bytes."""

OUTCOMES = st.builds(
    lambda level, factor, days: replace(
        TUESDAY_WENT,
        close=level,
        factor=factor,
        forecast=replace(
            TUESDAY_WENT.forecast,
            expected=level * 1.01,
            last_close=level * 0.99,
            session=REFERENCE.today.session - timedelta(days=days),
        ),
    ),
    st.floats(0.01, 1e6),
    st.floats(0.01, 100),
    st.integers(1, 10),
)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_reads_as_its_file_says(name: str) -> None:
    """Nobody changes what people read without seeing it; `python -m tests.wording.pushed` does."""
    kept = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")

    assert f"{MESSAGES[name]}\n" == kept


@given(
    st.sampled_from(list(SCENES.values())),
    st.floats(1e-2 / 42, 1e6 / 42),
    st.none() | OUTCOMES,
    st.sampled_from(["", "Nos últimos 60 pregões errei mais."]),
)
def test_every_message_fits_and_ends_by_saying_that_it_is_no_advice(
    scene: object, factor: float, before: Outcome | None, caution: str
) -> None:
    """Whatever the prices and the notes."""
    assert isinstance(scene, type(REFERENCE))
    told = daily(at_level(factor, scene), before, caution)
    tags = re.findall(r"<[^>]*>", told.text)

    assert telegram_length(told.text) <= TEXT_LIMIT
    assert told.text.splitlines()[-1] == DISCLAIMER
    assert tags == ["<b>", "</b>"] * (len(tags) // 2)
    assert all(len(one.data.encode()) <= DATA_LIMIT for row in told.buttons for one in row)


@pytest.mark.parametrize(
    ("days", "begins"), [(1, "Ontem previ "), (2, "Em seg., 27/07, previ "), (5, "Em sex., 24/07")]
)
def test_yesterday_is_said_of_the_day_before_only(days: int, begins: str) -> None:
    """On a Monday, `ontem` would be a Sunday."""
    session = REFERENCE.today.session - timedelta(days=days)
    before = replace(FRIDAY_WENT, forecast=replace(FRIDAY_WENT.forecast, session=session))

    assert daily(REFERENCE, before).text.splitlines()[-2].startswith(begins)


def test_a_corporate_action_puts_what_was_said_on_the_basis_of_the_close() -> None:
    """Otherwise a split in two would read like an error of 100 %."""
    told = TUESDAY_WENT.forecast
    before_split = replace(told, expected=told.expected * 2, last_close=told.last_close * 2)
    split = replace(TUESDAY_WENT, forecast=before_split, factor=0.5)

    assert daily(REFERENCE, split) == daily(REFERENCE, TUESDAY_WENT)
