"""Whole messages about alarms as files, so that a change of wording is a difference to judge.

`python -m tests.wording.alarm_golden` writes them again; read `git diff tests/data/golden` after.
"""

import json
from datetime import timedelta
from pathlib import Path

from bot.domain.alarms import Alarm, read
from bot.wording.alarms import alarm_message, resolved, text_message
from tests.wording.alarm_scenes import BACK, NO_DATA, SCENES, TEXTS, Payload

FOLDER = Path(__file__).parents[1] / "data" / "golden" / "alarmes"

LASTED = (
    None,
    timedelta(seconds=40),
    timedelta(minutes=12),
    timedelta(hours=3, minutes=5),
    timedelta(days=1, hours=2),
    timedelta(days=2),
)


def alarm(payload: Payload) -> Alarm:
    """The alarm in a payload."""
    found = read(json.dumps(payload), None)
    if isinstance(found, Alarm):
        return found
    raise TypeError(f"no alarm: {payload}")


def messages() -> dict[str, str]:
    """Every message, by the name of its file."""
    alarms = {name: alarm_message(alarm(payload)) for name, payload in SCENES.items()}
    texts = {}
    for name, (body, subject) in TEXTS.items():
        text = read(body, subject)
        texts[name] = "" if isinstance(text, Alarm) else text_message(text)
    over = [resolved(alarm(BACK), lasted) for lasted in LASTED]
    over.append(resolved(alarm(NO_DATA | {"NewStateValue": "OK"}), None))
    return alarms | texts | {"resolvido": "\n".join(over)}


def write() -> None:
    """Put every message into its file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in messages().items():
        (FOLDER / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    write()
