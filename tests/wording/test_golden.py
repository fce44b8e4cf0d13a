"""Messages as files: what people read, whole."""

import pytest

from tests.wording.golden import FOLDER, messages

MESSAGES = messages()


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_reads_as_its_file_says(name: str) -> None:
    """Nobody changes what people read without seeing it; `python -m tests.wording.golden` does."""
    kept = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")

    assert f"{MESSAGES[name]}\n" == kept
