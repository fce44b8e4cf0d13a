"""Alarms over their life as files: what operators read, press and are answered.

`python -m tests.wording.posting_golden` writes them again; read `git diff tests/data/golden` after.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.alarms import Alarm, read
from bot.domain.alarms.keeping import Form, Kept, identity
from bot.domain.outbox import Content
from bot.wording.alarms import (
    buttons,
    confirmed,
    late,
    over,
    overview,
    posting,
    remarks,
    text_message,
    unconfirmed,
    unsubscribed,
)
from tests.alarm_guard import NOW, OPERATOR, TOPIC, arrived, later

FOLDER = Path(__file__).parents[1] / "data" / "golden" / "plantao"

NAMES = {OPERATOR: "Ana <b>"}


def kept(name: str, state: str = "ALARM", since: datetime = NOW, number: int = 1) -> Kept:
    """A message about an alarm, as it is kept."""
    mail = arrived(name, state, since)
    says = read(mail.text, mail.subject)
    return Kept(number, mail.message_id, identity(says), says, since, later(seconds=20))


CPU = kept("critico-cpu")
TAKEN_ON = replace(CPU, acknowledged_by=OPERATOR, acknowledged_at=later(minutes=2))
QUIET = replace(TAKEN_ON, acknowledged_by=78, silenced_until=later(hours=4))
RESOLVED = replace(TAKEN_ON, resolved_at=later(minutes=12))
REPLACED = replace(CPU, resolved_at=later(minutes=12), replaced=True)
TEXT = replace(
    CPU, id=9, identity="", says=read("Manutenção <hoje>\nàs 22 h", "Aviso"), message_id="t"
)
MANY = (
    replace(kept("disco", number=2), acknowledged_by=OPERATOR, acknowledged_at=later(minutes=1)),
    kept("fila", number=3),
    replace(kept("rede", number=4), resolved_at=later(minutes=3)),
    kept("rede", "OK", later(minutes=3), 5),
    kept("memória", "INSUFFICIENT_DATA", number=6),
    replace(kept("lento", number=7), silenced_until=later(hours=1)),
    TEXT,
)
"""A storm, some minutes later."""


def _shown(form: Form, *members: Kept, at: timedelta = timedelta(seconds=20)) -> Content:
    return posting("5b6cc2f7", form, members, NOW + at, NAMES.get)


def _with_buttons(content: Content) -> str:
    rows = [
        " ".join(f"[{button.label}]({button.data or button.url})" for button in row)
        for row in content.buttons
    ]
    return "\n".join((content.text, *rows))


def messages() -> Mapping[str, str]:
    """Every message, by the name of its file."""
    back = kept("critico-cpu", "OK", later(minutes=12))
    going = ((CPU, "5b6cc2f7"), (TAKEN_ON, "5b6cc2f7"), (MANY[5], None))
    elsewhere = [says for says in (CPU.says, MANY[1].says) if isinstance(says, Alarm)]
    contents = {
        "alarme": _shown(Form.CHANGE, CPU),
        "reconhecido": _shown(Form.CHANGE, TAKEN_ON),
        "silenciado": _shown(Form.CHANGE, QUIET),
        "resolvido": _shown(Form.CHANGE, RESOLVED),
        "substituido": _shown(Form.CHANGE, REPLACED),
        "texto": _shown(Form.CHANGE, TEXT),
        "normal": over(back, timedelta(minutes=12)),
        "atrasado": late(back),
        "lembrete": _shown(Form.REMINDER, CPU, at=timedelta(hours=1)),
        "lembrete-resolvido": _shown(Form.REMINDER, RESOLVED, at=timedelta(minutes=15)),
        "lembretes": _shown(Form.REMINDER, CPU, *MANY[:2], at=timedelta(hours=1)),
        "resumo": _shown(Form.DIGEST, *MANY),
        "alarmes": overview(going, elsewhere),
        "alarmes-nenhum": overview((), ()),
        "alarmes-sem-cloudwatch": overview((), None),
    }
    texts = [text_message(each(TOPIC)) for each in (confirmed, unconfirmed, unsubscribed)]
    words = (
        buttons.acknowledged(1),
        buttons.acknowledged(12),
        buttons.taken_on(TAKEN_ON, NAMES.get),
        buttons.taken_on(QUIET, NAMES.get),
        *(buttons.silenced(later(hours=4), at_the_source=each) for each in (None, True, False)),
        buttons.ONLY_OPERATORS,
        buttons.OVER,
        buttons.STORAGE_AWAY,
        buttons.UNKNOWN,
        remarks.NOT_GENUINE,
        remarks.NOT_NOW,
    )
    shown = {name: _with_buttons(content) for name, content in contents.items()}
    return shown | {"assinaturas": "\n---\n".join(texts), "frases": "\n".join(words)}


def write() -> None:
    """Put every message into its file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in messages().items():
        (FOLDER / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    write()
