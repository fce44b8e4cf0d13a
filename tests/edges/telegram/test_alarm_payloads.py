"""Every known message about an alarm, from the intake to the chat, markup refused or not."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.domain.alarms import Alarm, read
from bot.domain.alarms.mail import Arrived, from_queue
from bot.domain.outbox import Sent
from bot.flow.alarms.intake import Intake
from bot.wording.alarms import alarm_message, text_message
from bot.wording.markup import plain
from tests.alarm_guard import NOW, TEAM, guard
from tests.fakes_alarms import FakeAlarms
from tests.fakes_aws import FakeTopics
from tests.fakes_records import FakeRecords
from tests.local_telegram import local_telegram
from tests.sending_office import Hours
from tests.wording.alarm_scenes import SCENES, TEXTS

RECORDED = Path(__file__).parents[3].parent / "shared" / "payloads"
FILES = sorted([*RECORDED.glob("alarms/*.json"), *RECORDED.glob("sns/*/*.json")])


def mail() -> Mapping[str, Arrived]:
    """Messages by name, the recorded ones only where they lie beside the project."""
    scenes = {name: json.dumps(payload) for name, payload in SCENES.items()}
    texts = {
        f"texto-{name}": Arrived(name, subject, body) for name, (body, subject) in TEXTS.items()
    }
    recorded = {path.stem: path.read_text(encoding="utf-8") for path in FILES}
    found = {
        name: from_queue(body, name, frozenset()) for name, body in (scenes | recorded).items()
    }
    return texts | {name: each for name, each in found.items() if isinstance(each, Arrived)}


MAIL = mail()


def test_recorded_messages_are_there() -> None:
    """Without them only invented ones are tried."""
    if not FILES:
        pytest.skip("no recorded messages in ../shared/payloads")

    assert len(MAIL) > len(SCENES) + len(TEXTS)


@pytest.mark.parametrize("refused", [0, 1], ids=["taken", "markup refused"])
@pytest.mark.parametrize("name", MAIL)
async def test_it_reaches_the_operators_in_words(name: str, refused: int) -> None:
    """The same words, whatever Telegram thinks of the tags."""
    arrived, records = MAIL[name], FakeRecords()
    alarms = FakeAlarms(records.tables)
    intake = Intake(alarms, guard(), frozenset(), FakeTopics(), lambda: NOW, lambda: None)
    await intake.take([arrived])
    (item,) = await records.outbox.due(NOW, 10)
    async with local_telegram(Hours()) as telegram:
        await telegram.set_up(TEAM.chat_id, type="supergroup", title="Operação")
        if refused:
            await telegram.fault(status=400, description="Bad Request: can't parse entities")
        outcome = await telegram.delivery.deliver(item)
        (message,) = await telegram.read(TEAM.chat_id)
    found = read(arrived.text, arrived.subject)
    words = alarm_message(found) if isinstance(found, Alarm) else text_message(found)

    assert isinstance(outcome, Sent)
    assert message["text"] == plain(words).strip()
