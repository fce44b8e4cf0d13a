"""Messages about alarms over their life: whole, fitting, and naming everything."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alarms import Alarm
from bot.domain.alarms.keeping import Form
from bot.wording.alarms import overview, pages, posting
from bot.wording.alarms.buttons import Press, read_press, under_posting
from bot.wording.markup import LONGEST_TEXT, plain, telegram_length
from deploy.local.telegram.formatting.html_markup import parse_html
from tests.alarm_guard import NOW, OPERATOR, later
from tests.wording.posting_golden import CPU, FOLDER, TAKEN_ON, kept, messages

MESSAGES = messages()


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_reads_as_its_file_says(name: str) -> None:
    """Nobody changes what people read without seeing it; `tests.wording.posting_golden` does."""
    kept_text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")

    assert f"{MESSAGES[name]}\n" == kept_text


def test_no_file_is_left_of_a_message_that_is_gone() -> None:
    """A stale file would be taken for what people read."""
    assert {path.stem for path in FOLDER.iterdir()} == set(MESSAGES)


@given(st.lists(st.text(max_size=300), min_size=1, max_size=150))
def test_every_page_of_a_digest_fits_and_every_alarm_is_on_one(names: list[str]) -> None:
    """Also when all of its lines have grown by what became of the alarms."""
    storm = [kept(name, number=number) for number, name in enumerate(names)]
    divided = pages(storm)

    assert [each for page in divided for each in page] == storm
    for page in divided:
        done = [
            replace(each, acknowledged_by=OPERATOR, acknowledged_at=NOW, silenced_until=later())
            for each in page
        ]
        text = posting("d", Form.DIGEST, done, NOW, lambda _: None).text
        assert telegram_length(text) <= LONGEST_TEXT
        assert parse_html(text).text == plain(text).strip()


@given(st.text(max_size=400), st.text(max_size=80))
def test_names_of_alarms_and_people_break_nothing(name: str, person: str) -> None:
    """Both are written by others."""
    alarm = replace(kept(name), acknowledged_by=OPERATOR, acknowledged_at=NOW)
    for form in Form:
        text = posting("x", form, [alarm], NOW + timedelta(hours=1), lambda _: person).text
        assert parse_html(text).text == plain(text).strip()
    elsewhere = [Alarm(name, "ALARM")] * 60
    listed = overview([(alarm, "x")] * 60, elsewhere).text
    assert telegram_length(listed) <= 2 * LONGEST_TEXT
    assert parse_html(listed).text == plain(listed).strip()


@pytest.mark.parametrize(
    ("data", "press"),
    [
        ("al:r:5b6c-f7", Press("5b6c-f7")),
        ("al:l:5b6c-f7", Press("5b6c-f7", listed=True)),
        ("al:s4:d6a-5b", Press("d6a-5b", 4)),
        ("al:s24:x", Press("x", 24)),
        ("al:s2:x", None),
        ("al:r:", None),
        ("al:r:x:y", None),
        ("sub:lista", None),
    ],
)
def test_a_button_carries_what_is_read_from_it(data: str, press: Press | None) -> None:
    """Nothing that no version of the bot has made is believed."""
    assert read_press(data) == press


def test_every_button_fits_into_telegram_s_64_bytes() -> None:
    """With the longest name that a posting has."""
    rows = under_posting("r6a6b2f3c-5b6cc2f7-9a3f-5d0c-8a64-9f0f5d1f3c11", [CPU])
    carried = [button.data for row in rows for button in row if button.data]

    assert max(map(len, carried)) <= 64
    assert [read_press(data) is not None for data in carried] == [True] * 4


def test_what_is_taken_on_is_not_offered_again() -> None:
    """It can still be silenced."""
    labels = [[button.label for button in row] for row in under_posting("x", [TAKEN_ON])]

    assert labels == [["Abrir"], ["Silenciar 1 h", "Silenciar 4 h", "Silenciar 24 h"]]
