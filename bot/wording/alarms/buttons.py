"""Buttons under messages about alarms: what they say, what they carry, and how that is read again.

    al:r:<posting>   acknowledge        al:s4:<posting>   silence for 4 hours
    al:l:<posting>   acknowledge, from the list of /alarmes

Answers to a button are plain text, at most 200 characters (Bot API, answerCallbackQuery).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.alarms import Alarm, console_url
from bot.domain.alarms.keeping import Kept
from bot.domain.outbox import Button
from bot.wording import numbers
from bot.wording.alarms.shortening import one_line

PREFIX = "al"
HOURS = (1, 4, 24)

ACKNOWLEDGE = "Reconhecer"
OPEN = "Abrir"

ONLY_OPERATORS = "Só quem opera o serviço pode usar este botão."
OVER = "Nada a fazer: já voltou ao normal."
STORAGE_AWAY = "O banco de dados não respondeu agora; nada mudou. Tente de novo."
UNKNOWN = "Não encontrei mais este alarme."

_NAME = 40

Rows = tuple[tuple[Button, ...], ...]

_CARRIED = re.compile(
    rf"{PREFIX}:(?P<verb>r|l|s(?P<hours>{'|'.join(map(str, HOURS))})):"
    r"(?P<posting>[0-9A-Za-z-]{1,50})"
)


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed.

    Attributes:
        posting: which message's alarms it is about.
        hours: for how long to silence them; None to acknowledge them.
        listed: it stands under the list.
    """

    posting: str
    hours: int | None = None
    listed: bool = False


def read_press(carried: str) -> Press | None:
    """Read what a button carries; None for one that no version of this bot has made."""
    found = _CARRIED.fullmatch(carried)
    if not found:
        return None
    hours = int(found["hours"]) if found["hours"] else None
    return Press(found["posting"], hours, listed=found["verb"] == "l")


def under_posting(posting: str, members: Sequence[Kept]) -> Rows:
    """The buttons under a message, by what can still be done about its alarms."""
    going = [each for each in members if each.is_open]
    rows = []
    if first := (*_acknowledge(posting, going), *_open(members)):
        rows.append(first)
    if going:
        rows.append(tuple(_silence(posting, hours) for hours in HOURS))
    return tuple(rows)


def under_list(first_postings: Sequence[tuple[Kept, str]]) -> Rows:
    """One button for each alarm that nobody has taken on."""
    return tuple(
        (Button(f"{ACKNOWLEDGE} {_name(kept)}", f"{PREFIX}:l:{posting}"),)
        for kept, posting in first_postings
    )


def acknowledged(count: int) -> str:
    """The word for who acknowledges."""
    return "Reconhecido." if count == 1 else f"{count} alarmes reconhecidos."


def taken_on(kept: Kept, name: Callable[[int], str | None]) -> str:
    """The word for who acknowledges what somebody has taken on already."""
    if kept.acknowledged_by is None or kept.acknowledged_at is None:
        return UNKNOWN
    who = one_line(name(kept.acknowledged_by) or "outro operador", _NAME)
    return f"Já reconhecido por {who} às {numbers.clock(kept.acknowledged_at)}."


def silenced(until: datetime, *, at_the_source: bool | None) -> str:
    """The word for who silences, and how far that reaches; None when nobody else was asked."""
    where = {None: "", True: " Também no CloudWatch.", False: " Só aqui: o CloudWatch não aceitou."}
    return f"Silenciado até {numbers.day_and_clock(until)}.{where[at_the_source]}"


def _acknowledge(posting: str, going: Sequence[Kept]) -> tuple[Button, ...]:
    if all(each.acknowledged_by is not None for each in going):
        return ()
    return (Button(ACKNOWLEDGE, f"{PREFIX}:r:{posting}"),)


def _silence(posting: str, hours: int) -> Button:
    return Button(f"Silenciar {hours} h", f"{PREFIX}:s{hours}:{posting}")


def _open(members: Sequence[Kept]) -> tuple[Button, ...]:
    """The console; only where one alarm is meant."""
    alarms = [each.says for each in members if isinstance(each.says, Alarm)]
    url = console_url(alarms[-1]) if len(alarms) == 1 else None
    return (Button(OPEN, url=url),) if url else ()


def _name(kept: Kept) -> str:
    return one_line(kept.says.name if isinstance(kept.says, Alarm) else "", _NAME)
