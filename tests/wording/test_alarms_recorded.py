"""What people recorded of CloudWatch, where `../shared/payloads` lies beside the project."""

import json
from pathlib import Path

import pytest

from bot.domain.alarms import Alarm, State, Text, read
from bot.wording.alarms import alarm_message, text_message
from bot.wording.alarms.messages import LONGEST
from bot.wording.markup import plain, telegram_length
from deploy.local.telegram.formatting.html_markup import parse_html

RECORDED = Path(__file__).parents[2].parent / "shared" / "payloads"
FILES = sorted([*RECORDED.glob("alarms/*.json"), *RECORDED.glob("sns/*/*.json")])
ALARMS = [path for path in FILES if "alarm." in path.name or "alarms" in path.parts] + [
    path for path in FILES if path.name.startswith("lambda-wrapped")
]
STATES = {
    State.ALARM: "Em alarme",
    State.OK: "Normal",
    State.INSUFFICIENT_DATA: "Sem dados suficientes",
}

pytestmark = pytest.mark.skipif(not FILES, reason="no recorded messages in ../shared/payloads")


def found_in(path: Path) -> Alarm | Text:
    """What the bot would read, whichever envelope lies around it."""
    text = path.read_text(encoding="utf-8")
    envelope = json.loads(text)
    if "Records" in envelope:
        envelope = envelope["Records"][0]["Sns"]
    if "Message" in envelope:
        return read(envelope["Message"], envelope.get("Subject"))
    return read(text, None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_makes_a_message_that_telegram_takes(path: Path) -> None:
    """Invented payloads only have what their inventor thought of."""
    found = found_in(path)
    message = alarm_message(found) if isinstance(found, Alarm) else text_message(found)

    assert parse_html(message).text == plain(message)
    assert message.strip()
    assert telegram_length(message) <= LONGEST


@pytest.mark.parametrize("path", sorted({*ALARMS}), ids=lambda path: path.stem)
def test_an_alarm_is_told_by_name_and_state_and_not_in_json(path: Path) -> None:
    """Every real alarm must be recognised as one."""
    found = found_in(path)
    if path.name.startswith("not-an-alarm"):
        assert isinstance(found, Text)
        return
    assert isinstance(found, Alarm)
    lines = plain(alarm_message(found)).splitlines()

    assert lines[0].startswith(("🔴", "🟢", "⚪"))
    assert lines[0][2:].startswith(f"{STATES[State(found.state)]}: {found.name}")
    assert not [line for line in lines if "None" in line or "{" in line]
    assert len(lines) > 1
