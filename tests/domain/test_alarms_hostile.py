"""Whatever a message holds, it is read without failing, and what comes out can be relied on."""

import json
from copy import deepcopy
from math import isfinite

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alarms import Alarm, Text, console_url, read, severity
from tests.wording.alarm_scenes import SCENES
from tests.wording.alarm_spoiling import spoilt


def sound(found: Alarm | Text) -> bool:
    """What wording may rely on."""
    if isinstance(found, Text):
        return found.body.encode() is not None
    json.dumps(found.evidence.values, allow_nan=False)
    repr(found).encode()
    console_url(found)
    severity(found.name, found.tags, found.description)
    return all(map(isfinite, found.evidence.values)) and (
        found.since is None or found.since.utcoffset() is not None
    )


@given(spoilt())
def test_any_value_may_stand_at_any_place(message: str) -> None:
    """AWS changes its messages without asking; one strange value must not cost an alarm."""
    assert sound(read(message, None))


@given(st.sampled_from(sorted(SCENES)), st.data())
def test_anything_may_be_missing(name: str, data: st.DataObject) -> None:
    """Old messages lack half of the keys, and so may new ones."""
    payload = deepcopy(SCENES[name])
    for key in data.draw(st.sets(st.sampled_from(sorted(payload)))):
        del payload[key]

    assert sound(read(json.dumps(payload), None))


@given(st.text() | st.text(alphabet='{}[]":,0 \\ud'), st.none() | st.text())
def test_any_text_is_read(message: str, subject: str | None) -> None:
    """What is no JSON is a text, in valid Unicode."""
    assert sound(read(message, subject))


def test_half_a_surrogate_pair_is_replaced() -> None:
    """JSON can spell it, UTF-8 and Telegram cannot."""
    found = read('{"AlarmName": "a\\ud800b", "NewStateValue": "OK"}', None)

    assert isinstance(found, Alarm)
    assert found.name == "a?b"
