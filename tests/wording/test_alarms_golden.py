"""Messages about alarms as files: what the operators read, whole."""

import pytest

from tests.wording.alarm_golden import FOLDER, messages

MESSAGES = messages()


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_reads_as_its_file_says(name: str) -> None:
    """Nobody changes what people read without seeing it; `tests.wording.alarm_golden` does."""
    kept = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")

    assert f"{MESSAGES[name]}\n" == kept


def test_no_file_is_left_of_a_message_that_is_gone() -> None:
    """A stale file would be taken for what people read."""
    assert {path.stem for path in FOLDER.iterdir()} == set(MESSAGES)
